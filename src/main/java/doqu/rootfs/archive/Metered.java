package doqu.rootfs.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read of a stream. */
final class Metered extends FilterInputStream {
  private static final int SKIP = 8192;

  private long count;

  Metered(InputStream in) {
    super(in);
  }

  /** How many bytes have been read. */
  long count() {
    return count;
  }

  @Override
  public int read() throws IOException {
    int read = in.read();
    count += read < 0 ? 0 : 1;
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = in.read(buffer, offset, length);
    count += Math.max(0, read);
    return read;
  }

  /** What is skipped is read all the same: a digest counts it too. */
  @Override
  public long skip(long length) throws IOException {
    byte[] skipped = new byte[(int) Math.min(length, SKIP)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
