package doqu.look;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.ActorId;
import doqu.observe.Life;
import doqu.observe.Snapshot;
import doqu.observe.View;
import doqu.step.Args;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** {@code actors} and {@code status}: who is on the stage, and where one of them stands. */
final class Cast {
  private Cast() {}

  static List<String> actors(Looks.Seen seen, Args args) {
    Table table = new Table("", "NAME", "INSIDE", "STAGE", "MACHINE", "STATE");
    for (Actor actor : seen.stage().actors()) {
      ActorId id = ActorId.of(actor);
      table.row(
          actor == seen.stage().focus() ? "*" : "",
          id.name(),
          pid(id.pidInside()),
          pid(id.pidStage()),
          pid(id.pidMachine()),
          state(actor));
    }
    return table.lines();
  }

  private static String pid(int pid) {
    return pid == 0 ? "-" : Integer.toString(pid);
  }

  private static String state(Actor actor) {
    return switch (Life.of(actor)) {
      case ZOMBIE -> "zombie: nobody has waited for it";
      case GONE -> "gone";
      case STOPPED -> "stopped by a signal: kill -CONT lets it go on";
      case ALIVE -> {
        Call pending = actor.pending();
        if (actor.runsProgram()) {
          yield "runs " + Libc.readLink("/proc/" + actor.pid() + "/exe");
        }
        if (actor.isLeaving()) {
          yield "ends when those in its PID namespace have been waited for";
        }
        yield pending == null ? "ready" : "blocked in " + pending;
      }
    };
  }

  static List<String> status(Looks.Seen seen, Args args) {
    View view = View.before(seen.stage(), seen.actor());
    Snapshot now = view.actor();
    ActorId id = ActorId.of(seen.actor());
    String own =
        Arrays.stream(Namespace.values())
            .map(Namespace::file)
            .filter(kind -> !view.hosts().contains(kind))
            .collect(Collectors.joining(" "));
    return List.of(
        "actor: " + id.name(),
        "pid: " + id.pids(seen.stage().isBare()),
        "hostname: " + now.fact("hostname"),
        "root: "
            + now.fact("root")
            + now.mounts().at("/").map(mount -> " on " + mount.shownSource()).orElse(""),
        "cwd: " + now.fact("cwd"),
        "namespaces other than the host's: " + (own.isEmpty() ? "none" : own));
  }
}
