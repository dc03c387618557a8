package doqu.precondition;

import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;

/** What mount(2) needs to show a place at another: MS_BIND. */
final class Binding {
  private Binding() {}

  static List<Precondition> all() {
    return List.of(
        Paths.leads(Mounting.SOURCE, "SOURCE"),
        Precondition.of(
            Errno.EINVAL,
            "SOURCE's mount is not unbindable",
            Mounting.mounted(
                Mounting.SOURCE,
                (now, mount) ->
                    Verdict.of(
                        !mount.propagation().contains("unbindable"),
                        Errno.EINVAL,
                        MountTree.propagation(mount),
                        now.unlessChrooted("mount --make-private " + mount.point())))),
        Precondition.of(
                Errno.EINVAL,
                "no locked mount lies below SOURCE",
                Mounting.at(Mounting.SOURCE, Binding::nothingLockedBelow))
            .when(call -> !Mounting.has(call, Flags.MS_REC)),
        Mounting.sameKind(Errno.ENOTDIR));
  }

  private static Verdict nothingLockedBelow(Situation now, Place source) {
    Optional<Mount> mount = now.mounts().numbered(source.mount());
    if (mount.isEmpty()) {
      return Verdict.unknown("that mount is not in sight");
    }
    List<Mount> locked =
        now.mounts().children(mount.get()).stream()
            .filter(child -> source.mountRoot() || isBelow(now, child, source))
            .filter(now.mounts()::isLocked)
            .toList();
    return Verdict.of(
        locked.isEmpty(),
        Errno.EINVAL,
        locked.isEmpty()
            ? "none is mounted there"
            : locked.get(0).point()
                + (locked.size() > 1 ? " and " + (locked.size() - 1) + " more came" : " came")
                + " along from a mount namespace outside: what they cover must stay covered",
        "mount --rbind takes them along");
  }

  private static boolean isBelow(Situation now, Mount child, Place source) {
    for (String at = child.point(); !at.equals("/"); at = Paths.parent(at)) {
      if (now.files().place(Paths.parent(at)).exists()
          && now.files().place(Paths.parent(at)).isSame(source)) {
        return true;
      }
    }
    return false;
  }
}
