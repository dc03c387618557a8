package doqu.kernel;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;

/**
 * The native surface: every C library function doqu's own process calls, as C declares it.
 *
 * <p>Nobody calls these but the classes beside this one, which read errno on the next line.
 */
final class CLibrary {
  static {
    // The process itself, not "c": musl's library has another name, and is loaded already.
    Native.register(CLibrary.class, NativeLibrary.getProcess());
  }

  private CLibrary() {}

  static native int socketpair(int domain, int type, int protocol, int[] descriptors);

  static native long send(int socket, Pointer data, long length, int flags);

  static native long sendmsg(int socket, Pointer header, int flags);

  static native long recvmsg(int socket, Pointer header, int flags);

  static native int setsockopt(int socket, int level, int name, Pointer value, int length);

  static native int poll(Pointer descriptors, long count, int timeout);

  static native int memfd_create(byte[] name, int flags);

  static native long write(int descriptor, byte[] data, long length);

  static native long read(int descriptor, byte[] data, long length);

  static native long read(int descriptor, ByteBuffer data, long length);

  static native int open(byte[] path, int flags, int mode);

  static native long readlink(byte[] path, ByteBuffer target, long length);

  static native int close(int descriptor);

  static native int dup2(int from, int to);

  static native int kill(int pid, int signal);

  static native int raise(int signal);

  static native int sigaction(int signal, Pointer action, Pointer before);

  static native int waitpid(int pid, int[] status, int options);

  static native int pipe2(int[] descriptors, int flags);

  static native int fcntl(int descriptor, int command, long argument);

  static native int ioctl(int descriptor, long request, Pointer argument);

  static native int getrlimit(int resource, long[] limits);

  static native int geteuid();

  static native int getegid();

  static native int getpagesize();

  static native long syscall(long number, long a, long b, long c, long d);

  static native int isatty(int descriptor);

  static native int tcgetattr(int descriptor, Pointer termios);

  static native int tcsetattr(int descriptor, int when, Pointer termios);

  static native void cfmakeraw(Pointer termios);

  static native int posix_spawn(
      int[] pid, byte[] path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

  static native int posix_spawn_file_actions_init(Pointer actions);

  static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  static native int posix_spawn_file_actions_addopen(
      Pointer actions, int descriptor, byte[] path, int flags, int mode);

  static native int posix_spawn_file_actions_destroy(Pointer actions);

  static native int posix_spawnattr_init(Pointer attributes);

  static native int posix_spawnattr_setflags(Pointer attributes, short flags);

  static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

  static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

  static native int posix_spawnattr_destroy(Pointer attributes);
}
