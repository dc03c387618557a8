package doqu.kernel;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.List;

/**
 * Starts a program in a session of its own with no descriptors but those it is given, and with
 * every signal at its default and none blocked; posix_spawn(3).
 */
public final class Spawn {
  private static final short SETSIGDEF = 0x04;
  private static final short SETSIGMASK = 0x08;
  private static final short SETSID = 0x80;

  /** More than any C library's opaque structures here take (glibc: 80, 336 and 128 bytes). */
  private static final int OPAQUE = 1024;

  private static final int SIGNAL_SET = 128;

  private Spawn() {}

  /**
   * Starts it, its standard streams on /dev/null.
   *
   * @param path the program's file
   * @param argv its arguments, from its own name on; the environment is empty
   * @param descriptor the one of ours it gets; it must not be one the kernel closes on exec first
   * @param as the number it gets it under
   * @return its PID, or the errno negated
   */
  public static long start(String path, List<String> argv, int descriptor, int as) {
    try (Memory actions = new Memory(OPAQUE);
        Memory attributes = new Memory(OPAQUE);
        Memory signals = new Memory(SIGNAL_SET);
        Memory strings = new Memory(argv.stream().mapToLong(a -> Libc.string(a).length).sum());
        Memory vector = new Memory(Long.BYTES * (argv.size() + 1L))) {
      long at = 0;
      for (int i = 0; i < argv.size(); i++) {
        byte[] argument = Libc.string(argv.get(i));
        strings.write(at, argument, 0, argument.length);
        vector.setPointer((long) Long.BYTES * i, strings.share(at));
        at += argument.length;
      }
      vector.setPointer((long) Long.BYTES * argv.size(), Pointer.NULL);

      CLibrary.posix_spawnattr_init(attributes);
      CLibrary.posix_spawnattr_setflags(attributes, (short) (SETSIGDEF | SETSIGMASK | SETSID));
      signals.clear();
      CLibrary.posix_spawnattr_setsigmask(attributes, signals);
      signals.setMemory(0, SIGNAL_SET, (byte) 0xff);
      CLibrary.posix_spawnattr_setsigdefault(attributes, signals);

      CLibrary.posix_spawn_file_actions_init(actions);
      CLibrary.posix_spawn_file_actions_addopen(
          actions, 0, Libc.string("/dev/null"), (int) Flags.O_RDWR, 0);
      CLibrary.posix_spawn_file_actions_adddup2(actions, 0, 1);
      CLibrary.posix_spawn_file_actions_adddup2(actions, 0, 2);
      CLibrary.posix_spawn_file_actions_adddup2(actions, descriptor, as);

      int[] pid = new int[1];
      Pointer environment = vector.share((long) Long.BYTES * argv.size());
      // Unlike the other calls this one returns its errno.
      int errno =
          CLibrary.posix_spawn(pid, Libc.string(path), actions, attributes, vector, environment);
      CLibrary.posix_spawn_file_actions_destroy(actions);
      CLibrary.posix_spawnattr_destroy(attributes);
      return errno == 0 ? pid[0] : -errno;
    }
  }
}
