package doqu.rootfs.image;

import doqu.rootfs.archive.ArchiveException;
import doqu.rootfs.archive.Digest;
import doqu.rootfs.archive.Tapped;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** A stream that has to have a digest: at its end it fails when it has another. */
final class Checked extends Tapped {
  private final String name;
  private final Optional<String> digest;
  private final MessageDigest sum = Digest.sha256();

  /**
   * Checks one.
   *
   * @param digest {@code sha256:} and 64 hexadecimal digits; empty: nobody has said which
   */
  Checked(InputStream in, String name, Optional<String> digest) {
    super(in);
    this.name = name;
    this.digest = digest;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = in.read(buffer, offset, length);
    if (count > 0) {
      sum.update(buffer, offset, count);
    }
    return count;
  }

  /** Reads what is left of it. */
  void finish() throws IOException {
    byte[] rest = new byte[8192];
    while (read(rest, 0, rest.length) >= 0) {
      // only counted
    }
    String is = "sha256:" + HexFormat.of().formatHex(sum.digest());
    if (digest.isPresent() && !digest.get().equals(is)) {
      throw new ArchiveException(name + ": its digest is " + is + " and has to be " + digest.get());
    }
  }
}
