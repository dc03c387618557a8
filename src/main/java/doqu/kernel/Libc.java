package doqu.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The system calls doqu's own process makes.
 *
 * <p>Every method returns what the kernel itself returns: the result, or the errno negated. It is
 * read on the line after the call, before anything else on this thread can change it.
 */
public final class Libc {
  public static final int SO_PASSCRED = 16;
  public static final int SO_RCVTIMEO = 20;
  public static final int RLIMIT_NPROC = 6;
  public static final int RLIMIT_NOFILE = 7;

  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int SOL_SOCKET = 1;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_EXEC = 0x10;
  private static final short POLLIN = 1;

  private static final int F_SETFL = 4;
  private static final long SIG_IGN = 1;

  /**
   * More than struct sigaction takes in any C library here (152 bytes); the handler comes first.
   */
  private static final int SIGACTION = 256;

  private static final long NS_GET_USERNS = 0xb701;
  private static final long NS_GET_PARENT = 0xb702;
  private static final long NS_GET_OWNER_UID = 0xb704;
  private static final long NS_GET_MNTNS_ID = 0x8008b705L;
  private static final long PIDFD_SEND_SIGNAL = 424;
  private static final long PIDFD_OPEN = 434;

  /**
   * Where files and links are read into: an array would be copied to the native side and back, all
   * of it at each call, and a look at an actor is some twenty calls.
   */
  private static final ThreadLocal<ByteBuffer> BUFFER =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(16384));

  private Libc() {}

  /** What a C function returned, as the kernel would have: -1 becomes the errno negated. */
  static long result(long returned) {
    return returned == -1 ? -Native.getLastError() : returned;
  }

  /** Text as C wants it. */
  static byte[] string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** An error as the methods here return it, in words: {@code EPERM (Operation not permitted)}. */
  public static String error(long result) {
    return Errno.of((int) -result)
        .map(errno -> errno + " (" + errno.text() + ")")
        .orElse("error " + -result);
  }

  /** A pair of connected sockets that keep messages apart, closed on exec; socketpair(2). */
  public static long socketPair(int[] descriptors) {
    return result(CLibrary.socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, descriptors));
  }

  /** send(2) without SIGPIPE. */
  public static long send(int socket, Pointer data, long length) {
    return result(CLibrary.send(socket, data, length, MSG_NOSIGNAL));
  }

  /** sendmsg(2) without SIGPIPE; {@code header} is a struct msghdr. */
  public static long sendMessage(int socket, Pointer header) {
    return result(CLibrary.sendmsg(socket, header, MSG_NOSIGNAL));
  }

  /** recvmsg(2), begun again after EINTR: the JVM's own signals are nobody's business. */
  public static long receiveMessage(int socket, Pointer header, int flags) {
    long received;
    do {
      received = result(CLibrary.recvmsg(socket, header, flags));
    } while (received == -Errno.EINTR.number());
    return received;
  }

  /** setsockopt(2) at the level of the socket. */
  public static long setSocketOption(int socket, int option, Pointer value, int length) {
    return result(CLibrary.setsockopt(socket, SOL_SOCKET, option, value, length));
  }

  /**
   * Waits until one of the descriptors can be read or is at its end; poll(2).
   *
   * @param timeout milliseconds, -1 for ever
   * @return for each, in their order, whether there is something to read or an end to notice
   */
  public static boolean[] poll(int timeout, int... descriptors) {
    boolean[] ready = new boolean[descriptors.length];
    try (Memory table = new Memory(8L * Math.max(1, descriptors.length))) {
      for (int i = 0; i < descriptors.length; i++) {
        table.setInt(8L * i, descriptors[i]);
        table.setInt(8L * i + 4, POLLIN);
      }
      if (result(CLibrary.poll(table, descriptors.length, timeout)) > 0) {
        for (int i = 0; i < descriptors.length; i++) {
          ready[i] = table.getShort(8L * i + 6) != 0;
        }
      }
    }
    return ready;
  }

  /** A program without a name, closed on exec, that holds these bytes; memfd_create(2). */
  public static long memfd(String name, byte[] content) {
    // It says that it is a program, for where vm.memfd_noexec is 1; kernels before 6.3 do not ask.
    long descriptor = result(CLibrary.memfd_create(string(name), MFD_CLOEXEC | MFD_EXEC));
    if (descriptor == -Errno.EINVAL.number()) {
      descriptor = result(CLibrary.memfd_create(string(name), MFD_CLOEXEC));
    }
    if (descriptor < 0) {
      return descriptor;
    }
    long written = write((int) descriptor, content);
    if (written < 0) {
      close((int) descriptor);
      return written;
    }
    return descriptor;
  }

  /** write(2) until everything is written; the number of bytes, or the first error. */
  public static long write(int descriptor, byte[] data) {
    byte[] rest = data;
    while (rest.length > 0) {
      long written = result(CLibrary.write(descriptor, rest, rest.length));
      if (written < 0 && written != -Errno.EINTR.number()) {
        return written;
      }
      rest = Arrays.copyOfRange(rest, (int) Math.max(written, 0), rest.length);
    }
    return data.length;
  }

  /** write(2), as much as there is room for. */
  public static long writeSome(int descriptor, byte[] data) {
    return result(CLibrary.write(descriptor, data, data.length));
  }

  /** read(2), at most as much as the array holds. */
  public static long read(int descriptor, byte[] data) {
    long count;
    do {
      count = result(CLibrary.read(descriptor, data, data.length));
    } while (count == -Errno.EINTR.number());
    return count;
  }

  /** open(2), closed on exec. */
  public static long open(String path, long flags) {
    return result(CLibrary.open(string(path), (int) (flags | Flags.O_CLOEXEC), 0));
  }

  /** close(2). */
  public static long close(int descriptor) {
    return result(CLibrary.close(descriptor));
  }

  /** Makes one descriptor another name for what a second one is; dup2(2). */
  public static long duplicate(int from, int to) {
    return result(CLibrary.dup2(from, to));
  }

  /** A whole file, as those of /proc that say nothing of their size; {@code null}: unreadable. */
  public static byte @Nullable [] readFile(String path) {
    long descriptor = open(path, Flags.O_RDONLY);
    if (descriptor < 0) {
      return null;
    }
    ByteBuffer buffer = BUFFER.get();
    byte[] content = {};
    long count;
    do {
      count = result(CLibrary.read((int) descriptor, buffer, buffer.capacity()));
      if (count > 0) {
        content = Arrays.copyOf(content, content.length + (int) count);
        buffer.get(0, content, content.length - (int) count, (int) count);
      }
    } while (count > 0 || count == -Errno.EINTR.number());
    close((int) descriptor);
    return count < 0 ? null : content;
  }

  /** Writes to a file that is there, with one write(2) as the files of /proc want it. */
  public static long writeFile(String path, String content) {
    long descriptor = open(path, Flags.O_WRONLY);
    if (descriptor < 0) {
      return descriptor;
    }
    long written = write((int) descriptor, content.getBytes(StandardCharsets.UTF_8));
    close((int) descriptor);
    return written;
  }

  /** The target of a symbolic link; {@code null}: unreadable. */
  public static @Nullable String readLink(String path) {
    ByteBuffer buffer = BUFFER.get();
    long length = result(CLibrary.readlink(string(path), buffer, buffer.capacity()));
    if (length < 0) {
      return null;
    }
    byte[] target = new byte[(int) length];
    buffer.get(0, target);
    return new String(target, StandardCharsets.UTF_8);
  }

  /** kill(2). */
  public static long kill(int pid, int signal) {
    return result(CLibrary.kill(pid, signal));
  }

  /**
   * Sends a signal to this very thread: when it returns, the signal has done what it does.
   * raise(3).
   */
  public static long raise(int signal) {
    return result(CLibrary.raise(signal));
  }

  /**
   * Does something while this process ignores a signal, which programs started before do not;
   * sigaction(2). What comes meanwhile the kernel drops: it is not handled later either.
   */
  public static void ignoring(int signal, Runnable work) {
    try (Memory action = new Memory(SIGACTION);
        Memory before = new Memory(SIGACTION)) {
      action.clear();
      action.setLong(0, SIG_IGN);
      CLibrary.sigaction(signal, action, before);
      try {
        work.run();
      } finally {
        CLibrary.sigaction(signal, before, action);
      }
    }
  }

  /** Waits for a child of this process and forgets it; how it ended. waitpid(2). */
  public static WaitStatus reap(int pid) {
    int[] status = new int[1];
    long waited;
    do {
      waited = result(CLibrary.waitpid(pid, status, 0));
    } while (waited == -Errno.EINTR.number());
    return new WaitStatus(status[0]);
  }

  /** A descriptor that becomes readable when the process ends; pidfd_open(2). */
  public static long pidfdOpen(int pid) {
    return result(CLibrary.syscall(PIDFD_OPEN, pid, 0, 0, 0));
  }

  /** Sends a signal to the very process a pidfd stands for; pidfd_send_signal(2). */
  public static long pidfdSendSignal(int pidfd, int signal) {
    return result(CLibrary.syscall(PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0));
  }

  /** A pipe closed on exec, the end to read from first; pipe2(2). */
  public static long pipe(int[] descriptors) {
    return result(CLibrary.pipe2(descriptors, (int) Flags.O_CLOEXEC));
  }

  /** Makes reads of a descriptor fail with EAGAIN where they would wait; fcntl(2). */
  public static long neverWait(int descriptor) {
    return result(CLibrary.fcntl(descriptor, F_SETFL, Flags.O_NONBLOCK));
  }

  /** The soft limit of a resource, as getrlimit(2) has it. */
  public static long softLimit(int resource) {
    long[] limits = new long[2];
    return CLibrary.getrlimit(resource, limits) == 0 ? limits[0] : Long.MAX_VALUE;
  }

  /** A descriptor of the user namespace that owns a namespace; ioctl_ns(2). */
  public static long owningUserNamespace(int namespace) {
    return result(CLibrary.ioctl(namespace, NS_GET_USERNS, Pointer.NULL));
  }

  /** A descriptor of the namespace around a user or PID namespace; ioctl_ns(2). */
  public static long parentNamespace(int namespace) {
    return result(CLibrary.ioctl(namespace, NS_GET_PARENT, Pointer.NULL));
  }

  /** The user id of who made a user namespace, as doqu has it; ioctl_ns(2). */
  public static long ownerOfUserNamespace(int namespace) {
    try (Memory uid = new Memory(Integer.BYTES)) {
      long asked = result(CLibrary.ioctl(namespace, NS_GET_OWNER_UID, uid));
      return asked < 0 ? asked : Integer.toUnsignedLong(uid.getInt(0));
    }
  }

  /**
   * The number of a mount namespace, of which a newer one has a greater; negative: the kernel,
   * before Linux 6.11, tells none. NS_GET_MNTNS_ID in include/uapi/linux/nsfs.h.
   */
  public static long numberOfMountNamespace(int namespace) {
    try (Memory number = new Memory(Long.BYTES)) {
      long asked = result(CLibrary.ioctl(namespace, NS_GET_MNTNS_ID, number));
      return asked < 0 ? asked : number.getLong(0);
    }
  }

  /** geteuid(2). */
  public static int effectiveUser() {
    return CLibrary.geteuid();
  }

  /** getegid(2). */
  public static int effectiveGroup() {
    return CLibrary.getegid();
  }

  /** The size of a page of memory, in bytes; getpagesize(2). */
  public static int pageSize() {
    return CLibrary.getpagesize();
  }

  /** The C library doqu runs with: {@code glibc 2.36}, {@code musl}. */
  public static String cLibrary() {
    try {
      return "glibc "
          + NativeLibrary.getProcess()
              .getFunction("gnu_get_libc_version")
              .invokeString(new Object[0], false);
    } catch (UnsatisfiedLinkError e) {
      byte[] maps = readFile("/proc/self/maps");
      boolean musl = maps != null && new String(maps, StandardCharsets.UTF_8).contains("/ld-musl-");
      return musl ? "musl" : "unknown";
    }
  }

  /** Why a shared library cannot be loaded; {@code null}: it can. dlopen(3). */
  public static @Nullable String cannotLoad(String path) {
    try {
      NativeLibrary.getInstance(path).close();
      return null;
    } catch (UnsatisfiedLinkError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Whether a descriptor is a terminal; isatty(3). */
  public static boolean isTerminal(int descriptor) {
    return CLibrary.isatty(descriptor) == 1;
  }
}
