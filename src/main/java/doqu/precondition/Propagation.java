package doqu.precondition;

import doqu.kernel.Libc;
import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.observe.StageProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who learns of what is mounted and unmounted on a mount: its peers, their slaves, the peers of
 * those and so on (mount_namespaces(7), propagation_next() in fs/pnode.c).
 */
final class Propagation {
  /** What the processes of the stage see, those alike once. */
  private final List<List<Mount>> tables;

  Propagation(List<StageProcess> processes) {
    Map<String, List<Mount>> seen = new LinkedHashMap<>();
    for (StageProcess process : processes) {
      String folder = "/proc/" + process.pid() + "/";
      seen.computeIfAbsent(
          Libc.readLink(folder + "ns/mnt") + Libc.readLink(folder + "root"),
          key -> Mounts.of(process.pid()).list());
    }
    tables = List.copyOf(seen.values());
  }

  /**
   * The mounts that go with one when it is unmounted: each lies on one that learns of it, at the
   * same place. One on which others are mounted stays, as long as none of them covers it all.
   *
   * @param on the mount on which it lies
   */
  List<Mount> copies(Mount mount, Mount on) {
    Set<String> groups = groups(on);
    Map<Integer, Mount> copies = new LinkedHashMap<>();
    for (List<Mount> table : tables) {
      Map<Integer, Mount> byId = new HashMap<>();
      table.forEach(one -> byId.put(one.id(), one));
      for (Mount one : table) {
        Mount below = byId.get(one.parent());
        if (below != null
            && below.id() != on.id()
            && learns(below, groups)
            && below.device().equals(on.device())
            && place(one, below).equals(place(mount, on))
            && goes(one, table)) {
          copies.put(one.id(), one);
        }
      }
    }
    return List.copyOf(copies.values());
  }

  /** The mounts that learn of what is mounted on one, that itself left out. */
  List<Mount> learners(Mount on) {
    if (on.peers().isEmpty()) {
      return List.of();
    }
    Set<String> groups = groups(on);
    Map<Integer, Mount> learners = new LinkedHashMap<>();
    for (List<Mount> table : tables) {
      table.stream()
          .filter(one -> one.id() != on.id() && learns(one, groups))
          .forEach(one -> learners.put(one.id(), one));
    }
    return List.copyOf(learners.values());
  }

  private Set<String> groups(Mount on) {
    Set<String> groups = new HashSet<>();
    List<String> next = new ArrayList<>(List.of(on.peers()));
    while (!next.isEmpty()) {
      String group = next.remove(0);
      if (!group.isEmpty() && groups.add(group)) {
        tables.stream()
            .flatMap(List::stream)
            .filter(one -> one.master().equals(group))
            .map(Mount::peers)
            .forEach(next::add);
      }
    }
    return groups;
  }

  private static boolean learns(Mount mount, Set<String> groups) {
    return groups.contains(mount.peers()) || groups.contains(mount.master());
  }

  /** Where in the file system of another a mount lies on it. */
  static String place(Mount mount, Mount on) {
    String below = mount.point().substring(on.point().equals("/") ? 0 : on.point().length());
    return (on.root() + below).replaceAll("/+", "/").replaceAll("/$", "");
  }

  private static boolean goes(Mount mount, List<Mount> table) {
    List<Mount> children =
        table.stream().filter(one -> one.parent() == mount.id() && one.id() != mount.id()).toList();
    return children.isEmpty()
        || children.stream().anyMatch(one -> one.point().equals(mount.point()));
  }
}
