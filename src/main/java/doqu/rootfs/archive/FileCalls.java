package doqu.rootfs.archive;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.kernel.Flags;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The calls that make, change and tell files, by names that are bytes; openat(2) and its kin. */
final class FileCalls {
  static final long AT_SYMLINK_NOFOLLOW = 0x100;

  private static final long O_EXCL = 0200;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final long STATX_BASIC_STATS = 0x7ff;

  private FileCalls() {}

  private static Arg cwd() {
    return Arg.named(Flags.AT_FDCWD, "AT_FDCWD");
  }

  /** The path of a name relative to the root, which is the current directory. */
  static Arg path(String name) {
    return Arg.path(name.isEmpty() ? "." : name);
  }

  /** A new file, open for writing. */
  static Call create(String name, int mode) {
    long flags = Flags.O_WRONLY | Flags.O_CREAT | O_EXCL | Flags.O_CLOEXEC;
    return Call.of(
        "openat", cwd(), path(name), Arg.flags(Flags.OPEN, flags), Arg.mode(mode & 0777));
  }

  static Call open(String name, long flags) {
    return Call.of("openat", cwd(), path(name), Arg.flags(Flags.OPEN, flags | Flags.O_CLOEXEC));
  }

  /** access(2): whether there is anything of that name, links followed. */
  static Call access(String name) {
    return Call.of("faccessat", cwd(), path(name), Arg.number(0));
  }

  static Call pwrite(int descriptor, byte[] bytes, long offset) {
    return Call.of(
        "pwrite64",
        Arg.number(descriptor),
        Arg.bytes(bytes),
        Arg.number(bytes.length),
        Arg.number(offset));
  }

  static Call truncate(int descriptor, long size) {
    return Call.of("ftruncate", Arg.number(descriptor), Arg.number(size));
  }

  static Call chown(int descriptor, Item.Owner owner) {
    return Call.of(
        "fchown", Arg.number(descriptor), Arg.id((int) owner.user()), Arg.id((int) owner.group()));
  }

  static Call chmod(int descriptor, int mode) {
    return Call.of("fchmod", Arg.number(descriptor), Arg.mode(mode));
  }

  /** The time a file was last changed; that of the last access stays. */
  static Call times(int descriptor, Item item) {
    return Call.of(
        "utimensat", Arg.number(descriptor), Arg.nothing(), timespecs(item), Arg.number(0));
  }

  static Call mkdir(String name, int mode) {
    return Call.of("mkdirat", cwd(), path(name), Arg.mode(mode));
  }

  static Call symlink(String target, String name) {
    return Call.of("symlinkat", Arg.path(target), cwd(), path(name));
  }

  /** Another name for what the first names, be it a symbolic link. */
  static Call link(String target, String name) {
    return Call.of("linkat", cwd(), path(target), cwd(), path(name), Arg.number(0));
  }

  /** mknod(2); the number of a device as the kernel's new_encode_dev() has it. */
  static Call mknod(String name, int typeAndMode, int major, int minor) {
    long device = (minor & 0xff) | (long) (major & 0xfff) << 8 | (long) (minor & ~0xff) << 12;
    return Call.of("mknodat", cwd(), path(name), Arg.mode(typeAndMode), Arg.number(device));
  }

  /** lchown(2). */
  static Call chown(String name, Item.Owner owner) {
    return Call.of(
        "fchownat",
        cwd(),
        path(name),
        Arg.id((int) owner.user()),
        Arg.id((int) owner.group()),
        Arg.hex(AT_SYMLINK_NOFOLLOW));
  }

  /** chmod(2): a symbolic link has no mode, so there must be none at that name. */
  static Call chmod(String name, int mode) {
    return Call.of("fchmodat", cwd(), path(name), Arg.mode(mode));
  }

  static Call times(String name, Item item) {
    return Call.of("utimensat", cwd(), path(name), timespecs(item), Arg.hex(AT_SYMLINK_NOFOLLOW));
  }

  private static Arg timespecs(Item item) {
    byte[] times =
        ByteBuffer.allocate(32)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0)
            .putLong(UTIME_OMIT)
            .putLong(item.seconds())
            .putLong(item.nanoseconds())
            .array();
    return Arg.struct(times, "[UTIME_OMIT, {tv_sec=" + item.seconds() + ", ...}]");
  }

  /** unlink(2), or rmdir(2) of a directory. */
  static Call remove(String name, boolean directory) {
    return Call.of(
        "unlinkat", cwd(), path(name), Arg.flags(Flags.AT, directory ? Flags.AT_REMOVEDIR : 0));
  }

  static Call readlink(String name) {
    return Call.of("readlinkat", cwd(), path(name), Arg.buffer(4096), Arg.number(4096));
  }

  /** statx(2) of the name itself; the block comes back as a struct statx. */
  static Call statx(String name) {
    return Call.of(
        "statx",
        cwd(),
        path(name),
        Arg.hex(AT_SYMLINK_NOFOLLOW),
        Arg.hex(STATX_BASIC_STATS),
        Arg.room(new byte[256], (result, block) -> "{...}"));
  }

  /** getdents64(2). */
  static Call entries(int descriptor, int room) {
    return Call.of(
        "getdents64",
        Arg.number(descriptor),
        Arg.room(new byte[room], (result, block) -> "[...]"),
        Arg.number(room));
  }
}
