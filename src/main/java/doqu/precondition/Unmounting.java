package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;

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
        Precondition.of(Errno.EINVAL, "it is not locked", Unmounting::notLocked),
        Precondition.of(
                Errno.EPERM,
                "with -f: the file system belongs to its user namespace",
                (now, call) ->
                    mount(now, call)
                        .map(mount -> Remounting.ownFileSystem(now, mount, "leave -f out"))
                        .orElse(Verdict.notNeeded()))
            .when(call -> (call.number(1) & Flags.MNT_FORCE) != 0),
        Precondition.of(Errno.EBUSY, "nothing is mounted below it", Unmounting::nothingBelow)
            .when(call -> (call.number(1) & Flags.MNT_DETACH) == 0),
        Precondition.of(
                Errno.EBUSY, "nobody is in it, or has a file of it open", Unmounting::nobody)
            .when(call -> (call.number(1) & Flags.MNT_DETACH) == 0));
  }

  private static Optional<Mount> mount(Situation now, Call call) {
    return Paths.existing(now, call, 0)
        .filter(Place::mountRoot)
        .flatMap(place -> now.mounts().numbered(place.mount()));
  }

  private static Verdict notLocked(Situation now, Call call) {
    return mount(now, call).map(now.mounts()::notLocked).orElse(Verdict.notNeeded());
  }

  private static Verdict nothingBelow(Situation now, Call call) {
    return mount(now, call)
        .map(
            mount -> {
              List<Mount> children = now.mounts().children(mount);
              return Verdict.of(
                  children.isEmpty(),
                  Errno.EBUSY,
                  children.isEmpty()
                      ? "mountinfo has none"
                      : children.get(0).point()
                          + (children.size() > 1 ? " and " + (children.size() - 1) + " more" : "")
                          + " below it",
                  "umount -l " + mount.point());
            })
        .orElse(Verdict.notNeeded());
  }

  private static Verdict nobody(Situation now, Call call) {
    return mount(now, call)
        .map(
            mount -> {
              List<String> users = now.mounts().users(mount);
              return Verdict.of(
                  users.isEmpty(),
                  Errno.EBUSY,
                  users.isEmpty()
                      ? "nobody on the stage is, or has"
                      : users.get(0)
                          + (users.size() > 1 ? " and " + (users.size() - 1) + " more" : ""),
                  users.isEmpty() ? "" : "chdir /, or umount -l " + mount.point());
            })
        .orElse(Verdict.notNeeded());
  }
}
