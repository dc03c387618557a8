package doqu.look;

import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.StageProcess;
import doqu.step.Args;
import java.util.List;
import java.util.Objects;

/** {@code ns}: the namespaces of an actor, in the columns of lsns(8). */
final class Ns {
  private Ns() {}

  static List<String> show(Looks.Seen seen, Args args) {
    List<StageProcess> processes = StageProcess.all(seen.stage());
    Table table = new Table("NS", "TYPE", "NPROCS", "PID", "USER", "COMMAND");
    for (Namespace kind : Namespace.values()) {
      String link = link(seen.actor().pid(), kind);
      List<StageProcess> members =
          processes.stream().filter(p -> link(p.pid(), kind).equals(link)).toList();
      if (!members.isEmpty()) {
        StageProcess first = members.get(0);
        boolean hosts = link.equals(seen.stage().hostNamespaces().get(kind));
        table.row(
            link.replaceAll("\\D", ""),
            kind.file(),
            Integer.toString(members.size()),
            Integer.toString(first.status().pidAt(seen.stage().level())),
            user(seen, first),
            first.shown(seen.stage()) + (hosts ? " (the host's)" : ""));
      }
    }
    return table.lines();
  }

  private static String link(int pid, Namespace kind) {
    return Objects.requireNonNullElse(Libc.readLink("/proc/" + pid + "/ns/" + kind.file()), "?");
  }

  /** Whose the process is on the stage. */
  private static String user(Looks.Seen seen, StageProcess process) {
    long uid = seen.stage().hostIds().users().inside(process.status().id("Uid"));
    return uid == 0 ? "root" : Long.toString(uid);
  }
}
