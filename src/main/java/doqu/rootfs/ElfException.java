package doqu.rootfs;

import java.io.IOException;

/** A file is not ELF, or its headers contradict it. The message is half a sentence about it. */
final class ElfException extends IOException {
  private static final long serialVersionUID = 1;

  ElfException(String message) {
    super(message);
  }
}
