package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is laid upon a process from outside: seccomp(2) filters, AppArmor, SELinux. */
final class Confinement {
  private static final String FILTER = "a seccomp filter is in force (Seccomp: 2)";

  /** No flag of any call has this bit alone. */
  private static final long NO_FLAG = 1;

  private static final Arg NULL = Arg.nothing();
  private static final Arg MINUS_ONE = Arg.number(-1);

  /**
   * A call that does nothing. The kernel's own answer is known, for it is given before the kernel
   * looks at any right: any other comes from a filter.
   */
  private record Nothing(Call call, int answer) {
    static Nothing fails(Errno errno, String name, Arg... args) {
      return new Nothing(Call.of(name, args), -errno.number());
    }
  }

  private Confinement() {}

  static Stream<Cause> against(Failure failure, Evidence machine) {
    return Stream.of(
            seccomp(failure, machine), appArmor(failure, machine), seLinux(failure, machine))
        .flatMap(Optional::stream);
  }

  /** What is left to be blamed when no cause can be proved. */
  static Stream<Cause> whenNothingElse(Failure failure, Evidence machine) {
    boolean filtered = Container.seccomp(machine);
    if (failure.with(Errno.ENOSYS)) {
      return Stream.of(
          new Cause(
              "this kernel does not know " + failure.call() + (filtered ? ", or " + FILTER : ""),
              "Linux 5.12 or newer knows it" + (filtered ? "; " + command(machine) : "")));
    }
    return filtered && failure.with(Errno.EPERM, Errno.EACCES)
        ? Stream.of(new Cause(FILTER + ", and nothing else is seen", command(machine)))
        : Stream.empty();
  }

  /** What ends a process with SIGSYS. */
  static List<Cause> kills(Evidence machine) {
    return List.of(
        new Cause("a seccomp filter ended it for a call it made (SIGSYS)", command(machine)));
  }

  private static String command(Evidence machine) {
    return Container.command(machine);
  }

  private static Optional<Cause> seccomp(Failure failure, Evidence machine) {
    Actor actor = failure.actor();
    if (actor == null || !Container.seccomp(machine)) {
      return Optional.empty();
    }
    return nothings(failure)
        .flatMap(nothing -> givenAway(actor, nothing))
        .findFirst()
        .map(shown -> new Cause(FILTER + " and answers even " + shown, command(machine)));
  }

  private static Stream<Nothing> nothings(Failure failure) {
    return switch (failure.call()) {
      case "unshare" ->
          Stream.of(
              new Nothing(Call.of("unshare", Arg.number(0)), 0),
              // A filter may go by the flags.
              Nothing.fails(Errno.EINVAL, "unshare", Arg.hex(failure.namespaces() | NO_FLAG)));
      case "mount" ->
          Stream.of(Nothing.fails(Errno.EFAULT, "mount", NULL, NULL, NULL, Arg.number(0), NULL));
      case "umount2" -> Stream.of(Nothing.fails(Errno.EINVAL, "umount2", NULL, MINUS_ONE));
      case "pivot_root" -> Stream.of(Nothing.fails(Errno.EFAULT, "pivot_root", NULL, NULL));
      case "mount_setattr" ->
          // Not every kernel knows this one.
          failure.with(Errno.ENOSYS)
              ? Stream.empty()
              : Stream.of(
                  Nothing.fails(
                      Errno.EINVAL,
                      "mount_setattr",
                      MINUS_ONE,
                      NULL,
                      MINUS_ONE,
                      NULL,
                      Arg.number(0)));
      case "sethostname" -> Stream.of(Nothing.fails(Errno.EINVAL, "sethostname", NULL, MINUS_ONE));
      default -> Stream.empty();
    };
  }

  /** The call with its answer, if that is not the kernel's. */
  private static Stream<String> givenAway(Actor actor, Nothing nothing) {
    try {
      Reply reply = actor.plumb(nothing.call);
      return Stream.of(reply)
          .filter(Reply::failed)
          .filter(answer -> answer.value() != nothing.answer)
          .map(answer -> nothing.call + " with " + Failure.of("", answer.errno()).error());
    } catch (ActorGone e) {
      return Stream.of(nothing.call + " with its end");
    }
  }

  private static Optional<Cause> appArmor(Failure failure, Evidence machine) {
    // It denies files and mounts with EACCES, capabilities with EPERM as a filter does.
    boolean denied =
        failure.with(Errno.EACCES) || (failure.with(Errno.EPERM) && !Container.seccomp(machine));
    return Container.appArmor(machine)
        .filter(label -> denied)
        .map(
            label ->
                new Cause(
                    "AppArmor confines doqu: /proc/self/attr/current is " + label,
                    command(machine)));
  }

  private static Optional<Cause> seLinux(Failure failure, Evidence machine) {
    return failure.with(Errno.EACCES) && machine.says("/sys/fs/selinux/enforce", "1")
        ? Optional.of(
            new Cause(
                "SELinux enforces its policy (/sys/fs/selinux/enforce is 1)",
                "as root: ausearch -m avc -ts recent says which rule"))
        : Optional.empty();
  }
}
