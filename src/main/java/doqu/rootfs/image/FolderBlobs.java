package doqu.rootfs.image;

import doqu.rootfs.archive.ArchiveException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The files of an OCI image layout that lies in a folder of the machine. */
public record FolderBlobs(Path folder) implements Blobs {
  @Override
  public InputStream open(String name) throws IOException {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder.normalize())) {
      throw new ArchiveException("'" + name + "' leads out of the image");
    }
    if (Files.exists(file) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ArchiveException("'" + name + "' is no file");
    }
    return Files.newInputStream(file);
  }
}
