package doqu.rootfs.archive;

import doqu.actor.Reply;
import doqu.kernel.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What statx(2) tells of a file.
 *
 * @param mode type and permission bits: st_mode of stat(2)
 * @param inode its number, the same for all names of one file
 * @param links how many names it has
 */
record FileStatus(
    int mode, Item.Owner owner, long size, long inode, long links, long seconds, int nanoseconds) {
  private static final int TYPE = 0170000;

  /** Of a name, a link not followed; empty: there is none. */
  static Optional<FileStatus> of(String name, CallQueue calls) throws IOException {
    Reply reply = calls.ask(FileCalls.statx(name));
    if (reply.errno() == Errno.ENOENT.number()) {
      return Optional.empty();
    }
    if (reply.failed()) {
      return Optional.of(of(calls.need(name, FileCalls.statx(name))));
    }
    return Optional.of(of(reply));
  }

  /**
   * Of several names at once, in their order.
   *
   * @throws IOException when one of them is not there
   */
  static List<FileStatus> of(List<String> names, CallQueue calls) throws IOException {
    List<Reply> replies = calls.ask(names.stream().map(FileCalls::statx).toList());
    List<FileStatus> all = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      if (replies.get(i).failed()) {
        throw CallQueue.failed(names.get(i), FileCalls.statx(names.get(i)), replies.get(i).value());
      }
      all.add(of(replies.get(i)));
    }
    return all;
  }

  /** struct statx in include/uapi/linux/stat.h. */
  private static FileStatus of(Reply reply) {
    ByteBuffer statx = ByteBuffer.wrap(reply.block(4)).order(ByteOrder.LITTLE_ENDIAN);
    return new FileStatus(
        Short.toUnsignedInt(statx.getShort(28)),
        new Item.Owner(
            Integer.toUnsignedLong(statx.getInt(20)), Integer.toUnsignedLong(statx.getInt(24))),
        statx.getLong(40),
        statx.getLong(32),
        Integer.toUnsignedLong(statx.getInt(16)),
        statx.getLong(112),
        statx.getInt(120));
  }

  boolean isDirectory() {
    return (mode & TYPE) == 0040000;
  }

  boolean isSymlink() {
    return (mode & TYPE) == 0120000;
  }

  boolean isFile() {
    return (mode & TYPE) == 0100000;
  }
}
