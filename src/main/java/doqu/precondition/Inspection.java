package doqu.precondition;

import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.observe.ProcStatus;
import doqu.stage.IdMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether an actor may look into another process, as who reads what /proc links to has to; the same
 * as for ptrace(2), to read (ptrace_may_access of kernel/ptrace.c, security/commoncap.c).
 */
final class Inspection {
  /** PROC_USER_INIT_INO of include/linux/proc_ns.h: the user namespace around all others. */
  private static final String OUTERMOST = "user:[4026531837]";

  private Inspection() {}

  /**
   * That it may.
   *
   * @param pid of the process, as doqu's own /proc has it
   */
  static Verdict allowed(Situation now, int pid) {
    if (pid == now.actor().pid()) {
      return Verdict.holds("it is its own");
    }
    Verdict capable = capable(now, pid);
    if (capable.state() == Verdict.State.HOLDS) {
      return capable;
    }
    Optional<ProcStatus> its = ProcStatus.of(pid);
    String differs = its.map(status -> differs(now, status)).orElse("");
    if (!differs.isEmpty() && capable.isBroken()) {
      return Verdict.broken(Errno.EPERM, differs + ", and " + capable.evidence(), capable.mend());
    }
    return capable.isBroken()
            && !now.namespace("user").equals(Libc.readLink("/proc/" + pid + "/ns/user"))
        ? capable
        : Verdict.unknown(
            "it has the same ids, and whether it is dumpable the kernel tells nobody");
  }

  private static Verdict capable(Situation now, int pid) {
    List<UserNs> around = UserNs.around("/proc/" + pid + "/ns/user");
    if (!around.isEmpty()) {
      return Privilege.over(now, Capability.CAP_SYS_PTRACE, around, "the process", "");
    }
    Verdict own = Privilege.own(now, Capability.CAP_SYS_PTRACE);
    // Who has it there has it everywhere, whatever namespace the other is in.
    return own.isBroken()
        ? own
        : now.namespace("user").equals(OUTERMOST)
            ? Verdict.holds("CapEff has CAP_SYS_PTRACE, in the outermost user namespace")
            : Verdict.unknown("doqu may not ask for its user namespace");
  }

  /** In what the other has more, or is another's; empty: in nothing. */
  private static String differs(Situation now, ProcStatus its) {
    for (String field : List.of("Uid", "Gid")) {
      if (!its.get(field).equals(now.status().get(field))) {
        return "its "
            + field
            + " is "
            + inside(now, its, field)
            + ", that of the actor "
            + inside(now, now.status(), field);
      }
    }
    long more = its.capabilities("CapPrm") & ~now.status().capabilities("CapPrm");
    return more == 0 ? "" : "its CapPrm has more than that of the actor";
  }

  /** The ids of a field as the actor has them: real, effective, saved and that for files. */
  private static String inside(Situation now, ProcStatus status, String field) {
    IdMap map = field.equals("Uid") ? now.ids().users() : now.ids().groups();
    return Stream.of(status.get(field).split("\\s+", -1))
        .map(id -> Long.toString(map.inside(Long.parseLong(id))))
        .collect(Collectors.joining(" "));
  }

  /** Why it may not, in words. */
  static String denied(Situation now, int pid) {
    Verdict allowed = allowed(now, pid);
    if (allowed.state() == Verdict.State.HOLDS) {
      now.leavesUnexplained();
      return allowed.evidence() + ", so that it might: what forbids it the kernel tells nobody";
    }
    return allowed.evidence();
  }
}
