package doqu.rootfs.image;

import doqu.rootfs.archive.Walk;
import java.io.IOException;
import java.io.InputStream;

/** The files of an image that was unpacked into an enclosure: no name leads out of that. */
public record EnclosedBlobs(Walk walk) implements Blobs {
  @Override
  public InputStream open(String name) throws IOException {
    return walk.open(name);
  }
}
