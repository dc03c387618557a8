package doqu.look;

import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.step.Args;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code mounts}: what an actor sees mounted, as a tree, with its propagation, as findmnt(8). */
final class MountTree {
  private final Map<Integer, List<Mount>> byParent;
  private final Table table = new Table("TARGET", "SOURCE", "FSTYPE", "PROPAGATION", "OPTIONS");

  private MountTree(List<Mount> mounts) {
    byParent = mounts.stream().collect(Collectors.groupingBy(Mount::parent));
    Set<Integer> ids = new HashSet<>(mounts.stream().map(Mount::id).toList());
    // A root's parent lies outside the namespace, or is the root itself.
    mounts.stream()
        .filter(mount -> !ids.contains(mount.parent()) || mount.parent() == mount.id())
        .forEach(root -> branch(root, ""));
  }

  static List<String> show(Looks.Seen seen, Args args) {
    List<Mount> mounts = Mounts.of(seen.actor().pid()).list();
    return mounts.isEmpty()
        ? List.of("nothing: no mount lies below this actor's root")
        : new MountTree(mounts).table.lines();
  }

  private void branch(Mount mount, String indent) {
    table.row(
        indent + (indent.isEmpty() ? "" : "\\_ ") + mount.point(),
        mount.shownSource(),
        mount.type(),
        mount.propagation(),
        mount.options());
    for (Mount child : byParent.getOrDefault(mount.id(), List.of())) {
      if (child.id() != mount.id()) {
        branch(child, indent + "  ");
      }
    }
  }
}
