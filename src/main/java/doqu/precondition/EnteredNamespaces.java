package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What setns(2) needs; in the order of kernel/nsproxy.c and of each kind's install function. */
final class EnteredNamespaces {
  private static final Pattern LINK = Pattern.compile("(\\w+):\\[\\d+]");
  private static final Pattern FILE = Pattern.compile("/proc/(?:self|\\d+)/ns/(\\w+)");

  private EnteredNamespaces() {}

  static List<Precondition> setns() {
    return List.of(
        Precondition.of(
            Errno.EBADF, "the descriptor is open", (now, call) -> open(now, call.number(0))),
        Precondition.of(Errno.EINVAL, "it is one of a namespace", EnteredNamespaces::isOne),
        Precondition.of(
            Errno.EINVAL,
            "it is one of the kind that is asked for",
            (now, call) ->
                EnteredProcess.of(now, call.number(0))
                    .map(process -> EnteredProcess.areKinds(call.number(1)))
                    .or(() -> target(now, call).map(target -> target.isOf(call.number(1))))
                    .orElse(Verdict.notNeeded())),
        Precondition.of(
            Errno.ESRCH,
            "the process of a pidfd has not ended",
            (now, call) ->
                EnteredProcess.of(now, call.number(0))
                    .map(EnteredProcess::lives)
                    .orElse(Verdict.notNeeded())),
        Precondition.of(
            Errno.EPERM,
            "it may look into the process of a pidfd",
            (now, call) ->
                EnteredProcess.of(now, call.number(0))
                    .filter(process -> !process.lives().isBroken())
                    .map(process -> Inspection.allowed(now, process.pid()))
                    .orElse(Verdict.notNeeded())),
        Precondition.of(
            Errno.EINVAL,
            "a user namespace is another than its own",
            of(EnteredNamespaces::isAnother)),
        Precondition.of(
            Errno.EPERM, "CAP_SYS_ADMIN over the namespace", of(EnteredNamespaces::overTarget)),
        Precondition.of(
            Errno.EPERM,
            "CAP_SYS_ADMIN in its own user namespace",
            (now, call) ->
                target(now, call).filter(target -> target.kind == Namespace.USER).isPresent()
                        || entersUser(now, call)
                    ? Verdict.notNeeded()
                    : of((there, target) -> Privilege.own(there, Capability.CAP_SYS_ADMIN))
                        .of(now, call)),
        Precondition.of(
            Errno.EPERM,
            "for a mount namespace CAP_SYS_CHROOT in its own user namespace",
            (now, call) ->
                entersUser(now, call)
                    ? Verdict.notNeeded()
                    : of((there, target) ->
                            target.kind == Namespace.MNT
                                ? Privilege.own(there, Capability.CAP_SYS_CHROOT)
                                : Verdict.notNeeded())
                        .of(now, call)),
        Precondition.of(
            Errno.EINVAL,
            "a PID namespace is its own or one below",
            of(EnteredNamespaces::isBelow)));
  }

  /** Whether a user namespace is entered with others: what it may there it has in that. */
  private static boolean entersUser(Situation now, Call call) {
    return EnteredProcess.of(now, call.number(0)).isPresent()
        && (call.number(1) & Namespace.USER.flag()) != 0;
  }

  /**
   * What a descriptor is of.
   *
   * @param link as in /proc/PID/ns; empty: no namespace
   * @param file by which doqu can open it
   */
  private record Target(String link, Namespace kind, String file) {
    Verdict isOf(long flags) {
      return Verdict.of(
          flags == 0 || flags == kind.flag(),
          Errno.EINVAL,
          "it is "
              + link
              + (flags == 0 ? ", and any will do" : ", asked for is " + Flags.CLONE.show(flags)),
          "");
    }
  }

  private static Precondition.Check of(BiFunction<Situation, Target, Verdict> check) {
    return (now, call) -> {
      Verdict found = Verdict.notNeeded();
      for (Target target : targets(now, call)) {
        Verdict verdict = check.apply(now, target);
        if (verdict.isBroken()) {
          return verdict;
        }
        found = verdict.state() == Verdict.State.NOT_NEEDED ? found : verdict;
      }
      return found;
    };
  }

  /** That of a descriptor, or those of a process that are asked for, in the kernel's order. */
  private static List<Target> targets(Situation now, Call call) {
    return EnteredProcess.of(now, call.number(0))
        .map(
            process ->
                EnteredProcess.areKinds(call.number(1)).isBroken()
                    ? List.<Target>of()
                    : process.namespaces(call.number(1)).entrySet().stream()
                        .map(
                            one ->
                                new Target(
                                    one.getValue(), one.getKey(), process.file(one.getKey())))
                        .toList())
        .orElseGet(() -> target(now, call).stream().toList());
  }

  private static Verdict isOne(Situation now, Call call) {
    return now.descriptor(call.number(0))
        .map(
            opened ->
                Verdict.of(
                    target(now, call).isPresent()
                        || EnteredProcess.of(now, call.number(0)).isPresent(),
                    Errno.EINVAL,
                    "descriptor " + call.number(0) + " is of " + opened,
                    ""))
        .orElse(Verdict.notNeeded());
  }

  private static Verdict open(Situation now, long descriptor) {
    Optional<String> opened = now.descriptor(descriptor);
    return Verdict.of(
        opened.isPresent(),
        Errno.EBADF,
        "/proc/PID/fd has "
            + opened.map(of -> descriptor + ", of " + of).orElse("no " + descriptor),
        "");
  }

  private static Optional<Target> target(Situation now, Call call) {
    String opened = now.descriptor(call.number(0)).orElse("");
    Matcher link = LINK.matcher(opened);
    if (link.matches()) {
      return kind(link.group(1))
          .map(kind -> new Target(opened, kind, now.descriptorFile(call.number(0))));
    }
    // A predicted call has opened it: then it is a path of the actor's.
    Matcher file = FILE.matcher(opened);
    return file.matches()
        ? now.files()
            .linkAt(opened)
            .flatMap(
                of ->
                    kind(of.replaceFirst(":.*", ""))
                        .map(
                            kind ->
                                new Target(
                                    of, kind, "/proc/" + now.actor().pid() + "/root" + opened)))
        : Optional.empty();
  }

  private static Optional<Namespace> kind(String name) {
    return Arrays.stream(Namespace.values()).filter(kind -> kind.file().equals(name)).findFirst();
  }

  private static Verdict isAnother(Situation now, Target target) {
    return target.kind == Namespace.USER
        ? Verdict.of(
            !target.link.equals(now.namespace(Namespace.USER)),
            Errno.EINVAL,
            "it is " + target.link + ", its own is " + now.namespace(Namespace.USER),
            "")
        : Verdict.notNeeded();
  }

  private static Verdict overTarget(Situation now, Target target) {
    List<UserNs> chain =
        target.kind == Namespace.USER ? UserNs.around(target.file) : UserNs.owning(target.file);
    return Privilege.over(now, Capability.CAP_SYS_ADMIN, chain, target.link, "");
  }

  private static Verdict isBelow(Situation now, Target target) {
    if (target.kind != Namespace.PID) {
      return Verdict.notNeeded();
    }
    String own = now.namespace(Namespace.PID);
    long at = Libc.open(target.file, Flags.O_RDONLY);
    if (at < 0) {
      return Verdict.unknown("doqu may not open it");
    }
    boolean found = false;
    while (at >= 0 && !found) {
      found = own.equals(Libc.readLink("/proc/self/fd/" + at));
      long parent = found ? -1 : Libc.parentNamespace((int) at);
      Libc.close((int) at);
      at = parent;
    }
    return Verdict.of(
        found,
        Errno.EINVAL,
        target.link + " is " + (found ? "" : "not ") + "its own, " + own + ", or below it",
        "");
  }
}
