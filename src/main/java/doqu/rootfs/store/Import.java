package doqu.rootfs.store;

import doqu.kernel.Arch;
import doqu.rootfs.archive.Archive;
import doqu.rootfs.archive.Bounds;
import doqu.rootfs.archive.Unpacked;
import doqu.rootfs.archive.Unpacking;
import doqu.rootfs.archive.Walk;
import doqu.rootfs.image.Blobs;
import doqu.rootfs.image.EnclosedBlobs;
import doqu.rootfs.image.FolderBlobs;
import doqu.rootfs.image.Image;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Makes a root file system of what somebody has given. */
public final class Import {
  private Import() {}

  /**
   * Of an archive: of a root file system, or of an image as {@code docker save} and its like write.
   */
  public static Unpacked archive(InputStream in, Workplace place) throws IOException, StageRefused {
    Archive archive = Archive.of(in);
    if (!archive.isImage()) {
      Unpacking unpacking = new Unpacking(place.rootfs(), place.ids().count(), Bounds.USUAL);
      unpacking.unpack(archive);
      return unpacking.finish();
    }
    // Its layers have to be read in their order, which is not that of the archive.
    Unpacking files = new Unpacking(place.aside(), place.ids().count(), Bounds.USUAL);
    files.unpack(archive);
    return image(new EnclosedBlobs(new Walk(place.aside())), place);
  }

  /** Of a folder with an OCI image layout. */
  public static Unpacked folder(Path folder, Workplace place) throws IOException {
    return image(new FolderBlobs(folder), place);
  }

  private static Unpacked image(Blobs blobs, Workplace place) throws IOException {
    Image image = Image.of(blobs, Arch.current());
    Unpacking unpacking = new Unpacking(place.rootfs(), place.ids().count(), Bounds.USUAL);
    image.unpack(blobs, unpacking);
    return unpacking.finish();
  }
}
