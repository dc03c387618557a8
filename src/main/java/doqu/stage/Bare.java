package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The machine itself in the place of a stage: actors in its own namespaces, with no wall around
 * them. Whom a step would reach has to be found out before it is taken.
 */
final class Bare {
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int SELF = 0;

  private Bare() {}

  /**
   * Starts a hidden process to look from, and the learner's first actor as its child.
   *
   * @throws StageRefused when the machine does not let them start
   */
  static Layers.Built build() throws StageRefused {
    Actor host = null;
    Path workArea = null;
    boolean built = false;
    try {
      workArea = Files.createTempDirectory(temporary(), "doqu-bare-");
      Files.setPosixFilePermissions(workArea, PosixFilePermissions.fromString("rwxr-xr-x"));
      host = Asking.spawn("host", SELF);
      int devNull = (int) host.plumb(Calls.open("/dev/null", Flags.O_RDWR, 0)).value();
      host.plumb(Call.of("dup3", Arg.number(devNull), Arg.number(0), Arg.number(0)));
      host.plumb(Calls.close(devNull));
      // Orphans come to it and not to the machine's init: so all are found at the end.
      host.plumb(
          Call.of(
              "prctl", Arg.named(PR_SET_CHILD_SUBREAPER, "PR_SET_CHILD_SUBREAPER"), Arg.number(1)));
      host.plumb(Layers.signalAction(Signals.SIGCHLD, Layers.SIG_IGN));
      Actor first = Objects.requireNonNull(host.fork(Calls.fork(), "doqu").child());
      first.plumb(Layers.signalAction(Signals.SIGCHLD, Layers.SIG_DFL));
      built = true;
      return new Layers.Built(host, host, host, first, workArea.toString());
    } catch (IOException | ActorGone e) {
      throw new StageRefused(
          Refusal.because("no process can be started: " + e.getMessage(), List.of()));
    } finally {
      if (!built) {
        end(host, workArea);
      }
    }
  }

  private static Path temporary() {
    return Path.of(Objects.requireNonNullElse(System.getenv("TMPDIR"), "/tmp"));
  }

  /** Ends every process that descends from a hidden one, and it; removes what was laid. */
  static void end(@Nullable Actor host, @Nullable Path workArea) {
    if (host != null) {
      ProcessHandle.of(host.pid()).ifPresent(Bare::endDescendants);
      host.end();
      Libc.reap(host.pid());
      host.release();
    }
    if (workArea != null) {
      remove(workArea);
    }
  }

  /** One that is killed while it forks leaves a child: so until none is left. */
  private static void endDescendants(ProcessHandle host) {
    for (int tries = 0; host.descendants().findAny().isPresent() && tries < 100; tries++) {
      host.descendants().forEach(ProcessHandle::destroyForcibly);
      Libc.poll(10);
    }
  }

  /**
   * Removes a directory of doqu's own and what is in it; with something mounted in there nothing,
   * for it may be the machine's own files.
   *
   * @return whether it is gone
   */
  static boolean remove(Path directory) {
    byte[] mountinfo = Libc.readFile("/proc/self/mountinfo");
    if (mountinfo == null
        || new String(mountinfo, StandardCharsets.UTF_8).contains(" " + directory)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
      return true;
    } catch (IOException e) {
      return !Files.exists(directory);
    }
  }
}
