package doqu.rootfs.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream all bytes of which go through one method, those that are skipped too. */
public abstract class Tapped extends FilterInputStream {
  private static final int SKIP = 8192;

  /** One over another. */
  protected Tapped(InputStream in) {
    super(in);
  }

  @Override
  public abstract int read(byte[] buffer, int offset, int length) throws IOException;

  @Override
  public final int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public final long skip(long length) throws IOException {
    byte[] skipped = new byte[(int) Math.min(length, SKIP)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  /** Who went back would have the same bytes go through twice. */
  @Override
  public final boolean markSupported() {
    return false;
  }
}
