package doqu.actor;

import doqu.kernel.Arch;
import doqu.kernel.Capability;
import doqu.kernel.Flags;
import doqu.kernel.Signals;
import doqu.kernel.WaitStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The system calls that have a step, with their arguments as strace prints them.
 *
 * <p>aarch64 never had fork, mkdir, rmdir and their like: there the *at call is made, and shown.
 */
public final class Calls {
  private static final boolean OLD_CALLS = Arch.current() == Arch.X86_64;
  private static final int UTSNAME_FIELD = 65;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;
  private static final long PROPAGATION =
      Flags.MS_SHARED | Flags.MS_PRIVATE | Flags.MS_SLAVE | Flags.MS_UNBINDABLE;

  private Calls() {}

  private static Arg atCwd() {
    return Arg.named(Flags.AT_FDCWD, "AT_FDCWD");
  }

  private static Arg textOrNull(String text) {
    return text.isEmpty() ? Arg.nothing() : Arg.text(text);
  }

  /** fork(2). */
  public static Call fork() {
    return OLD_CALLS ? Call.of("fork") : clone(Signals.SIGCHLD);
  }

  /** clone(2) with no stack: the child goes on with a copy of its parent's, as after fork. */
  public static Call clone(long flags) {
    long signal = flags & 0xff;
    long rest = flags & ~0xffL;
    // strace prints the signal that ends the flags apart, and the bits in its own table's order.
    String names = rest == 0 ? "" : Flags.CLONE.show(rest) + (signal == 0 ? "" : "|");
    String shown = names + (signal == 0 && rest != 0 ? "" : Signals.name((int) signal));
    // strace names these two, in this order, whatever their order in the call.
    return Call.of("clone", Arg.named(flags, "child_stack=NULL"), Arg.named(0, "flags=" + shown));
  }

  /** execve(2). */
  public static Call execve(String path, List<String> argv, List<String> envp) {
    return Call.of("execve", Arg.path(path), Arg.argv(argv), Arg.envp(envp));
  }

  /** wait4(2) without resource usage. */
  public static Call wait4(int pid, long options) {
    Arg status =
        Arg.room(
            new byte[Integer.BYTES],
            (result, block) ->
                result > 0 ? new WaitStatus(littleEndian(block).getInt(0)).shownByWait() : "0x...");
    return Call.of("wait4", Arg.number(pid), status, Arg.flags(Flags.WAIT, options), Arg.nothing());
  }

  /** The status wait4 wrote. */
  public static WaitStatus status(Reply reply) {
    return new WaitStatus(littleEndian(reply.block(1)).getInt(0));
  }

  /** exit_group(2). */
  public static Call exitGroup(int status) {
    return Call.of("exit_group", Arg.number(status));
  }

  /** kill(2). */
  public static Call kill(int pid, int signal) {
    return Call.of("kill", Arg.number(pid), Arg.named(signal, Signals.name(signal)));
  }

  /** unshare(2). */
  public static Call unshare(long flags) {
    return Call.of("unshare", Arg.flags(Flags.CLONE, flags));
  }

  /** setns(2). */
  public static Call setns(int descriptor, long type) {
    return Call.of("setns", Arg.number(descriptor), Arg.flags(Flags.CLONE, type));
  }

  /** sethostname(2). */
  public static Call sethostname(String name) {
    return nameOf("sethostname", name);
  }

  /** setdomainname(2). */
  public static Call setdomainname(String name) {
    return nameOf("setdomainname", name);
  }

  private static Call nameOf(String call, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    Arg text = Arg.bytes(bytes);
    // What is too long to be a name strace does not read.
    Arg shown = bytes.length < UTSNAME_FIELD ? text : text.unread();
    return Call.of(call, shown, Arg.number(bytes.length));
  }

  /** mount(2); an empty source, type or data is a null pointer. */
  public static Call mount(String source, String target, String type, long flags, String data) {
    // What the kernel does not look at strace does not read either.
    boolean moves = (flags & (Flags.MS_BIND | Flags.MS_MOVE | PROPAGATION)) != 0;
    boolean remounts = (flags & Flags.MS_REMOUNT) != 0;
    Arg shownType = textOrNull(type);
    Arg shownData = textOrNull(data);
    return Call.of(
        "mount",
        source.isEmpty() ? Arg.nothing() : Arg.path(source),
        Arg.path(target),
        moves || remounts ? shownType.unread() : shownType,
        Arg.flags(Flags.MOUNT, flags),
        moves && !remounts ? shownData.unread() : shownData);
  }

  /** umount2(2). */
  public static Call umount2(String target, long flags) {
    return Call.of("umount2", Arg.path(target), Arg.flags(Flags.UMOUNT, flags));
  }

  /** mount_setattr(2): sets and clears attributes of a mount. */
  public static Call mountSetattr(String path, boolean recursive, long set, long clear) {
    byte[] attributes =
        ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(set).putLong(clear).array();
    return Call.of(
        "mount_setattr",
        atCwd(),
        Arg.path(path),
        Arg.flags(Flags.AT, recursive ? Flags.AT_RECURSIVE : 0),
        Arg.struct(attributes, "{attr_set=" + set + ", attr_clr=" + clear + "}"),
        Arg.number(attributes.length));
  }

  /** chdir(2). */
  public static Call chdir(String path) {
    return Call.of("chdir", Arg.path(path));
  }

  /** chroot(2). */
  public static Call chroot(String path) {
    return Call.of("chroot", Arg.path(path));
  }

  /** pivot_root(2). */
  public static Call pivotRoot(String newRoot, String putOld) {
    return Call.of("pivot_root", Arg.path(newRoot), Arg.path(putOld));
  }

  /** mkdir(2). */
  public static Call mkdir(String path, int mode) {
    return OLD_CALLS
        ? Call.of("mkdir", Arg.path(path), Arg.mode(mode))
        : Call.of("mkdirat", atCwd(), Arg.path(path), Arg.mode(mode));
  }

  /** rmdir(2). */
  public static Call rmdir(String path) {
    return OLD_CALLS
        ? Call.of("rmdir", Arg.path(path))
        : Call.of("unlinkat", atCwd(), Arg.path(path), Arg.flags(Flags.AT, Flags.AT_REMOVEDIR));
  }

  /** symlink(2). */
  public static Call symlink(String target, String path) {
    return Call.of("symlinkat", Arg.path(target), atCwd(), Arg.path(path));
  }

  /** open(2), as the C library makes it today; the mode is only there when a file may be made. */
  public static Call open(String path, long flags, int mode) {
    return (flags & Flags.O_CREAT) == 0
        ? Call.of("openat", atCwd(), Arg.path(path), Arg.flags(Flags.OPEN, flags))
        : Call.of("openat", atCwd(), Arg.path(path), Arg.flags(Flags.OPEN, flags), Arg.mode(mode));
  }

  /** read(2). */
  public static Call read(int descriptor, int length) {
    return Call.of("read", Arg.number(descriptor), Arg.buffer(length), Arg.number(length));
  }

  /** write(2). */
  public static Call write(int descriptor, byte[] data) {
    return Call.of("write", Arg.number(descriptor), Arg.bytes(data), Arg.number(data.length));
  }

  /** close(2). */
  public static Call close(int descriptor) {
    return Call.of("close", Arg.number(descriptor));
  }

  /** setuid(2). */
  public static Call setuid(int uid) {
    return Call.of("setuid", Arg.id(uid));
  }

  /** setgid(2). */
  public static Call setgid(int gid) {
    return Call.of("setgid", Arg.id(gid));
  }

  /** capset(2) of the calling process. */
  public static Call capset(long effective, long permitted, long inheritable) {
    byte[] header =
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(CAPABILITY_VERSION_3)
            .putInt(0)
            .array();
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (int shift : new int[] {0, Integer.SIZE}) {
      data.putInt((int) (effective >>> shift));
      data.putInt((int) (permitted >>> shift));
      data.putInt((int) (inheritable >>> shift));
    }
    String sets =
        "{effective="
            + capabilities(effective)
            + ", permitted="
            + capabilities(permitted)
            + ", inheritable="
            + capabilities(inheritable)
            + "}";
    return Call.of(
        "capset",
        Arg.struct(header, "{version=_LINUX_CAPABILITY_VERSION_3, pid=0}"),
        Arg.struct(data.array(), sets));
  }

  /** A set of capabilities; of those without a name strace shows the upper word. */
  private static String capabilities(long set) {
    long nameless = set & (-1L << Capability.values().length);
    return nameless == 0
        ? Capability.show(set)
        : Capability.show(set) + "|0x" + Long.toHexString(nameless >>> Integer.SIZE);
  }

  /** uname(2). */
  public static Call uname() {
    return Call.of(
        "uname",
        Arg.room(
            new byte[6 * UTSNAME_FIELD],
            (result, block) ->
                result < 0
                    ? "0x..."
                    : "{sysname="
                        + utsname(block, 0)
                        + ", nodename="
                        + utsname(block, 1)
                        + ", ...}"));
  }

  /** One field of struct utsname, counted from 0: sysname, nodename, release, ... */
  public static String unameField(Reply reply, int field) {
    return cString(reply.block(0), field * UTSNAME_FIELD);
  }

  private static String utsname(byte[] block, int field) {
    return Arg.quoted(cString(block, field * UTSNAME_FIELD).getBytes(StandardCharsets.UTF_8));
  }

  /** A string that ends at its NUL byte. */
  public static String cString(byte[] bytes, int from) {
    return new String(cBytes(bytes, from), StandardCharsets.UTF_8);
  }

  /** Its bytes. */
  static byte[] cBytes(byte[] bytes, int from) {
    int end = from;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(bytes, from, end);
  }

  private static ByteBuffer littleEndian(byte[] block) {
    return ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
  }
}
