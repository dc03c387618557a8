package doqu.rootfs.archive;

import java.io.IOException;
import java.io.InputStream;

/** Counts what is read of a stream. */
final class Metered extends Tapped {
  private long count;

  Metered(InputStream in) {
    super(in);
  }

  /** How many bytes have been read. */
  long count() {
    return count;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    count += Math.max(0, read);
    return read;
  }
}
