package doqu.rootfs.store;

import java.io.IOException;

/** A root file system in use: it stays where it is until that is closed. */
public final class Use implements AutoCloseable {
  private final Stored stored;
  private final Hold hold;

  Use(Stored stored, Hold hold) {
    this.stored = stored;
    this.hold = hold;
  }

  /** Which one. */
  public Stored stored() {
    return stored;
  }

  @Override
  public void close() throws IOException {
    hold.close();
  }
}
