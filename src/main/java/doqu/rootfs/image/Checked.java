package doqu.rootfs.image;

import doqu.rootfs.archive.ArchiveException;
import doqu.rootfs.archive.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A stream that has to have a digest: at its end it fails when it has another. */
final class Checked extends FilterInputStream {
  private final String name;
  private final String digest;
  private final MessageDigest sum = Digest.sha256();

  /**
   * Checks one.
   *
   * @param digest {@code sha256:} and 64 hexadecimal digits
   */
  Checked(InputStream in, String name, String digest) {
    super(in);
    this.name = name;
    this.digest = digest;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    if (count > 0) {
      sum.update(buffer, offset, count);
    }
    return count;
  }

  @Override
  public long skip(long length) throws IOException {
    byte[] skipped = new byte[(int) Math.min(length, 8192)];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads what is left of it. */
  void finish() throws IOException {
    byte[] rest = new byte[8192];
    while (read(rest, 0, rest.length) >= 0) {
      // only counted
    }
    String is = "sha256:" + HexFormat.of().formatHex(sum.digest());
    if (!is.equals(digest)) {
      throw new ArchiveException(name + ": its digest is " + is + " and has to be " + digest);
    }
  }
}
