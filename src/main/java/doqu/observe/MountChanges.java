package doqu.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What differs between the mounts of one mount namespace, seen twice, in words. */
final class MountChanges {
  /** More than so many mounts are counted instead of named. */
  private static final int NAMED = 3;

  private final Map<Integer, Mount> before;
  private final Map<Integer, Mount> after;
  private final List<String> changes = new ArrayList<>();

  private MountChanges(List<Mount> before, List<Mount> after) {
    this.before = byId(before);
    this.after = byId(after);
  }

  static List<String> between(Mounts before, Mounts after) {
    return before.same(after) ? List.of() : new MountChanges(before.list(), after.list()).told();
  }

  private static Map<Integer, Mount> byId(List<Mount> mounts) {
    Map<Integer, Mount> byId = new LinkedHashMap<>();
    mounts.forEach(mount -> byId.put(mount.id(), mount));
    return byId;
  }

  private List<String> told() {
    String was = root(before);
    String is = root(after);
    if (!was.equals(is)) {
      changes.add("root mount: " + was + " -> " + is);
    }
    tell(
        "+ mount",
        after.values().stream().filter(mount -> !before.containsKey(mount.id())).toList(),
        mount -> mount.point() + " (" + mount.type() + " " + mount.shownSource() + ")");
    tell(
        "- mount",
        before.values().stream().filter(mount -> !after.containsKey(mount.id())).toList(),
        Mount::point);
    tellSame("propagation", Mount::propagation);
    tellSame("options", Mount::options);
    tellMoved();
    return changes;
  }

  private static String root(Map<Integer, Mount> mounts) {
    return mounts.values().stream()
        .filter(mount -> mount.point().equals("/"))
        .reduce((below, above) -> above)
        .map(Mount::shownSource)
        .orElse("(none)");
  }

  private void tell(String what, List<Mount> mounts, Function<Mount, String> words) {
    if (mounts.size() > NAMED) {
      changes.add(what + "s: " + mounts.size() + ", " + topmost(mounts) + " the topmost");
    } else {
      mounts.forEach(mount -> changes.add(what + " " + words.apply(mount)));
    }
  }

  private static String topmost(List<Mount> mounts) {
    return mounts.stream()
        .map(Mount::point)
        .min(Comparator.comparing(String::length))
        .orElseThrow();
  }

  private List<Mount> changed(Function<Mount, String> value) {
    return after.values().stream()
        .filter(mount -> before.containsKey(mount.id()))
        .filter(mount -> !value.apply(was(mount)).equals(value.apply(mount)))
        .toList();
  }

  private Mount was(Mount mount) {
    return Objects.requireNonNull(before.get(mount.id()));
  }

  /** Mounts that changed in the same way are told together. */
  private void tellSame(String what, Function<Mount, String> value) {
    Map<String, List<Mount>> byChange = new LinkedHashMap<>();
    for (Mount mount : changed(value)) {
      String change = value.apply(was(mount)) + " -> " + value.apply(mount);
      byChange.computeIfAbsent(change, key -> new ArrayList<>()).add(mount);
    }
    byChange.forEach(
        (change, mounts) -> {
          String which =
              mounts.size() > NAMED
                  ? mounts.size() + " mounts"
                  : String.join(", ", mounts.stream().map(Mount::point).toList());
          changes.add(what + " of " + which + ": " + change);
        });
  }

  /** Where the root was moved, everything below it moved along. */
  private void tellMoved() {
    List<Mount> moved = changed(Mount::point);
    moved.stream()
        .min(Comparator.comparing(mount -> was(mount).point().length()))
        .ifPresent(
            top ->
                changes.add(
                    "mount point: "
                        + was(top).point()
                        + " -> "
                        + top.point()
                        + (moved.size() > 1 ? ", and " + (moved.size() - 1) + " more" : "")));
  }
}
