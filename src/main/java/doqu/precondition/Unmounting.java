package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What umount2(2) needs; in the order of fs/namespace.c. */
final class Unmounting {
  private static final long KNOWN =
      Flags.MNT_FORCE | Flags.MNT_DETACH | Flags.MNT_EXPIRE | Flags.UMOUNT_NOFOLLOW;

  private Unmounting() {}

  static List<Precondition> all() {
    return List.of(
        Precondition.of(
            Errno.EINVAL,
            "the flags are ones umount2 knows",
            (now, call) ->
                Verdict.of(
                    (call.number(1) & ~KNOWN) == 0,
                    Errno.EINVAL,
                    Flags.UMOUNT.show(call.number(1)),
                    "")),
        leads(),
        Mounting.MAY_MOUNT,
        Precondition.of(
            Errno.EINVAL,
            "TARGET is a mount point",
            (now, call) ->
                top(now, call).map(top -> mountPoint(now, top)).orElse(Verdict.notNeeded())),
        Precondition.of(
            Errno.EINVAL,
            "it is in the mount namespace",
            (now, call) ->
                top(now, call)
                    .filter(Topmost::root)
                    .map(top -> now.mounts().inNamespace(top.id(), Errno.EINVAL))
                    .orElse(Verdict.notNeeded())),
        Precondition.of(
            Errno.EINVAL,
            "it is not locked",
            of(going -> going.now.mounts().notLocked(going.mount))),
        Precondition.of(
                Errno.EPERM,
                "with -f: the file system belongs to its user namespace",
                of(going -> Remounting.ownFileSystem(going.now, going.mount, "leave -f out")))
            .when(call -> has(call, Flags.MNT_FORCE)),
        Precondition.of(
                Errno.EINVAL,
                "MNT_EXPIRE is not said with another flag, nor of /",
                of(Unmounting::mayExpire))
            .when(Unmounting::expires),
        Precondition.of(
                Errno.EBUSY, "nothing is mounted below it", ofOther(Unmounting::nothingBelow))
            .when(call -> !has(call, Flags.MNT_DETACH)),
        Precondition.of(
                Errno.EBUSY,
                "nobody is in it, or has a file of it open",
                ofOther(Unmounting::nobody))
            .when(call -> !has(call, Flags.MNT_DETACH)),
        Precondition.of(
                Errno.EAGAIN,
                "it has been marked by MNT_EXPIRE before, and not been used since",
                ofOther(
                    going ->
                        Verdict.unknown(
                            "whether it has the kernel tells nobody: it says EAGAIN once")))
            .when(Unmounting::expires),
        Precondition.of(
                Errno.EBUSY,
                "nobody is in a mount that goes with it by propagation",
                ofOther(Unmounting::nobodyInCopies))
            .when(call -> !has(call, Flags.MNT_DETACH)),
        Precondition.of(
                Errno.EPERM,
                "of /, which stays and is made read-only: the file system belongs to its user namespace",
                ofRoot(going -> Remounting.ownFileSystem(going.now, going.mount, "")))
            .when(call -> !has(call, Flags.MNT_DETACH)),
        Precondition.of(
                Errno.EBUSY,
                "of /: no file of its file system is open for writing",
                ofRoot(
                    going ->
                        List.of(going.mount.ofAll().split(",", -1)).contains("ro")
                            ? Verdict.notNeeded()
                            : HeldFiles.none(going.now, going.mount, true)))
            .when(call -> !has(call, Flags.MNT_DETACH)));
  }

  private static boolean has(Call call, long flag) {
    return (call.number(1) & flag) != 0;
  }

  private static boolean expires(Call call) {
    return has(call, Flags.MNT_EXPIRE);
  }

  private static Verdict mayExpire(Going going) {
    boolean alone = !has(going.call, Flags.MNT_FORCE | Flags.MNT_DETACH);
    return Verdict.of(
        alone && !going.isRoot(),
        Errno.EINVAL,
        Flags.UMOUNT.show(going.call.number(1)) + (going.isRoot() ? " of its root" : ""),
        "");
  }

  private static Precondition leads() {
    Precondition followed = Paths.leads(0, "TARGET");
    return new Precondition(
        followed.needs(),
        followed.errnos(),
        (now, call) ->
            has(call, Flags.UMOUNT_NOFOLLOW | Flags.MNT_EXPIRE)
                    && place(now, call).filter(Place::exists).isPresent()
                ? Verdict.holds("statx finds it")
                : followed.check().of(now, call));
  }

  private static Optional<Place> place(Situation now, Call call) {
    return call.text(0)
        .map(
            path ->
                (expires(call) ? untouched(now, path) : Optional.<Place>empty())
                    .orElseGet(
                        () ->
                            has(call, Flags.UMOUNT_NOFOLLOW)
                                ? now.files().itself(path)
                                : now.files().place(path)));
  }

  /**
   * A mount found without going there: whoever does takes the mark of MNT_EXPIRE from it. Empty:
   * that is not a mount, or its path has no name of it.
   */
  private static Optional<Place> untouched(Situation now, String path) {
    String bare = path.replaceAll("/+$", "");
    String name = bare.substring(bare.lastIndexOf('/') + 1);
    String parent = Paths.parent(path);
    if (name.matches("|\\.\\.?") || !now.files().place(parent).exists()) {
      return Optional.empty();
    }
    return now.mounts()
        .numbered(now.files().place(parent).mount())
        .flatMap(
            on ->
                now.files()
                    .fullPath(parent)
                    .map(full -> (full.equals("/") ? "" : full) + "/" + name)
                    .flatMap(point -> now.mounts().at(on, point)))
        .map(mount -> Place.rootOf(mount, path));
  }

  private static Optional<Topmost> top(Situation now, Call call) {
    return place(now, call).filter(Place::exists).map(place -> Topmost.at(now, place));
  }

  private static Verdict mountPoint(Situation now, Topmost top) {
    return top.covers()
        ? Verdict.holds(
            "upon '"
                + top.place().path()
                + "' is the mount "
                + top.id()
                + top.mount(now).map(mount -> " (" + mount.shownSource() + ")").orElse(""))
        : Mounting.isMountPoint(now, top.place(), "");
  }

  /** The mount that would go. */
  private record Going(Situation now, Call call, Mount mount) {
    boolean isRoot() {
      return now.files().place("/").mount() == mount.id();
    }

    /** By its own name it may be covered, and in a chroot it has another. */
    String lazily() {
      return "umount -l " + call.text(0).orElse("");
    }
  }

  private static Precondition.Check of(Function<Going, Verdict> check) {
    return (now, call) ->
        top(now, call)
            .filter(Topmost::root)
            .flatMap(top -> top.mount(now))
            .map(mount -> check.apply(new Going(now, call, mount)))
            .orElse(Verdict.notNeeded());
  }

  /** A check of the actor's root, which stays mounted (do_umount_root() in fs/namespace.c). */
  private static Precondition.Check ofRoot(Function<Going, Verdict> check) {
    return of(going -> going.isRoot() ? check.apply(going) : Verdict.notNeeded());
  }

  private static Precondition.Check ofOther(Function<Going, Verdict> check) {
    return of(going -> going.isRoot() ? Verdict.notNeeded() : check.apply(going));
  }

  private static Verdict nothingBelow(Going going) {
    List<String> children =
        going.now.mounts().children(going.mount).stream().map(Mount::point).toList();
    return Verdict.of(
        children.isEmpty(),
        Errno.EBUSY,
        children.isEmpty() ? "mountinfo has none" : firstOf(children) + " below it",
        going.lazily());
  }

  private static Verdict nobody(Going going) {
    List<String> users = going.now.mounts().users(going.mount, going.now.processes());
    return Verdict.of(
        users.isEmpty(),
        Errno.EBUSY,
        users.isEmpty() ? "nobody " + going.now.lookedAt() + " is, or has" : firstOf(users),
        isItsCwd(going, users) ? "chdir /, or " + going.lazily() : going.lazily());
  }

  /** Whether it is in nobody's way but its own, where it stands. */
  private static boolean isItsCwd(Going going, List<String> users) {
    Situation now = going.now;
    return now.processes().stream()
        .filter(process -> process.pid() == now.actor().pid())
        .anyMatch(self -> users.equals(List.of("the cwd of " + self.numbered(now.stage()))));
  }

  private static Verdict nobodyInCopies(Going going) {
    Situation now = going.now;
    List<Mount> copies = now.mounts().copies(going.mount, now.processes());
    for (Mount copy : copies) {
      List<String> users = now.mounts().users(copy, now.processes());
      if (!users.isEmpty()) {
        String evidence = firstOf(users) + " in mount " + copy.id() + " at " + copy.point();
        // Of one that is to expire it is asked after the mark, which nobody can see.
        return expires(going.call)
            ? Verdict.unknown(evidence)
            : Verdict.broken(Errno.EBUSY, evidence, going.lazily());
      }
    }
    return copies.isEmpty()
        ? Verdict.notNeeded()
        : Verdict.holds(
            firstOf(
                    copies.stream()
                        .map(copy -> "mount " + copy.id() + " at " + copy.point())
                        .toList())
                + " would go, and nobody is in them");
  }

  private static String firstOf(List<String> all) {
    return all.get(0) + (all.size() > 1 ? " and " + (all.size() - 1) + " more" : "");
  }
}
