package doqu.observe;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.stage.Stage;
import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * A process on a stage, an actor or not.
 *
 * @param pid its PID in doqu's own PID namespace
 */
public record StageProcess(int pid, ProcStatus status) {

  /** All that doqu itself sees, those on no stage too, by their PIDs. */
  public static Map<Integer, StageProcess> everywhere() {
    Map<Integer, StageProcess> machine = new HashMap<>();
    for (String name : Objects.requireNonNullElse(new File("/proc").list(), new String[0])) {
      if (name.matches("\\d+")) {
        int pid = Integer.parseInt(name);
        ProcStatus.of(pid).ifPresent(status -> machine.put(pid, new StageProcess(pid, status)));
      }
    }
    return machine;
  }

  /** All on a stage, its init included, in the order of their PIDs there. */
  public static List<StageProcess> all(Stage stage) {
    Map<Integer, StageProcess> machine = everywhere();
    List<StageProcess> all = new ArrayList<>();
    for (StageProcess process : machine.values()) {
      if (descends(process, stage.init().pid(), machine)) {
        all.add(process);
      }
    }
    all.sort(Comparator.comparing(process -> process.status.pidAt(stage.level())));
    return all;
  }

  /** Whom an actor's kernel knows by a PID, by that PID. */
  public static Map<Integer, StageProcess> seenBy(Actor viewer, Stage stage) {
    Map<Integer, StageProcess> seen = new TreeMap<>();
    String namespace = namespace(viewer.pid());
    List<StageProcess> all = all(stage);
    Map<Integer, StageProcess> byPid = new HashMap<>();
    all.forEach(process -> byPid.put(process.pid, process));
    for (StageProcess process : all) {
      // A namespace is seen from those around it: the process descends from somebody in the
      // viewer's.
      StageProcess at = process;
      int deeper = 0;
      while (at != null && !namespace(at.pid).equals(namespace)) {
        String its = namespace(at.pid);
        at = byPid.get(at.parent());
        deeper += at == null || namespace(at.pid).equals(its) ? 0 : 1;
      }
      String[] pids = process.status.get("NSpid").split("\\s+");
      if (at != null && pids.length > deeper && pids[pids.length - 1 - deeper].matches("\\d+")) {
        seen.put(Integer.parseInt(pids[pids.length - 1 - deeper]), process);
      }
    }
    return seen;
  }

  private static String namespace(int pid) {
    return Objects.requireNonNullElse(Libc.readLink("/proc/" + pid + "/ns/pid"), "");
  }

  /** Orphans come to the init of their namespace: whoever is on the stage descends from its own. */
  private static boolean descends(
      StageProcess process, int ancestor, Map<Integer, StageProcess> machine) {
    Set<Integer> seen = new HashSet<>(); // the processes were not read all at one moment
    StageProcess at = process;
    while (at != null && at.pid != ancestor && seen.add(at.pid)) {
      at = machine.get(at.parent());
    }
    return at != null && at.pid == ancestor;
  }

  /** The PID of its parent in doqu's own PID namespace. */
  public int parent() {
    return Integer.parseInt(status.get("PPid"));
  }

  /** What ps(1) calls it, and in parentheses the actor it is. */
  public String shown(Stage stage) {
    return status.get("Name")
        + stage.actors().stream()
            .filter(
                actor -> actor.pid() == pid && !actor.runsProgram() && Life.of(actor) != Life.GONE)
            .map(Actor::name)
            .findFirst()
            .map(name -> " (" + name + ")")
            .orElse("");
  }

  /** The same behind its PID on the stage: {@code PID 3, sh}. */
  public String numbered(Stage stage) {
    return "PID " + status.pidAt(stage.level()) + ", " + shown(stage);
  }
}
