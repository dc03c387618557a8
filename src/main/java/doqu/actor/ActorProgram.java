package doqu.actor;

import doqu.kernel.Arch;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Spawn;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The actor's program: an ELF among the resources, run from a memfd, so never a file on disk. */
public final class ActorProgram {
  /** Where the control descriptor lies when the limit on open files lets it. */
  private static final int CONTROL = 1000;

  /** Room above the control for those of the children. */
  private static final int SPARE = 64;

  private static final int PR_SET_NAME = 15;
  private static final long LAST_DESCRIPTOR = 0xffffffffL;

  private ActorProgram() {}

  /** The bytes of a program that ships with doqu: {@code actor} or {@code probe}. */
  public static byte[] bytes(String program, Arch arch) {
    String resource = program + "-" + arch.machine();
    try (InputStream in = ActorProgram.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts an actor in doqu's own namespaces, with no terminal and no descriptor of doqu's.
   *
   * @param stageLevel how many PID namespaces will lie between doqu's and the stage's
   * @throws IOException when the machine does not let it start, with the errno in words
   */
  public static Actor spawn(String name, int stageLevel) throws IOException {
    int memfd = checked("memfd_create", Libc.memfd("doqu", bytes("actor", Arch.current())));
    int[] ends = new int[2];
    try {
      checked("socketpair", Libc.socketPair(ends));
      int control = (int) Math.min(CONTROL, Libc.softLimit(Libc.RLIMIT_NOFILE) - SPARE);
      control += control == memfd ? 1 : 0; // or it would take the program's place before it starts
      int pid =
          checked(
              "posix_spawn",
              Spawn.start(
                  "/proc/self/fd/" + memfd,
                  control == CONTROL ? List.of("doqu") : List.of("doqu", Integer.toString(control)),
                  ends[1],
                  control));
      Libc.close(ends[1]);
      Actor actor = Actor.started(ends[0], control, pid, stageLevel, name);
      settle(actor, control);
      return actor;
    } finally {
      Libc.close(memfd);
    }
  }

  private static void settle(Actor actor, int control) {
    actor.plumb(
        Call.of("fcntl", Arg.number(control), Arg.named(2, "F_SETFD"), Arg.named(1, "FD_CLOEXEC")));
    closeRange(actor, 3, control - 1L);
    closeRange(actor, control + 1L, LAST_DESCRIPTOR);
    // The kernel named it after the number of the memfd.
    actor.plumb(Call.of("prctl", Arg.named(PR_SET_NAME, "PR_SET_NAME"), Arg.text("doqu")));
  }

  private static void closeRange(Actor actor, long first, long last) {
    Reply reply =
        actor.plumb(Call.of("close_range", Arg.number(first), Arg.number(last), Arg.number(0)));
    if (reply.failed()) {
      throw new ActorGone("close_range: " + Errno.of(reply.errno()).map(Enum::name).orElse("?"));
    }
  }

  private static int checked(String call, long result) throws IOException {
    if (result < 0) {
      throw new IOException(call + ": " + Libc.error(result));
    }
    return (int) result;
  }
}
