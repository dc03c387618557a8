package doqu.rootfs.archive;

import doqu.kernel.ByteText;
import doqu.stage.Enclosure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes what an enclosure has as a tar archive in GNU tar's format, whose names are bytes. */
public final class Packing {
  private final TarArchiveOutputStream archive;

  /** The name under which a file of several names was written first, by its inode. */
  private final Map<Long, String> written = new HashMap<>();

  private Packing(TarArchiveOutputStream archive) {
    this.archive = archive;
  }

  /** Writes all of it; the stream stays open. */
  public static void pack(Enclosure enclosure, OutputStream to) throws IOException {
    TarArchiveOutputStream archive =
        new TarArchiveOutputStream(to, StandardCharsets.ISO_8859_1.name());
    archive.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    archive.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    new Walk(enclosure).go(new Packing(archive)::add);
    archive.finish();
  }

  private void add(String name, FileStatus status, Walk walk) throws IOException {
    TarArchiveEntry entry = entry(name, status, walk);
    entry.setMode(status.mode());
    entry.setUserId(status.owner().user());
    entry.setGroupId(status.owner().group());
    entry.setLastModifiedTime(
        FileTime.from(Instant.ofEpochSecond(status.seconds(), status.nanoseconds())));
    archive.putArchiveEntry(entry);
    if (entry.getSize() > 0) {
      try (InputStream content = walk.content(name, status)) {
        content.transferTo(archive);
      }
    }
    archive.closeArchiveEntry();
  }

  private TarArchiveEntry entry(String name, FileStatus status, Walk walk) throws IOException {
    if (status.isDirectory()) {
      return new TarArchiveEntry(name.isEmpty() ? "./" : latin(name) + "/", TarConstants.LF_DIR);
    }
    String before = status.links() > 1 ? written.putIfAbsent(status.inode(), name) : null;
    if (before != null) {
      return linked(name, TarConstants.LF_LINK, before);
    }
    if (status.isSymlink()) {
      return linked(name, TarConstants.LF_SYMLINK, walk.target(name));
    }
    if (status.isFile()) {
      TarArchiveEntry entry = new TarArchiveEntry(latin(name));
      entry.setSize(status.size());
      return entry;
    }
    return new TarArchiveEntry(latin(name), TarConstants.LF_FIFO);
  }

  /** As the library is to have a name: one character a byte. */
  private static String latin(String name) {
    return new String(ByteText.bytes(name), StandardCharsets.ISO_8859_1);
  }

  private static TarArchiveEntry linked(String name, byte type, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(latin(name), type);
    entry.setLinkName(latin(target));
    return entry;
  }
}
