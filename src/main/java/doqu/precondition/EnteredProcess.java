package doqu.precondition;

import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.kernel.ProcStat;
import doqu.observe.FdInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The process whose namespaces setns(2) enters when it is given a pidfd (validate_nsset of
 * kernel/nsproxy.c).
 *
 * @param pid as doqu's own /proc has it; less than 1: it has ended, or is in another PID namespace
 */
record EnteredProcess(int pid) {
  /** The user namespace first: what the others need is had in that. */
  private static final List<Namespace> ORDER =
      Stream.concat(Stream.of(Namespace.USER), NewNamespaces.ORDER.stream()).toList();

  /** That of a descriptor; empty: it is of no process. */
  static Optional<EnteredProcess> of(Situation now, long descriptor) {
    // As it is called before pidfds had a file system of their own, and since (Linux 6.9).
    return now.descriptor(descriptor)
        .filter(of -> of.equals("anon_inode:[pidfd]") || of.startsWith("pidfd:["))
        .map(of -> FdInfo.of("/proc/" + now.actor().pid(), descriptor).get("Pid"))
        .filter(pid -> !pid.isEmpty())
        .map(pid -> new EnteredProcess(Integer.parseInt(pid)));
  }

  /** That kinds of namespaces are asked for: of a process it has to be said which. */
  static Verdict areKinds(long flags) {
    boolean are = (int) flags != 0 && (flags & ~NewNamespaces.ALL) == 0;
    return Verdict.of(
        are,
        Errno.EINVAL,
        (int) flags == 0
            ? "it is a pidfd, and of a process has to be said which of its namespaces"
            : "asked for is " + Flags.CLONE.show(flags),
        "");
  }

  Verdict lives() {
    boolean lives =
        pid > 0 && ProcStat.read("/proc/" + pid).filter(stat -> !stat.zombie()).isPresent();
    return Verdict.of(
        lives,
        Errno.ESRCH,
        "its Pid in /proc/PID/fdinfo is " + pid + (lives ? "" : ", which has ended"),
        "");
  }

  /** The links of those that are asked for, as in /proc/PID/ns. */
  Map<Namespace, String> namespaces(long flags) {
    Map<Namespace, String> links = new LinkedHashMap<>();
    for (Namespace kind : ORDER) {
      String link = Libc.readLink(file(kind));
      if ((flags & kind.flag()) != 0 && link != null) {
        links.put(kind, link);
      }
    }
    return links;
  }

  /** The file by which doqu opens one of them. */
  String file(Namespace kind) {
    return "/proc/" + pid + "/ns/" + kind.file();
  }
}
