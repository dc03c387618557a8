package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What mount(2) needs to change a mount or its file system: MS_REMOUNT. */
final class Remounting {
  private Remounting() {}

  static List<Precondition> all() {
    return List.of(
        Mounting.mountPoint(Mounting.TARGET, "TARGET", true),
        Precondition.of(
            Errno.EPERM,
            "no option is taken away that is locked",
            (now, call) ->
                Mounting.mounted(
                        Mounting.TARGET, (situation, mount) -> keepsLocked(situation, mount, call))
                    .of(now, call)),
        Precondition.of(
                Errno.EPERM,
                "without bind: the file system belongs to its user namespace",
                Mounting.mounted(Mounting.TARGET, Remounting::ownFileSystem))
            .when(call -> !Mounting.has(call, Flags.MS_BIND)));
  }

  private static Verdict keepsLocked(Situation now, Mount mount, Call call) {
    List<String> lost = new ArrayList<>();
    Map<String, Long> options =
        Map.of(
            "ro",
            Flags.MS_RDONLY,
            "nosuid",
            Flags.MS_NOSUID,
            "nodev",
            Flags.MS_NODEV,
            "noexec",
            Flags.MS_NOEXEC);
    for (String option : List.of("ro", "nosuid", "nodev", "noexec")) {
      if (mount.has(option) && !Mounting.has(call, options.getOrDefault(option, 0L))) {
        lost.add(option);
      }
    }
    if (lost.isEmpty()) {
      return Verdict.holds("the mount has " + mount.options() + ", and all of it is said again");
    }
    return Verdict.of(
        !now.mounts().isOutsiders(mount),
        Errno.EPERM,
        "the mount has " + mount.options() + "; " + String.join(", ", lost) + " would go",
        "say " + String.join(",", lost) + " too, after -o");
  }

  private static Verdict ownFileSystem(Situation now, Mount mount) {
    return ownFileSystem(now, mount, "say bind too, after -o: that changes the mount alone");
  }

  static Verdict ownFileSystem(Situation now, Mount mount, String mend) {
    boolean outsiders = now.mounts().isOutsiders(mount);
    return Verdict.of(
        !outsiders,
        Errno.EPERM,
        mount.type()
            + " "
            + mount.shownSource()
            + " ("
            + mount.device()
            + ") "
            + (outsiders ? "is mounted outside too" : "was made here"),
        outsiders ? mend : "");
  }
}
