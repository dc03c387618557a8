package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What pivot_root(2) needs; in the order of fs/namespace.c. */
final class PivotRoot {
  private static final String PRIVATE = "mount --make-rprivate /";

  private PivotRoot() {}

  /** The three mounts it is about, when the paths lead somewhere. */
  private record Roots(Situation now, Place newRoot, Place putOld, Place root) {
    /** What is uppermost at PUT_OLD, upon which the old root goes. */
    Topmost old() {
      return Topmost.at(now, putOld);
    }

    Optional<Mount> mountOf(Place place) {
      return now.mounts().numbered(place.mount());
    }

    Optional<Mount> below(Place place) {
      return mountOf(place).flatMap(mount -> now.mounts().parent(mount));
    }

    String path(Place place) {
      return "'" + place.path() + "'";
    }
  }

  static List<Precondition> all() {
    return List.of(
        Mounting.MAY_MOUNT,
        Paths.leads(0, "NEW_ROOT"),
        Paths.directory(0, "NEW_ROOT"),
        Paths.leads(1, "PUT_OLD"),
        Paths.directory(1, "PUT_OLD"),
        Precondition.of(
            Errno.ENOENT,
            "PUT_OLD has not been removed, nor has its mount been taken away",
            of((roots, call) -> Mounting.stays(roots.now, roots.old()))),
        Precondition.of(
            Errno.EINVAL,
            "the mount PUT_OLD lies on is not shared",
            of((roots, call) -> notShared(roots, roots.old().mount(roots.now)))),
        Precondition.of(
            Errno.EINVAL,
            "the mount on which NEW_ROOT's lies is not shared",
            of((roots, call) -> notShared(roots, roots.below(roots.newRoot)))),
        Precondition.of(
            Errno.EINVAL,
            "the mount on which that of / lies is not shared",
            of((roots, call) -> rootNotShared(roots))),
        Precondition.of(
            Errno.EINVAL,
            "the mount of / is in its mount namespace",
            of((roots, call) -> inNamespace(roots))),
        Precondition.of(
            Errno.EINVAL, "NEW_ROOT's mount is not locked", of((roots, call) -> notLocked(roots))),
        Precondition.of(
            Errno.ENOENT,
            "NEW_ROOT has not been removed",
            of(
                (roots, call) ->
                    Verdict.of(
                        roots.newRoot.links() > 0,
                        Errno.ENOENT,
                        "it has " + roots.newRoot.links() + " links",
                        ""))),
        Precondition.of(
            Errno.EBUSY,
            "NEW_ROOT is on another mount than /",
            of(
                (roots, call) ->
                    another(
                        roots,
                        roots.newRoot,
                        roots.newRoot.mount(),
                        Mounting.makeOne(roots.newRoot)))),
        Precondition.of(
            Errno.EBUSY,
            "PUT_OLD is on another mount than /",
            of((roots, call) -> another(roots, roots.putOld, roots.old().id(), ""))),
        Precondition.of(
            Errno.EINVAL,
            "/ is a mount point",
            of(
                (roots, call) ->
                    Verdict.of(
                        roots.root.mountRoot(),
                        Errno.EINVAL,
                        roots.root.mountRoot()
                            ? "statx says it is one"
                            : "its root is " + roots.now.link("root") + ", a directory: a chroot",
                        ""))),
        Mounting.mountPoint(0, "NEW_ROOT", true),
        Precondition.of(
            Errno.EINVAL,
            "PUT_OLD is NEW_ROOT or below it",
            of((roots, call) -> below(roots, roots.putOld, roots.old().id(), roots.newRoot))),
        Precondition.of(
            Errno.EINVAL,
            "NEW_ROOT is below /",
            of((roots, call) -> below(roots, roots.newRoot, roots.newRoot.mount(), roots.root))));
  }

  private static Precondition.Check of(BiFunction<Roots, Call, Verdict> check) {
    return (now, call) -> {
      Optional<Place> newRoot = Paths.existing(now, call, 0).filter(Place::isDirectory);
      Optional<Place> putOld = Paths.existing(now, call, 1).filter(Place::isDirectory);
      return newRoot.isEmpty() || putOld.isEmpty()
          ? Verdict.notNeeded()
          : check.apply(new Roots(now, newRoot.get(), putOld.get(), now.files().place("/")), call);
    };
  }

  private static Verdict notShared(Roots roots, Optional<Mount> mount) {
    return mount
        .map(
            one ->
                Verdict.of(
                    one.peers().isEmpty(),
                    Errno.EINVAL,
                    MountTree.propagation(one) + " in mountinfo",
                    one.peers().isEmpty() ? "" : roots.now.unlessChrooted(PRIVATE)))
        .orElse(Verdict.unknown("that mount is not in sight"));
  }

  /** The mount below the first of all is the kernel's own, and never shared. */
  private static Verdict rootNotShared(Roots roots) {
    return roots.below(roots.root).isEmpty() && roots.now.link("root").equals("/")
        ? Verdict.holds("it is the first mount of all")
        : notShared(roots, roots.below(roots.root));
  }

  private static Verdict inNamespace(Roots roots) {
    boolean there = roots.mountOf(roots.root).isPresent();
    if (!there && !roots.now.link("root").equals("/")) {
      return Verdict.unknown("that mount is not in sight");
    }
    return Verdict.of(
        there,
        Errno.EINVAL,
        "/ is on mount "
            + roots.root.mount()
            + (there ? ", which mountinfo has" : ", which is mounted nowhere any more"),
        "");
  }

  private static Verdict notLocked(Roots roots) {
    return roots
        .mountOf(roots.newRoot)
        .map(mount -> roots.now.mounts().notLocked(mount))
        .orElse(Verdict.unknown("that mount is not in sight"));
  }

  private static Verdict another(Roots roots, Place place, long mount, String mend) {
    boolean other = mount != roots.root.mount();
    return Verdict.of(
        other,
        Errno.EBUSY,
        roots.path(place) + " is on mount " + mount + ", / on mount " + roots.root.mount(),
        mend);
  }

  /**
   * From the mount of the lower one upwards, the upper one has to be met (is_path_reachable() of
   * fs/namespace.c). By ".." it may be missed: that goes on to what is mounted upon it.
   */
  private static Verdict below(Roots roots, Place lower, long mount, Place upper) {
    Optional<Mount> at = roots.now.mounts().numbered(mount);
    Optional<Mount> below = Optional.empty();
    while (at.isPresent() && at.get().id() != upper.mount()) {
      below = at;
      at = roots.now.mounts().parent(at.get());
    }
    // That the upper one is the root of its mount is needed besides: all of it is below that then.
    boolean is = at.isPresent() && (upper.mountRoot() || isIn(roots.now, below, lower, upper));
    if (!is && !roots.now.mounts().isWhole()) {
      return Verdict.unknown("those mounts are not in sight");
    }
    return Verdict.of(
        is,
        Errno.EINVAL,
        roots.path(lower) + (is ? " is" : " is not reached from " + roots.path(upper)),
        "");
  }

  /** Whether what lies on the same mount as a directory lies in that. */
  private static boolean isIn(Situation now, Optional<Mount> below, Place lower, Place upper) {
    Optional<String> directory = now.files().fullPath(upper.path());
    Optional<String> path = below.map(Mount::point).or(() -> now.files().fullPath(lower.path()));
    return directory.isPresent()
        && path.filter(one -> (one + "/").startsWith(directory.get().replaceAll("/$", "") + "/"))
            .isPresent();
  }
}
