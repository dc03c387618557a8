import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.precondition.Explanation;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.List;

/** How long it takes to find out why a call has failed, the state read anew each time. */
final class Why {
  private Why() {}

  static void run(int rounds) throws Exception {
    List<Call> calls =
        List.of(
            Calls.pivotRoot("/", "/"),
            Calls.umount2("/tmp", 0),
            Calls.mount("proc", "/proc", "proc", 0, ""),
            Calls.mount("/", "/tmp", "", Flags.MS_BIND, ""),
            Calls.execve("/usr/bin/env", List.of("env"), List.of()),
            Calls.unshare(Flags.CLONE_NEWUSER | Flags.CLONE_NEWPID | Flags.CLONE_NEWNS),
            Calls.kill(1, 0),
            Calls.rmdir("/no/such"),
            Calls.open("/proc/x", Flags.O_RDWR | Flags.O_CREAT, 0600),
            Calls.mount("o", "/tmp", "overlay", 0, "lowerdir=/usr:/tmp"),
            Calls.fork());
    double slowest = 0;
    try (Stage stage = Stage.start()) {
      Actor actor = stage.focus();
      for (Call call : calls) {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 2 * rounds; i++) {
          long before = System.nanoTime();
          Explanation.of(stage, actor, call, Errno.EINVAL.number());
          if (i >= rounds) {
            times.add((System.nanoTime() - before) / 1e6);
          }
        }
        System.out.printf("  %6.3f ms  %s%n", Turns.median(times), call);
        slowest = Math.max(slowest, Turns.median(times));
      }
    }
    Turns.bound("an explanation, the slowest of these", slowest, 5, " ms");
  }
}
