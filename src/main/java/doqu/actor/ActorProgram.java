package doqu.actor;

import doqu.kernel.Arch;
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
   * @throws SpawnFailed when the machine does not let it start; then nothing is left of it
   */
  public static Actor spawn(String name, int stageLevel) throws SpawnFailed {
    int memfd = checked("memfd_create", Libc.memfd("doqu", bytes("actor", Arch.current())));
    try {
      return spawn(name, stageLevel, memfd);
    } finally {
      Libc.close(memfd);
    }
  }

  private static Actor spawn(String name, int stageLevel, int memfd) throws SpawnFailed {
    int[] ends = new int[2];
    checked("socketpair", Libc.socketPair(ends));
    long most = Libc.softLimit(Libc.RLIMIT_NOFILE);
    int control = (int) Math.min(CONTROL, Math.max(most - SPARE, most / 2));
    control += control == memfd ? 1 : 0; // or it would take the program's place before it starts
    long pid =
        Spawn.start(
            "/proc/self/fd/" + memfd,
            control == CONTROL ? List.of("doqu") : List.of("doqu", Integer.toString(control)),
            ends[1],
            control);
    Libc.close(ends[1]);
    if (pid < 0) {
      Libc.close(ends[0]);
      throw new SpawnFailed("posix_spawn", pid);
    }
    Actor actor = Actor.started(ends[0], control, (int) pid, stageLevel, name);
    boolean settled = false;
    try {
      checked("pidfd_open", actor.pidfd());
      checked("pidfd_send_signal", Libc.pidfdSendSignal(actor.pidfd(), 0));
      settle(actor, control);
      settled = true;
      return actor;
    } finally {
      if (!settled) {
        // Without a pidfd there is no signal: it ends itself when its socket is closed.
        actor.end();
        actor.release();
        Libc.reap((int) pid);
      }
    }
  }

  private static void settle(Actor actor, int control) throws SpawnFailed {
    actor.plumb(
        Call.of("fcntl", Arg.number(control), Arg.named(2, "F_SETFD"), Arg.named(1, "FD_CLOEXEC")));
    closeRange(actor, 3, control - 1L);
    closeRange(actor, control + 1L, LAST_DESCRIPTOR);
    // The kernel named it after the number of the memfd.
    actor.plumb(Call.of("prctl", Arg.named(PR_SET_NAME, "PR_SET_NAME"), Arg.text("doqu")));
  }

  private static void closeRange(Actor actor, long first, long last) throws SpawnFailed {
    Call call = Call.of("close_range", Arg.number(first), Arg.number(last), Arg.number(0));
    checked("close_range", actor.plumb(call).value());
  }

  private static int checked(String call, long result) throws SpawnFailed {
    if (result < 0) {
      throw new SpawnFailed(call, result);
    }
    return (int) result;
  }
}
