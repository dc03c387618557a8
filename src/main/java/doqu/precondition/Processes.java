package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.kernel.ProcStat;
import doqu.kernel.Signals;
import doqu.observe.ProcStatus;
import doqu.observe.StageProcess;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What fork(2), wait4(2) and kill(2) need; in the order of kernel/fork.c, exit.c and signal.c. */
final class Processes {
  private static final int SIGNALS = 64;
  private static final long WALL = 0x40000000L;
  private static final long WCLONE = 0x80000000L;

  /** With WUNTRACED, WCONTINUED and __WNOTHREAD. */
  private static final long WAIT_KNOWN = Flags.WNOHANG | 2 | 8 | 0x20000000L | WALL | WCLONE;

  // Of clone(2).
  private static final long FS = 0x200;
  private static final long SIGHAND = 0x800;
  private static final long PARENT = 0x8000;
  private static final long THREAD = 0x10000;

  private Processes() {}

  static List<Precondition> fork() {
    return List.of(
        Precondition.of(
            Errno.EAGAIN,
            "its user has fewer processes than RLIMIT_NPROC",
            (now, call) -> belowTheLimit(now)),
        Precondition.of(
            Errno.EAGAIN, "its cgroup has fewer than pids.max", (now, call) -> belowPidsMax(now)),
        Precondition.of(
            Errno.ENOMEM,
            "PID 1 lives in the PID namespace its children go to",
            (now, call) -> initLives(now)));
  }

  static List<Precondition> cloned() {
    List<Precondition> all = new ArrayList<>();
    all.add(Precondition.of(Errno.EINVAL, "the flags of clone go together", Processes::together));
    all.addAll(fork());
    all.addAll(NewNamespaces.of());
    return all;
  }

  /** The first that copy_process() of kernel/fork.c asks. */
  private static Verdict together(Situation now, Call call) {
    long flags = call.number(0);
    long namespaces = flags & (Flags.CLONE_NEWNS | Flags.CLONE_NEWUSER);
    boolean init = now.status().pidInside() == 1;
    String wrong =
        has(flags, FS) && namespaces != 0
            ? "CLONE_FS shares what " + Flags.CLONE.show(namespaces) + " parts"
            : has(flags, THREAD) && !has(flags, SIGHAND)
                ? "CLONE_THREAD goes with CLONE_SIGHAND only"
                : has(flags, SIGHAND) && !has(flags, Flags.CLONE_VM)
                    ? "CLONE_SIGHAND goes with CLONE_VM only"
                    : has(flags, PARENT) && init
                        ? "with CLONE_PARENT the child of the init of a PID namespace would have its parent outside"
                        : "";
    return wrong.isEmpty()
        ? Verdict.holds(Flags.CLONE.show(flags))
        : Verdict.broken(Errno.EINVAL, wrong, "");
  }

  private static boolean has(long flags, long flag) {
    return (flags & flag) != 0;
  }

  private static Verdict belowTheLimit(Situation now) {
    OptionalLong limit = now.limit("Max processes");
    if (limit.isEmpty()) {
      return Verdict.holds("/proc/PID/limits has no limit");
    }
    long uid = uid(now.status());
    String user = now.namespace("user");
    // Not those on the stage only: who has built it is in its user namespace too.
    long count =
        StageProcess.everywhere().values().stream()
            .filter(process -> uid(process.status()) == uid)
            .filter(process -> user.equals(Libc.readLink("/proc/" + process.pid() + "/ns/user")))
            .count();
    return Verdict.of(
        count < limit.getAsLong(),
        Errno.EAGAIN,
        "Max processes is "
            + limit.getAsLong()
            + " in /proc/PID/limits; its user has "
            + count
            + " here",
        "");
  }

  private static long uid(ProcStatus status) {
    return Long.parseLong(status.get("Uid").split("\\s+", 2)[0]);
  }

  private static Verdict belowPidsMax(Situation now) {
    for (String line : file("/proc/" + now.actor().pid() + "/cgroup").lines().toList()) {
      String[] words = line.split(":", 3);
      boolean pids = words.length == 3 && Arrays.asList(words[1].split(",", -1)).contains("pids");
      if (pids || line.startsWith("0::")) {
        String folder = "/sys/fs/cgroup" + (pids ? "/pids" : "") + words[2];
        String most = file(folder + "/pids.max").strip();
        String has = file(folder + "/pids.current").strip();
        if (most.matches("\\d+") && has.matches("\\d+")) {
          return Verdict.of(
              Long.parseLong(has) < Long.parseLong(most),
              Errno.EAGAIN,
              folder + "/pids.max is " + most + ", pids.current " + has,
              "");
        }
      }
    }
    return Verdict.holds("none is set");
  }

  private static String file(String path) {
    return new String(
        Objects.requireNonNullElse(Libc.readFile(path), new byte[0]), StandardCharsets.UTF_8);
  }

  private static Verdict initLives(Situation now) {
    String childrens = now.namespace("pid_for_children");
    if (childrens.isEmpty()) {
      return Verdict.holds("the child will be PID 1 itself");
    }
    if (childrens.equals(now.namespace("pid"))) {
      return Verdict.holds("they go to " + childrens + ", its own");
    }
    boolean lives =
        now.processes().stream()
            .filter(
                process -> childrens.equals(Libc.readLink("/proc/" + process.pid() + "/ns/pid")))
            .filter(process -> !process.status().get("State").startsWith("Z"))
            .anyMatch(process -> process.status().pidInside() == 1);
    return Verdict.of(
        lives,
        Errno.ENOMEM,
        "in "
            + childrens
            + " PID 1 "
            + (lives ? "lives" : "has ended: no process can be made there any more"),
        "");
  }

  static List<Precondition> wait4() {
    return List.of(
        Precondition.of(
            Errno.EINVAL,
            "the flags are ones wait4 knows",
            (now, call) -> {
              long unknown = Integer.toUnsignedLong((int) call.number(2)) & ~WAIT_KNOWN;
              return Verdict.of(
                  unknown == 0,
                  Errno.EINVAL,
                  unknown == 0
                      ? Flags.WAIT.show(Integer.toUnsignedLong((int) call.number(2)))
                      : "0x" + Integer.toHexString((int) unknown) + " is none",
                  "");
            }),
        Precondition.of(
            Errno.ESRCH,
            "the PID is none without its opposite",
            (now, call) ->
                Verdict.of(
                    (int) call.number(0) != Integer.MIN_VALUE,
                    Errno.ESRCH,
                    "it is " + (int) call.number(0),
                    "")),
        Precondition.of(
            Errno.ECHILD,
            "it has such a child that nobody has waited for",
            (now, call) ->
                (int) call.number(0) == Integer.MIN_VALUE
                    ? Verdict.notNeeded()
                    : hasChild(now, call)),
        Precondition.of(
            Errno.EFAULT,
            "how it ended, and what it used, can be written where that is wanted",
            Processes::canBeTold));
  }

  /** Asked last: the child has been waited for by then. */
  private static Verdict canBeTold(Situation now, Call call) {
    for (int argument : new int[] {1, 3}) {
      boolean sent = argument < call.args().size() && call.args().get(argument).block().length > 0;
      if (!sent && call.number(argument) != 0) {
        Verdict verdict = OwnMemory.writable(now, call.number(argument), "that");
        return verdict.isBroken() && (call.number(2) & Flags.WNOHANG) != 0
            ? Verdict.unknown(verdict.evidence() + ", if there is one that has ended")
            : verdict;
      }
    }
    return Verdict.notNeeded();
  }

  private static Verdict hasChild(Situation now, Call call) {
    int pid = (int) call.number(0);
    int level = now.status().get("NSpid").split("\\s+", -1).length - 1;
    int group = pid < -1 ? -pid : pid == 0 ? at(now.status(), "NSpgid", level) : 0;
    List<Integer> pids = new ArrayList<>();
    List<Integer> unseen = new ArrayList<>();
    String self = Integer.toString(now.actor().pid());
    for (String child :
        file("/proc/" + self + "/task/" + self + "/children").strip().split(" ", -1)) {
      Optional<ProcStat> stat =
          child.isEmpty() ? Optional.empty() : ProcStat.read("/proc/" + child);
      if (stat.isPresent()) {
        boolean found = finds(call.number(2), stat.get().exitSignal() == Signals.SIGCHLD);
        ProcStatus.of(Integer.parseInt(child))
            .filter(status -> group == 0 || at(status, "NSpgid", level) == group)
            .ifPresent(status -> (found ? pids : unseen).add(status.pidAt(level)));
      }
    }
    boolean has = pid > 0 ? pids.contains(pid) : !pids.isEmpty();
    String of = group == 0 ? "" : " of the process group " + group;
    String evidence =
        !unseen.isEmpty()
            ? "PIDs " + unseen + of + " were cloned " + unseenFor(call.number(2))
            : pids.isEmpty() && of.isEmpty()
                ? "/proc/PID/task/PID/children is empty"
                : "its children" + of + " have the PIDs " + pids;
    return Verdict.of(has, Errno.ECHILD, evidence, has || pid != -1 ? "" : "fork");
  }

  /** Whether wait4(2) looks for children that tell by SIGCHLD of their end, or do not. */
  private static boolean finds(long flags, boolean tells) {
    return (flags & WALL) != 0 || tells == ((flags & WCLONE) == 0);
  }

  private static String unseenFor(long flags) {
    return (flags & WCLONE) == 0
        ? "without SIGCHLD: wait4 finds them with __WALL only"
        : "with SIGCHLD: with __WCLONE wait4 does not look for them";
  }

  /** One of the numbers of a field, for that of its PID namespaces; 0: it has none there. */
  private static int at(ProcStatus status, String field, int level) {
    String[] numbers = status.get(field).split("\\s+", -1);
    return level < numbers.length ? Integer.parseInt(numbers[level]) : 0;
  }

  static List<Precondition> kill() {
    return List.of(
        Precondition.of(
            Errno.ESRCH,
            "there is a process of that PID in its PID namespace",
            (now, call) -> exists(now, (int) call.number(0))),
        Precondition.of(
            Errno.EPERM,
            "it has the user of the process, or CAP_KILL over its user namespace",
            (now, call) -> maySignal(now, (int) call.number(0), call.number(1))),
        Precondition.of(
            Errno.EINVAL,
            "the signal is one",
            (now, call) ->
                Verdict.of(
                    call.number(1) >= 0 && call.number(1) <= SIGNALS,
                    Errno.EINVAL,
                    "it is " + call.number(1),
                    "")));
  }

  private static Optional<StageProcess> target(Situation now, int pid) {
    return Optional.ofNullable(StageProcess.seenBy(now.actor(), now.stage()).get(pid));
  }

  private static Verdict exists(Situation now, int pid) {
    if (pid <= 0) {
      return Verdict.unknown("a group of processes is meant");
    }
    Optional<StageProcess> target = target(now, pid);
    boolean machines =
        now.stage().isBare()
            && now.stage().sharesWithHost(now.actor(), Namespace.PID)
            && ProcStatus.of(pid).isPresent();
    return Verdict.of(
        target.isPresent() || machines,
        Errno.ESRCH,
        target
            .map(process -> pid + " is " + process.shown(now.stage()))
            .orElse("in " + now.namespace("pid") + " there is " + (machines ? pid : "none")),
        "");
  }

  private static boolean isOfItsSession(Situation now, StageProcess target) {
    Optional<Integer> own = ProcStat.read("/proc/" + now.actor().pid()).map(ProcStat::session);
    return own.isPresent()
        && own.equals(ProcStat.read("/proc/" + target.pid()).map(ProcStat::session));
  }

  private static Verdict maySignal(Situation now, int pid, long signal) {
    Optional<StageProcess> target = target(now, pid);
    if (target.isEmpty()) {
      return Verdict.notNeeded();
    }
    String[] own = now.status().get("Uid").split("\\s+", -1);
    String[] its = target.get().status().get("Uid").split("\\s+", -1);
    boolean same =
        Stream.of(own[0], own[1]).anyMatch(uid -> uid.equals(its[0]) || uid.equals(its[2]));
    if (same) {
      return Verdict.holds("both have the same uid");
    }
    // To go on may be said to all of a session, whose they are (kill(2)).
    if (signal == Signals.SIGCONT && isOfItsSession(now, target.get())) {
      return Verdict.holds("both are of one session, and the signal is SIGCONT");
    }
    return Privilege.over(
        now,
        Capability.CAP_KILL,
        UserNs.around("/proc/" + target.get().pid() + "/ns/user"),
        "PID " + pid,
        "");
  }
}
