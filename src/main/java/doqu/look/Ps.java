package doqu.look;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.observe.ProcStatus;
import doqu.step.Args;
import doqu.step.Word;
import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code ps}: the processes the actor's own /proc shows, as a tree like {@code ps fc}, with the
 * PIDs inside, on the stage and on the machine.
 */
final class Ps {
  private Ps() {}

  static List<String> show(Looks.Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "ps");
    String procOf = Libc.readLink("/proc/" + seen.actor().pid() + "/root/proc/1/ns/pid");
    if (procOf == null) {
      return List.of("ps: no proc file system is mounted on /proc here");
    }
    Map<Integer, ProcStatus> all = readAll();
    Map<Integer, List<Integer>> children =
        all.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    pid -> parentOf(all, pid), TreeMap::new, Collectors.toList()));
    Table table = new Table("INSIDE", "STAGE", "MACHINE", "STAT", "COMMAND");
    for (int pid : all.keySet()) {
      if (shows(procOf, all, pid) && !shows(procOf, all, parentOf(all, pid))) {
        branch(table, seen, all, children, pid, "");
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    String own = Libc.readLink("/proc/" + seen.actor().pid() + "/ns/pid");
    if (!procOf.equals(own)) {
      lines.add("this /proc belongs to " + procOf + ", the actor is in " + own);
    }
    return lines;
  }

  private static Map<Integer, ProcStatus> readAll() {
    Map<Integer, ProcStatus> all = new TreeMap<>();
    for (String name : Objects.requireNonNullElse(new File("/proc").list(), new String[0])) {
      if (name.matches("\\d+")) {
        ProcStatus.of(Integer.parseInt(name))
            .filter(status -> status.pidStage() > 0)
            .ifPresent(status -> all.put(Integer.valueOf(name), status));
      }
    }
    return all;
  }

  private static int parentOf(Map<Integer, ProcStatus> all, int pid) {
    ProcStatus status = all.get(pid);
    return status == null ? 0 : Integer.parseInt(status.get("PPid"));
  }

  /** Whether a process lives in a PID namespace or below it: then an ancestor of it lives in it. */
  private static boolean shows(String namespace, Map<Integer, ProcStatus> all, int pid) {
    Map<Integer, Boolean> visited = new HashMap<>();
    for (int p = pid; all.containsKey(p) && visited.put(p, true) == null; p = parentOf(all, p)) {
      if (namespace.equals(Libc.readLink("/proc/" + p + "/ns/pid"))) {
        return true;
      }
    }
    return false;
  }

  private static void branch(
      Table table,
      Looks.Seen seen,
      Map<Integer, ProcStatus> all,
      Map<Integer, List<Integer>> children,
      int pid,
      String indent) {
    ProcStatus status = Objects.requireNonNull(all.get(pid));
    String actor =
        seen.stage().actors().stream()
            .filter(a -> a.pid() == pid && !a.runsProgram())
            .map(Actor::name)
            .findFirst()
            .map(name -> " (" + name + ")")
            .orElse("");
    table.row(
        Integer.toString(status.pidInside()),
        Integer.toString(status.pidStage()),
        Integer.toString(pid),
        status.get("State").substring(0, 1),
        indent + (indent.isEmpty() ? "" : "\\_ ") + status.get("Name") + actor);
    for (int child : children.getOrDefault(pid, List.of())) {
      branch(table, seen, all, children, child, indent + "  ");
    }
  }
}
