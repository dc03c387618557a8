package doqu.step;

import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.observe.FdInfo;
import doqu.observe.Mount;
import doqu.observe.Snapshot;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An old root still in reach: a new one is no wall as long as a way leads around it. */
final class OldRoot {
  private OldRoot() {}

  /** By the current directory: from one outside the root, {@code ..} leads up to the old one. */
  static Stream<Notice> belowChroot(Aftermath step) {
    boolean nothingNew = step.keeps("root") && isOutside(step.was());
    if (!step.isSeen() || nothingNew || !isOutside(step.is())) {
      return Stream.empty();
    }
    return Stream.of(
        new Notice(
            "outside the root",
            "the current directory lies outside the root: chdir .. leads out of it",
            "/proc/PID/root is " + step.is().fact("root") + ", cwd " + step.is().fact("cwd"),
            "chdir /"));
  }

  private static boolean isOutside(Snapshot snapshot) {
    String root = snapshot.fact("root");
    String cwd = snapshot.fact("cwd");
    return root.startsWith("/")
        && cwd.startsWith("/")
        && !root.equals("/")
        && !cwd.equals(root)
        && !cwd.startsWith(root + "/");
  }

  /** By the mount that pivot_root(2) has put aside. */
  static Stream<Notice> putAside(Aftermath step) {
    if (!step.isSeen() || step.calls("pivot_root").findAny().isEmpty()) {
      return Stream.empty();
    }
    return step.was().mounts().at("/").stream()
        .flatMap(
            root -> step.is().mounts().list().stream().filter(mount -> mount.id() == root.id()))
        .map(
            mount ->
                new Notice(
                    "old root",
                    "the old root is still mounted, at " + mount.point(),
                    "mountinfo has mount " + mount.id() + " there, which was at /",
                    "umount -l " + mount.point()));
  }

  /**
   * By what stays in use of a mount that umount2(2) has detached: {@code ..} leads on in it, past
   * the root. A file that is no directory leads nowhere.
   */
  static Stream<Notice> detached(Aftermath step) {
    if (!step.isSeen()
        || step.calls("umount2").noneMatch(call -> (call.number(1) & Flags.MNT_DETACH) != 0)) {
      return Stream.empty();
    }
    Set<Integer> gone = ids(step.was());
    gone.removeAll(ids(step.is()));
    String proc = "/proc/" + step.actor().pid();
    // Whose root itself is gone has none to go back to.
    if (gone.isEmpty() || gone.contains(mountOf(proc + "/root"))) {
      return Stream.empty();
    }
    List<Way> ways = new ArrayList<>();
    int ofCwd = mountOf(proc + "/cwd");
    if (gone.contains(ofCwd)) {
      ways.add(new Way("the current directory", "/proc/PID/cwd", ofCwd, "chdir /"));
    }
    FdInfo.all(proc)
        .forEach(
            (number, info) -> {
              if (gone.contains(info.mount()) && new File(proc + "/fd/" + number).isDirectory()) {
                ways.add(
                    new Way(
                        "descriptor " + number,
                        "/proc/PID/fd/" + number,
                        info.mount(),
                        "syscall close " + number));
              }
            });
    return ways.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Notice(
                "detached mount in reach",
                "what was unmounted is still in reach, by " + joined(ways, " and ", Way::by),
                "mountinfo has them no more: "
                    + joined(ways, ", ", way -> way.file + " is on mount " + way.mount),
                joined(ways, "; ", Way::mend)));
  }

  /**
   * What leads to where a mount was.
   *
   * @param by in words
   * @param file in which the kernel tells of it
   * @param mount the number mountinfo had for it
   */
  private record Way(String by, String file, int mount, String mend) {}

  private static String joined(List<Way> ways, String by, Function<Way, String> shown) {
    return ways.stream().map(shown).collect(Collectors.joining(by));
  }

  private static Set<Integer> ids(Snapshot snapshot) {
    return snapshot.mounts().list().stream().map(Mount::id).collect(Collectors.toSet());
  }

  /** The number of the mount that a link of /proc leads to; -1: nobody can tell. */
  private static int mountOf(String link) {
    long opened = Libc.open(link, Flags.O_PATH);
    if (opened < 0) {
      return -1;
    }
    try {
      return FdInfo.of("/proc/self", opened).mount();
    } finally {
      Libc.close((int) opened);
    }
  }
}
