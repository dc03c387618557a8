package doqu.rootfs.store;

import java.io.IOException;

/** What cannot be done with a store of root file systems, in one line for the user. */
public final class StoreException extends IOException {
  private static final long serialVersionUID = 1;

  StoreException(String message) {
    super(message);
  }
}
