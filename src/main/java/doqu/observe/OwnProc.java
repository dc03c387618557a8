package doqu.observe;

import doqu.kernel.Libc;
import doqu.kernel.ProcStat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The proc file system a process finds on its own /proc. It belongs to one PID namespace, which
 * need not be the process's own: that is what a learner is to see.
 */
public final class OwnProc {
  private final String folder;

  private OwnProc(String folder) {
    this.folder = folder;
  }

  /** That of a process, by its PID in doqu's own PID namespace; empty: none is mounted there. */
  public static Optional<OwnProc> of(int pid) {
    return Mounts.of(pid)
        .at("/proc")
        .filter(mount -> mount.type().equals("proc"))
        .map(mount -> new OwnProc("/proc/" + pid + "/root/proc"));
  }

  /** One that a process finds elsewhere: at the point of a mount of its own. */
  public static OwnProc at(int pid, Mount mount) {
    return new OwnProc("/proc/" + pid + "/root" + mount.point());
  }

  /** The PID namespace it shows, {@code pid:[4026531836]}; empty: its PID 1 has ended. */
  public Optional<String> namespace() {
    return pidNamespace(folder + "/1");
  }

  /** The PID under which it shows a process that doqu knows by another; empty: it does not. */
  public OptionalInt pidOf(int pid) {
    List<Integer> pids = ProcStatus.of(pid).map(ProcStatus::pids).orElse(List.of());
    for (int level = 0; level < pids.size(); level++) {
      List<Integer> below = pids.subList(level, pids.size());
      String there = folder + "/" + below.get(0);
      // NSpid begins with the namespace of the mount. The last of the PIDs and the namespace it is
      // from say who it is; of a zombie the kernel may not tell the namespace, but when it began.
      boolean same =
          ProcStatus.read(there).map(ProcStatus::pids).filter(below::equals).isPresent()
              && pidNamespace(there).equals(pidNamespace("/proc/" + pid))
              && startTime(there).equals(startTime("/proc/" + pid));
      if (same) {
        return OptionalInt.of(below.get(0));
      }
    }
    return OptionalInt.empty();
  }

  private static Optional<String> pidNamespace(String process) {
    return Optional.ofNullable(Libc.readLink(process + "/ns/pid"));
  }

  private static Optional<String> startTime(String process) {
    return ProcStat.read(process).map(ProcStat::startTime);
  }
}
