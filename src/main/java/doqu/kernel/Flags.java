package doqu.kernel;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The flags doqu names, from include/uapi/linux of the kernel; the order is strace 6.1's. */
public final class Flags {
  public static final long CLONE_VM = 0x100;
  public static final long CLONE_FILES = 0x400;
  public static final long CLONE_VFORK = 0x4000;
  public static final long CLONE_NEWNS = 0x20000;
  public static final long CLONE_NEWCGROUP = 0x2000000;
  public static final long CLONE_NEWUTS = 0x4000000;
  public static final long CLONE_NEWIPC = 0x8000000;
  public static final long CLONE_NEWUSER = 0x10000000;
  public static final long CLONE_NEWPID = 0x20000000;
  public static final long CLONE_NEWNET = 0x40000000;
  public static final long CLONE_NEWTIME = 0x80;

  public static final long MS_RDONLY = 1;
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final long MS_NOEXEC = 8;
  public static final long MS_SYNCHRONOUS = 16;
  public static final long MS_REMOUNT = 32;
  public static final long MS_DIRSYNC = 128;
  public static final long MS_NOSYMFOLLOW = 256;
  public static final long MS_NOATIME = 1024;
  public static final long MS_NODIRATIME = 2048;
  public static final long MS_BIND = 4096;
  public static final long MS_MOVE = 8192;
  public static final long MS_REC = 16384;
  public static final long MS_SILENT = 32768;
  public static final long MS_UNBINDABLE = 1 << 17;
  public static final long MS_PRIVATE = 1 << 18;
  public static final long MS_SLAVE = 1 << 19;
  public static final long MS_SHARED = 1 << 20;
  public static final long MS_RELATIME = 1 << 21;
  public static final long MS_STRICTATIME = 1 << 24;
  public static final long MS_LAZYTIME = 1 << 25;

  public static final long MNT_FORCE = 1;
  public static final long MNT_DETACH = 2;
  public static final long MNT_EXPIRE = 4;
  public static final long UMOUNT_NOFOLLOW = 8;

  public static final long WNOHANG = 1;
  public static final long WUNTRACED = 2;

  public static final long O_RDONLY = 0;
  public static final long O_WRONLY = 1;
  public static final long O_RDWR = 2;
  public static final long O_CREAT = 0100;
  public static final long O_EXCL = 0200;
  public static final long O_TRUNC = 01000;
  public static final long O_NONBLOCK = 04000;
  public static final long O_CLOEXEC = 02000000;
  public static final long O_NOATIME = 01000000;
  public static final long O_PATH = 010000000;
  public static final long O_NOCTTY = 0400;

  private static final boolean ARM = Arch.current() == Arch.AARCH64;

  public static final long O_DIRECTORY = ARM ? 040000 : 0200000;
  public static final long O_NOFOLLOW = ARM ? 0100000 : 0400000;
  public static final long O_TMPFILE = 020000000 | O_DIRECTORY;

  /** The directory a relative path of an *at call starts from: the current one. */
  public static final long AT_FDCWD = -100;

  public static final long AT_RECURSIVE = 0x8000;
  public static final long AT_REMOVEDIR = 0x200;
  public static final long AT_EMPTY_PATH = 0x1000;
  public static final long MOUNT_ATTR_RDONLY = 1;
  public static final long MOUNT_ATTR_NODEV = 4;

  /** clone(2), unshare(2). */
  public static final FlagTable CLONE =
      FlagTable.of(
          "CLONE_",
          "CLONE_NEWTIME",
          CLONE_NEWTIME,
          "CLONE_VM",
          CLONE_VM,
          "CLONE_FS",
          0x200,
          "CLONE_FILES",
          CLONE_FILES,
          "CLONE_SIGHAND",
          0x800,
          "CLONE_PIDFD",
          0x1000,
          "CLONE_PTRACE",
          0x2000,
          "CLONE_VFORK",
          CLONE_VFORK,
          "CLONE_PARENT",
          0x8000,
          "CLONE_THREAD",
          0x10000,
          "CLONE_NEWNS",
          CLONE_NEWNS,
          "CLONE_SYSVSEM",
          0x40000,
          "CLONE_SETTLS",
          0x80000,
          "CLONE_PARENT_SETTID",
          0x100000,
          "CLONE_CHILD_CLEARTID",
          0x200000,
          "CLONE_DETACHED",
          0x400000,
          "CLONE_UNTRACED",
          0x800000,
          "CLONE_CHILD_SETTID",
          0x1000000,
          "CLONE_NEWCGROUP",
          CLONE_NEWCGROUP,
          "CLONE_NEWUTS",
          CLONE_NEWUTS,
          "CLONE_NEWIPC",
          CLONE_NEWIPC,
          "CLONE_NEWUSER",
          CLONE_NEWUSER,
          "CLONE_NEWPID",
          CLONE_NEWPID,
          "CLONE_NEWNET",
          CLONE_NEWNET,
          "CLONE_IO",
          0x80000000L);

  /** mount(2). */
  public static final FlagTable MOUNT =
      FlagTable.of(
          "MS_",
          "MS_RDONLY",
          MS_RDONLY,
          "MS_NOSUID",
          MS_NOSUID,
          "MS_NODEV",
          MS_NODEV,
          "MS_NOEXEC",
          MS_NOEXEC,
          "MS_SYNCHRONOUS",
          MS_SYNCHRONOUS,
          "MS_REMOUNT",
          MS_REMOUNT,
          "MS_MANDLOCK",
          64,
          "MS_DIRSYNC",
          MS_DIRSYNC,
          "MS_NOSYMFOLLOW",
          MS_NOSYMFOLLOW,
          "MS_NOATIME",
          MS_NOATIME,
          "MS_NODIRATIME",
          MS_NODIRATIME,
          "MS_BIND",
          MS_BIND,
          "MS_MOVE",
          MS_MOVE,
          "MS_REC",
          MS_REC,
          "MS_SILENT",
          MS_SILENT,
          "MS_POSIXACL",
          1 << 16,
          "MS_UNBINDABLE",
          MS_UNBINDABLE,
          "MS_PRIVATE",
          MS_PRIVATE,
          "MS_SLAVE",
          MS_SLAVE,
          "MS_SHARED",
          MS_SHARED,
          "MS_RELATIME",
          MS_RELATIME,
          "MS_KERNMOUNT",
          1 << 22,
          "MS_I_VERSION",
          1 << 23,
          "MS_STRICTATIME",
          MS_STRICTATIME,
          "MS_LAZYTIME",
          MS_LAZYTIME,
          "MS_SUBMOUNT",
          1 << 26,
          "MS_NOREMOTELOCK",
          1 << 27,
          "MS_NOSEC",
          1 << 28,
          "MS_BORN",
          1 << 29,
          "MS_ACTIVE",
          1 << 30,
          "MS_NOUSER",
          1L << 31);

  /** umount2(2). */
  public static final FlagTable UMOUNT =
      FlagTable.of(
          "MNT_",
          "MNT_FORCE",
          MNT_FORCE,
          "MNT_DETACH",
          MNT_DETACH,
          "MNT_EXPIRE",
          MNT_EXPIRE,
          "UMOUNT_NOFOLLOW",
          UMOUNT_NOFOLLOW);

  /** wait4(2); strace prints WUNTRACED by its other name. */
  public static final FlagTable WAIT =
      FlagTable.of(
          "W",
          "WNOHANG",
          WNOHANG,
          "WEXITED",
          4,
          "WSTOPPED",
          WUNTRACED,
          "WCONTINUED",
          8,
          "__WCLONE",
          0x80000000L,
          "__WALL",
          0x40000000L,
          "__WNOTHREAD",
          0x20000000L);

  /** open(2); what the two lowest bits mean is printed first, also when they are 0. */
  public static final FlagTable OPEN =
      FlagTable.of(
              "O_",
              "O_ACCMODE",
              3,
              "O_WRONLY",
              O_WRONLY,
              "O_RDWR",
              O_RDWR,
              "O_CREAT",
              O_CREAT,
              "O_EXCL",
              O_EXCL,
              "O_NOCTTY",
              O_NOCTTY,
              "O_TRUNC",
              O_TRUNC,
              "O_APPEND",
              02000,
              "O_NONBLOCK",
              O_NONBLOCK,
              "O_SYNC",
              04010000,
              "O_DSYNC",
              010000,
              "O_DIRECT",
              ARM ? 0200000 : 040000,
              "O_LARGEFILE",
              ARM ? 0400000 : 0100000,
              "O_NOFOLLOW",
              O_NOFOLLOW,
              "O_NOATIME",
              O_NOATIME,
              "O_CLOEXEC",
              O_CLOEXEC,
              "O_PATH",
              O_PATH,
              "O_TMPFILE",
              O_TMPFILE,
              "O_DIRECTORY",
              O_DIRECTORY,
              "FASYNC",
              020000)
          .withZero("O_RDONLY", 3);

  /** The flag of the *at calls that doqu's own steps use. */
  public static final FlagTable AT =
      FlagTable.of(
          "AT_",
          "AT_REMOVEDIR",
          AT_REMOVEDIR,
          "AT_SYMLINK_NOFOLLOW",
          0x100,
          "AT_SYMLINK_FOLLOW",
          0x400,
          "AT_EMPTY_PATH",
          AT_EMPTY_PATH,
          "AT_RECURSIVE",
          AT_RECURSIVE);

  /** Every table, for whoever looks for a name and does not know its kind. */
  public static final List<FlagTable> ALL = List.of(CLONE, MOUNT, UMOUNT, WAIT, OPEN, AT);

  /** Constants that are no flags: fcntl(2), prctl(2), setpriority(2). */
  private static final Map<String, Long> OTHERS =
      Map.of(
          "AT_FDCWD",
          AT_FDCWD,
          "F_DUPFD",
          0L,
          "F_DUPFD_CLOEXEC",
          1030L,
          "PR_SET_NAME",
          15L,
          "PRIO_PROCESS",
          0L);

  private Flags() {}

  /** The names of all constants, signals apart. */
  public static Stream<String> names() {
    return Stream.concat(ALL.stream().flatMap(FlagTable::names), OTHERS.keySet().stream());
  }

  /**
   * The value of a constant of any kind: a flag, {@code AT_FDCWD}, a signal, or an open(2) mode.
   */
  public static OptionalLong constant(String name) {
    Long other = OTHERS.get(name);
    if (other != null) {
      return OptionalLong.of(other);
    }
    if (name.startsWith("SIG")) {
      return Signals.parse(name).stream().asLongStream().findFirst();
    }
    return ALL.stream().flatMapToLong(table -> table.bits(name).stream()).findFirst();
  }
}
