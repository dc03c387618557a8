package doqu.rootfs.archive;

import java.io.IOException;

/** An archive that is not one, is damaged or asks for what is not given; the message says which. */
public final class ArchiveException extends IOException {
  private static final long serialVersionUID = 1;

  /** What is wrong with it, in one line. */
  public ArchiveException(String message) {
    super(message);
  }

  /** The same, found by a library. */
  ArchiveException(String message, Throwable cause) {
    super(message, cause);
  }
}
