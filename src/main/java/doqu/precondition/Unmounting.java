package doqu.precondition;

import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.util.List;
import java.util.function.BiFunction;

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
        Paths.leads(0, "TARGET"),
        Mounting.MAY_MOUNT,
        Mounting.mountPoint(0, "TARGET", false),
        Precondition.of(
            Errno.EINVAL, "it is not locked", of((now, mount) -> now.mounts().notLocked(mount))),
        Precondition.of(
                Errno.EPERM,
                "with -f: the file system belongs to its user namespace",
                of((now, mount) -> Remounting.ownFileSystem(now, mount, "leave -f out")))
            .when(call -> (call.number(1) & Flags.MNT_FORCE) != 0),
        Precondition.of(Errno.EBUSY, "nothing is mounted below it", of(Unmounting::nothingBelow))
            .when(call -> (call.number(1) & Flags.MNT_DETACH) == 0),
        Precondition.of(
                Errno.EBUSY, "nobody is in it, or has a file of it open", of(Unmounting::nobody))
            .when(call -> (call.number(1) & Flags.MNT_DETACH) == 0),
        Precondition.of(
                Errno.EBUSY,
                "nobody is in a mount that goes with it by propagation",
                of(Unmounting::nobodyInCopies))
            .when(call -> (call.number(1) & Flags.MNT_DETACH) == 0));
  }

  /** A check of the mount whose root TARGET is. */
  private static Precondition.Check of(BiFunction<Situation, Mount, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, 0)
            .filter(Place::mountRoot)
            .flatMap(place -> now.mounts().numbered(place.mount()))
            .map(mount -> check.apply(now, mount))
            .orElse(Verdict.notNeeded());
  }

  private static Verdict nothingBelow(Situation now, Mount mount) {
    List<String> children = now.mounts().children(mount).stream().map(Mount::point).toList();
    return Verdict.of(
        children.isEmpty(),
        Errno.EBUSY,
        children.isEmpty() ? "mountinfo has none" : firstOf(children) + " below it",
        now.unlessChrooted("umount -l " + mount.point()));
  }

  private static Verdict nobody(Situation now, Mount mount) {
    List<String> users = now.mounts().users(mount, now.processes());
    return Verdict.of(
        users.isEmpty(),
        Errno.EBUSY,
        users.isEmpty() ? "nobody on the stage is, or has" : firstOf(users),
        now.unlessChrooted("chdir /, or umount -l " + mount.point()));
  }

  private static Verdict nobodyInCopies(Situation now, Mount mount) {
    List<Mount> copies = now.mounts().copies(mount, now.processes());
    for (Mount copy : copies) {
      List<String> users = now.mounts().users(copy, now.processes());
      if (!users.isEmpty()) {
        return Verdict.broken(
            Errno.EBUSY,
            firstOf(users) + " in mount " + copy.id() + " at " + copy.point(),
            now.unlessChrooted("umount -l " + mount.point()));
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
