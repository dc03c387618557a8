package doqu.rootfs.archive;

import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** An archive that is being read, with what it is packed in taken off. */
public final class Archive {
  /** How what podman, docker or skopeo have saved begins; a root file system does not. */
  private static final Pattern IMAGE =
      Pattern.compile(
          "(\\./)?(blobs(/.*)?|oci-layout|index\\.json|manifest\\.json|repositories"
              + "|(sha256:)?[0-9a-f]{64}(/.*|\\.tar|\\.json)?)");

  private final Metered packed;
  private final Metered unpacked;
  private final MessageDigest digest = Digest.sha256();
  private final TarReader reader;
  private Optional<Item> first;
  private boolean begun;

  private Archive(InputStream in) throws IOException {
    packed = new Metered(in);
    unpacked = new Metered(new DigestInputStream(Compression.unpacked(packed), digest));
    reader = new TarReader(unpacked);
    first = reader.next();
  }

  /**
   * Begins to read one.
   *
   * @throws ArchiveException when it is none
   */
  public static Archive of(InputStream in) throws IOException {
    return new Archive(in);
  }

  /** Whether it holds an image, layer by layer, instead of a root file system. */
  public boolean isImage() {
    return first.filter(item -> IMAGE.matcher(item.name()).matches()).isPresent();
  }

  Optional<Item> next() throws IOException {
    if (!begun) {
      begun = true;
      return first;
    }
    return reader.next();
  }

  int read(byte[] buffer, int offset, int length) throws IOException {
    return reader.read(buffer, offset, length);
  }

  /** Reads what follows the mark of its end: only there a checksum is looked at. */
  void end(Bounds bounds, byte[] buffer) throws IOException {
    while (unpacked.read(buffer, 0, buffer.length) >= 0) {
      checkRatio(bounds);
    }
  }

  void checkRatio(Bounds bounds) throws ArchiveException {
    if (unpacked.count() > Bounds.RATIO_FROM
        && unpacked.count() / bounds.ratio() > packed.count()) {
      throw new ArchiveException(
          "it unpacks to more than "
              + bounds.ratio()
              + " times its own size, which is more than doqu takes");
    }
  }

  /** The digest of all that was read, unpacked: what an image calls a layer's diff_id. */
  public String diffId() {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }
}
