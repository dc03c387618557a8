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
        Paths.leads(Mounting.SOURCE, "SOURCE"),
        Mounting.mountPoint(Mounting.SOURCE, "SOURCE", false),
        Precondition.of(
            Errno.EINVAL,
            "SOURCE's mount is not locked",
            moved((now, mount) -> now.mounts().notLocked(mount))),
        Mounting.sameKind(Errno.EINVAL),
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
            Errno.ELOOP,
            "TARGET is not below SOURCE",
            (now, call) -> {
              Optional<Mount> source =
                  Paths.existing(now, call, Mounting.SOURCE)
                      .filter(Place::mountRoot)
                      .flatMap(place -> now.mounts().numbered(place.mount()));
              Optional<Mount> target =
                  Paths.existing(now, call, Mounting.TARGET)
                      .flatMap(place -> now.mounts().numbered(place.mount()));
              if (source.isEmpty() || target.isEmpty()) {
                return Verdict.notNeeded();
              }
              boolean below = false;
              for (Optional<Mount> at = target;
                  at.isPresent() && !below;
                  at = now.mounts().parent(at.get())) {
                below = at.get().id() == source.get().id();
              }
              return Verdict.of(
                  !below,
                  Errno.ELOOP,
                  "TARGET lies on mount "
                      + target.get().id()
                      + (below ? ", on or below" : ", not below")
                      + " SOURCE's, "
                      + source.get().id(),
                  "");
            }));
  }
}
