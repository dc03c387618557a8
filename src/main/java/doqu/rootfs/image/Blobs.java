package doqu.rootfs.image;

import java.io.IOException;
import java.io.InputStream;

/** The files of an image, by their names: from a folder, out of an archive, or a registry. */
@FunctionalInterface
public interface Blobs {
  /**
   * Opens one.
   *
   * @param name relative, as {@code blobs/sha256/0a1b...}, with no {@code ..} in it
   * @throws java.nio.file.NoSuchFileException when there is none
   */
  InputStream open(String name) throws IOException;
}
