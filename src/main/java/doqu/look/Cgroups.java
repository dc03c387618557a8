package doqu.look;

import doqu.observe.Mount;
import doqu.observe.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which version of cgroups there is (cgroups(7)), and whether doqu's own group may be divided. Only
 * looked at: the groups of a machine are alive.
 */
final class Cgroups {
  private static final String NAME = "cgroups";

  /** What the lessons limit. */
  private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

  private static final String BOOT = "boot Linux with systemd.unified_cgroup_hierarchy=1";
  private static final String MOUNT = "as root: mount -t cgroup2 cgroup2 /sys/fs/cgroup";
  private static final String DELEGATE = "systemd-run --user --scope -p Delegate=yes ./doqu";

  private Cgroups() {}

  static Finding check() {
    return check(Mounts.own().list(), lines(Path.of("/proc/self/cgroup")));
  }

  /**
   * Checks what is in sight of it.
   *
   * @param own the lines of /proc/self/cgroup
   */
  static Finding check(List<Mount> mounts, List<String> own) {
    boolean one = inSight(mounts, "cgroup").findAny().isPresent();
    return inSight(mounts, "cgroup2")
        .findFirst()
        .map(mount -> ofVersionTwo(group(mount, own), one))
        .orElseGet(
            () ->
                one
                    ? Finding.limited(NAME, "version 1 only", BOOT)
                    : Finding.limited(NAME, "none mounted", MOUNT));
  }

  /** Another mount may lie upon it. */
  private static Stream<Mount> inSight(List<Mount> mounts, String type) {
    return mounts.stream()
        .filter(mount -> mount.type().equals(type))
        .filter(mount -> Files.exists(Path.of(mount.point(), "cgroup.procs")));
  }

  private static Finding ofVersionTwo(Path group, boolean hybrid) {
    List<String> controllers = words(group.resolve("cgroup.controllers"));
    String says =
        (hybrid ? "hybrid, version 2 in " : "version 2, ")
            + group
            + " has "
            + (controllers.isEmpty() ? "no controllers" : String.join(" ", controllers));
    if (!controllers.containsAll(CONTROLLERS)) {
      return Finding.limited(NAME, says, hybrid ? BOOT : DELEGATE);
    }
    // access(2): who may divide a group may write to these (cgroups(7), "Delegating").
    String closed =
        Stream.of("", "cgroup.procs", "cgroup.subtree_control")
            .map(group::resolve)
            .filter(file -> !Files.isWritable(file))
            .map(Path::toString)
            .collect(Collectors.joining(", "));
    return closed.isEmpty()
        ? Finding.ok(NAME, says)
        : Finding.limited(NAME, says + ", but cannot be written to: " + closed, DELEGATE);
  }

  /** The folder of doqu's own group. */
  private static Path group(Mount mount, List<String> own) {
    String path =
        own.stream()
            .filter(line -> line.startsWith("0::"))
            .map(line -> line.substring("0::".length()))
            .findFirst()
            .orElse("/");
    // A mount may show a part of the hierarchy only.
    String below = path.startsWith(mount.root()) ? path.substring(mount.root().length()) : path;
    return Path.of(mount.point(), below);
  }

  private static List<String> words(Path file) {
    return lines(file).stream()
        .flatMap(line -> List.of(line.split(" ", -1)).stream())
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
