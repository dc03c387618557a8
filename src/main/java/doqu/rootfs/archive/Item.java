package doqu.rootfs.archive;

import doqu.kernel.ByteText;
import java.util.List;

/**
 * One thing of a file system, as an archive tells it.
 *
 * @param name as the archive has it, in the way of {@link ByteText}
 * @param mode permission bits, set-user-ID, set-group-ID and the sticky bit: 07777
 * @param size how many bytes the file has once it is made, holes included
 * @param extents where in the file the archive's bytes belong, in order; whatever lies between them
 *     is a hole
 * @param seconds when it was last changed, since 1970
 * @param nanoseconds and what is more than full seconds
 * @param attributed whether it has extended attributes (xattr(7))
 */
public record Item(
    Kind kind,
    String name,
    int mode,
    Owner owner,
    long size,
    List<Extent> extents,
    long seconds,
    int nanoseconds,
    boolean attributed) {

  /** What it is. */
  sealed interface Kind {
    record File() implements Kind {}

    record Directory() implements Kind {}

    record Fifo() implements Kind {}

    record Symlink(String target) implements Kind {}

    /** Another name for a file told before. */
    record HardLink(String target) implements Kind {}

    /**
     * A device.
     *
     * @param block whether it is a block device, else a character device
     */
    record Device(boolean block, int major, int minor) implements Kind {}
  }

  /** Who owns it: 32 bits each in Linux, as many as the archive says here. */
  record Owner(long user, long group) {}

  /** So many bytes from there on. */
  record Extent(long offset, long length) {}

  /** How many of its bytes the archive holds. */
  long stored() {
    return extents.stream().mapToLong(Extent::length).sum();
  }

  /** The same, somebody else's. */
  Item ownedBy(Owner other) {
    return new Item(kind, name, mode, other, size, extents, seconds, nanoseconds, attributed);
  }

  /** A name as people read it, bytes that are no text in octal. */
  static String shown(String name) {
    return ByteText.shown(name);
  }
}
