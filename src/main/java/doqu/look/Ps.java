package doqu.look;

import doqu.kernel.Libc;
import doqu.observe.OwnProc;
import doqu.observe.StageProcess;
import doqu.step.Args;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code ps}: the processes the actor's own /proc shows, as a tree like {@code ps fc}, with the
 * PIDs inside, on the stage and on the machine.
 */
final class Ps {
  private final Looks.Seen seen;
  private final Map<Integer, List<StageProcess>> byParent;
  private final Table table = new Table("INSIDE", "STAGE", "MACHINE", "STAT", "COMMAND");

  private Ps(Looks.Seen seen, List<StageProcess> shown) {
    this.seen = seen;
    byParent = shown.stream().collect(Collectors.groupingBy(StageProcess::parent));
    List<Integer> pids = shown.stream().map(StageProcess::pid).toList();
    shown.stream()
        .filter(process -> !pids.contains(process.parent()))
        .forEach(root -> branch(root, ""));
  }

  static List<String> show(Looks.Seen seen, Args args) {
    int pid = seen.actor().pid();
    Optional<OwnProc> proc = OwnProc.of(pid);
    if (proc.isEmpty()) {
      return List.of(
          "no proc file system is mounted on this actor's /proc: ps has nothing to read");
    }
    Optional<String> namespace = proc.get().namespace();
    if (namespace.isEmpty()) {
      return List.of("PID 1 of the namespace this actor's /proc shows has ended, and all with it");
    }
    List<StageProcess> shown =
        StageProcess.all(seen.stage()).stream()
            .filter(process -> proc.get().pidOf(process.pid()).isPresent())
            .toList();
    List<String> lines = new ArrayList<>(new Ps(seen, shown).table.lines());
    String own = Libc.readLink("/proc/" + pid + "/ns/pid");
    if (!namespace.get().equals(own)) {
      lines.add("this /proc shows " + namespace.get() + ", but who looks is in " + own);
    }
    return lines;
  }

  private void branch(StageProcess process, String indent) {
    table.row(
        Integer.toString(process.status().pidInside()),
        Integer.toString(process.status().pidAt(seen.stage().level())),
        Integer.toString(process.pid()),
        process.status().get("State").substring(0, 1),
        indent + (indent.isEmpty() ? "" : "\\_ ") + process.shown(seen.stage()));
    for (StageProcess child : byParent.getOrDefault(process.pid(), List.of())) {
      branch(child, indent + "  ");
    }
  }
}
