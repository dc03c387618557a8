package doqu.step;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.observe.OwnProc;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A /proc of another PID namespace: a proc file system shows that of who mounted it, whoever looks.
 * It comes with a fork into a new PID namespace, and when another /proc comes in sight.
 */
final class ForeignProc {
  private static final String POINT = "/proc";

  private ForeignProc() {}

  static Stream<Notice> shown(Aftermath step) {
    // One who is in the namespace of its parent has the /proc of its parent, of which was told.
    Stream<Actor> born =
        step.born().filter(child -> !namespace(child).equals(step.was().fact("pid")));
    Stream<Actor> itself =
        step.isSeen() && hasAnother(step) ? Stream.of(step.actor()) : Stream.empty();
    return Stream.concat(born, itself).flatMap(actor -> notice(step, actor).stream());
  }

  private static boolean hasAnother(Aftermath step) {
    Mounts was = step.was().mounts();
    Mounts is = step.is().mounts();
    return !(was.same(is) || device(was).equals(device(is)));
  }

  private static String device(Mounts mounts) {
    return mounts.at(POINT).map(Mount::device).orElse("");
  }

  private static String namespace(Actor actor) {
    return Optional.ofNullable(Libc.readLink(POINT + "/" + actor.pid() + "/ns/pid")).orElse("");
  }

  private static Optional<Notice> notice(Aftermath step, Actor actor) {
    String own = namespace(actor);
    return OwnProc.of(actor.pid())
        .flatMap(OwnProc::namespace)
        .filter(shown -> !own.isEmpty() && !shown.equals(own))
        .map(
            shown ->
                new Notice(
                    "foreign /proc",
                    "the /proc of " + actor.name() + " shows another PID namespace than its own",
                    "/proc/1/ns/pid is " + shown + ", its own " + own,
                    step.switchTo(actor) + mend(step, actor)));
  }

  /** In another mount namespace than the host's, and where nobody else is shown it. */
  private static String mend(Aftermath step, Actor actor) {
    boolean hosts = step.stage().sharesWithHost(actor, Namespace.MNT);
    Mounts mounts = Mounts.of(actor.pid());
    String apart =
        mounts
            .at(POINT)
            .filter(proc -> hosts || !proc.peers().isEmpty())
            .map(proc -> "mount --make-rprivate " + MountLeak.top(mounts.list(), proc) + "; ")
            .orElse("");
    return (hosts ? "unshare mnt; " : "") + apart + "mount -t proc proc /proc";
  }
}
