package doqu.precondition;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import doqu.stage.IdMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a path leads, as statx(2) tells the actor: the kernel resolves it as for any other call.
 *
 * @param path as it was asked for
 * @param error why it leads nowhere; 0: it leads somewhere
 * @param mode type and permissions (inode(7))
 * @param uid its owner, as the actor has it
 * @param mount the number mountinfo has for the mount it lies on
 * @param mountRoot whether it is the root of that mount: a mount point
 * @param device the file system, {@code 254:0}
 */
record Place(
    String path,
    int error,
    int mode,
    long uid,
    long gid,
    long links,
    long inode,
    long mount,
    boolean mountRoot,
    String device) {
  private static final int SIZE = 256;
  private static final int BASIC_STATS_AND_MOUNT = 0x17ff;
  private static final long ATTRIBUTE_MOUNT_ROOT = 0x2000;
  private static final int TYPE = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int LINK = 0120000;
  private static final int STICKY = 01000;

  static Call statx(String path, long flags) {
    return Call.of(
        "statx",
        Arg.named(Flags.AT_FDCWD, "AT_FDCWD"),
        Arg.path(path),
        Arg.number(flags),
        Arg.number(BASIC_STATS_AND_MOUNT),
        Arg.room(new byte[SIZE], (result, block) -> "0x..."));
  }

  static Place of(String path, Reply reply) {
    if (reply.failed()) {
      return new Place(path, reply.errno(), 0, 0, 0, 0, 0, 0, false, "");
    }
    ByteBuffer stat = ByteBuffer.wrap(reply.block(4)).order(ByteOrder.LITTLE_ENDIAN);
    return new Place(
        path,
        0,
        Short.toUnsignedInt(stat.getShort(28)),
        Integer.toUnsignedLong(stat.getInt(20)),
        Integer.toUnsignedLong(stat.getInt(24)),
        Integer.toUnsignedLong(stat.getInt(16)),
        stat.getLong(32),
        stat.getLong(144),
        (stat.getLong(8) & ATTRIBUTE_MOUNT_ROOT) != 0,
        stat.getInt(136) + ":" + stat.getInt(140));
  }

  /** The root of a mount, of which nothing else is known. */
  static Place rootOf(Mount mount, String path) {
    return new Place(path, 0, DIRECTORY, 0, 0, 1, 0, mount.id(), true, mount.device());
  }

  boolean exists() {
    return error == 0;
  }

  Optional<Errno> errno() {
    return Errno.of(error);
  }

  boolean isDirectory() {
    return (mode & TYPE) == DIRECTORY;
  }

  boolean isRegular() {
    return (mode & TYPE) == REGULAR;
  }

  boolean isLink() {
    return (mode & TYPE) == LINK;
  }

  boolean isBlockDevice() {
    return (mode & TYPE) == BLOCK_DEVICE;
  }

  boolean isDevice() {
    return isBlockDevice() || (mode & TYPE) == CHARACTER_DEVICE;
  }

  boolean isSticky() {
    return (mode & STICKY) != 0;
  }

  /** Its permissions as ls(1) shows them, and whose it is: {@code rwxr-xr-x of uid 0, gid 0}. */
  String permissions() {
    StringBuilder text = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode & 1 << bit) != 0 ? "xwr".charAt(bit % 3) : '-');
    }
    String outside = uid == IdMap.OVERFLOW ? " (an id of outside)" : "";
    return text + " of uid " + uid + outside + ", gid " + gid;
  }

  boolean isSame(Place other) {
    return inode == other.inode && device.equals(other.device);
  }

  /** Whether a path of doqu's leads to the same; what is gone is not. */
  boolean isSame(String file) {
    try {
      Path there = Path.of(file);
      long dev = (Long) Files.getAttribute(there, "unix:dev");
      // As makedev(3) has put the two together.
      long major = (dev >>> 8 & 0xfff) | (dev >>> 32 & ~0xfffL);
      long minor = (dev & 0xff) | (dev >>> 12 & ~0xffL);
      return Files.getAttribute(there, "unix:ino").equals(inode)
          && device.equals(major + ":" + minor);
    } catch (IOException e) {
      return false;
    }
  }
}
