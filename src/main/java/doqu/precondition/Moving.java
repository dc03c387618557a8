package doqu.precondition;

import doqu.kernel.Errno;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What mount(2) needs to take a mount elsewhere: MS_MOVE. */
final class Moving {
  private Moving() {}

  private static Precondition.Check moved(BiFunction<Situation, Mount, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, Mounting.SOURCE).filter(Place::mountRoot).isPresent()
            ? Mounting.mounted(Mounting.SOURCE, check).of(now, call)
            : Verdict.notNeeded();
  }

  static List<Precondition> all() {
    return List.of(
        Mounting.sourceGiven(),
        Mounting.sourceLeads(),
        Mounting.mountPoint(Mounting.SOURCE, "SOURCE", false),
        Mounting.sameKind(Errno.EINVAL),
        Mounting.targetStays(),
        Mounting.inNamespace(Mounting.SOURCE, "SOURCE's mount", Errno.EINVAL),
        Precondition.of(
            Errno.EINVAL,
            "SOURCE's mount is not locked",
            moved((now, mount) -> now.mounts().notLocked(mount))),
        Precondition.of(
            Errno.EINVAL,
            "the mount SOURCE's lies on is not shared",
            moved(
                (now, mount) ->
                    now.mounts()
                        .parent(mount)
                        .map(
                            on ->
                                Verdict.of(
                                    on.peers().isEmpty(),
                                    Errno.EINVAL,
                                    MountTree.propagation(on),
                                    now.unlessChrooted("mount --make-private " + on.point())))
                        .orElse(Verdict.unknown("that mount is not in sight")))),
        Precondition.of(
            Errno.EINVAL,
            "to a shared mount: nothing that moves is unbindable",
            both(Moving::bindable)),
        Precondition.of(Errno.ELOOP, "TARGET is not below SOURCE", both(Moving::notBelow)));
  }

  /** A check of the mount that moves, and of that on which it would lie. */
  private interface OfBoth {
    Verdict of(Situation now, Mount source, Mount target);
  }

  private static Precondition.Check both(OfBoth check) {
    return (now, call) -> {
      Optional<Mount> source =
          Paths.existing(now, call, Mounting.SOURCE)
              .filter(Place::mountRoot)
              .flatMap(place -> now.mounts().numbered(place.mount()));
      Optional<Mount> target = Mounting.target(now, call).flatMap(top -> top.mount(now));
      return source.isEmpty() || target.isEmpty()
          ? Verdict.notNeeded()
          : check.of(now, source.get(), target.get());
    };
  }

  /** What is unbindable is not copied to those that learn of it. */
  private static Verdict bindable(Situation now, Mount source, Mount target) {
    Optional<Mount> unbindable =
        now.mounts().tree(source).stream()
            .filter(mount -> mount.propagation().contains("unbindable"))
            .findFirst();
    if (target.peers().isEmpty() || unbindable.isEmpty()) {
      return Verdict.holds(MountTree.propagation(target.peers().isEmpty() ? target : source));
    }
    return Verdict.broken(
        Errno.EINVAL,
        MountTree.propagation(unbindable.get()) + ", " + MountTree.propagation(target),
        now.unlessChrooted("mount --make-private " + unbindable.get().point()));
  }

  private static Verdict notBelow(Situation now, Mount source, Mount target) {
    boolean below = false;
    for (Optional<Mount> at = Optional.of(target);
        at.isPresent() && !below;
        at = now.mounts().parent(at.get())) {
      below = at.get().id() == source.id();
    }
    return Verdict.of(
        !below,
        Errno.ELOOP,
        "TARGET lies on mount "
            + target.id()
            + (below ? ", on or below" : ", not below")
            + " SOURCE's, "
            + source.id(),
        "");
  }
}
