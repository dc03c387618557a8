package doqu.step;

import doqu.observe.Snapshot;
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
}
