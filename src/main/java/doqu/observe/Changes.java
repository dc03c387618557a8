package doqu.observe;

import doqu.kernel.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What differs between two looks at the same actor, in words. */
public final class Changes {
  /** More than so many mounts are counted instead of named. */
  private static final int NAMED = 3;

  private static final List<String> SETS =
      List.of("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");

  private Changes() {}

  /** One text for each difference; none: nothing differs. */
  public static List<String> between(Snapshot before, Snapshot after) {
    List<String> changes = new ArrayList<>();
    after
        .facts()
        .forEach(
            (name, value) -> {
              if (!before.fact(name).equals(value)) {
                String was = before.fact(name);
                boolean link = value.startsWith(name.replaceFirst("_.*", "") + ":[");
                changes.add(
                    link && !name.contains("_")
                        ? was + " -> " + value
                        : name + ": " + shown(was) + " -> " + shown(value));
              }
            });
    for (String set : SETS) {
      String was = before.ids().get(set);
      String is = after.ids().get(set);
      if (!was.equals(is)) {
        changes.add(
            set.startsWith("Cap")
                ? capabilities(set, before, after)
                : set + ": " + spaced(was) + " -> " + spaced(is));
      }
    }
    // In another mount namespace every mount is a copy with an id of its own.
    if (before.fact("mnt").equals(after.fact("mnt"))) {
      changes.addAll(mounts(before.mounts(), after.mounts()));
    }
    return changes;
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(empty)" : value;
  }

  private static String spaced(String value) {
    return value.replaceAll("\\s+", " ");
  }

  private static String capabilities(String set, Snapshot before, Snapshot after) {
    long was = before.ids().capabilities(set);
    long is = after.ids().capabilities(set);
    long lost = was & ~is;
    long won = is & ~was;
    return set + ":" + (lost == 0 ? "" : " -" + count(lost)) + (won == 0 ? "" : " +" + count(won));
  }

  private static String count(long set) {
    return Long.bitCount(set) > NAMED
        ? Long.bitCount(set) + " capabilities"
        : Capability.show(set).replace("1<<", "");
  }

  /** What differs between the mounts of one namespace, seen twice. */
  public static List<String> mounts(List<Mount> before, List<Mount> after) {
    Map<Integer, Mount> old = byId(before);
    Map<Integer, Mount> now = byId(after);
    List<String> changes = new ArrayList<>();
    told(
        changes,
        "+ mount ",
        now.values().stream()
            .filter(m -> !old.containsKey(m.id()))
            .map(m -> m.point() + " (" + m.type() + " " + m.shownSource() + ")")
            .toList());
    told(
        changes,
        "- mount ",
        old.values().stream().filter(m -> !now.containsKey(m.id())).map(Mount::point).toList());
    changed(changes, "propagation", old, now, Mount::propagation);
    changed(changes, "options", old, now, Mount::options);
    changed(changes, "mount point", old, now, Mount::point);
    return changes;
  }

  private static Map<Integer, Mount> byId(List<Mount> mounts) {
    return mounts.stream().collect(Collectors.toMap(Mount::id, m -> m, (a, b) -> b));
  }

  private static void told(List<String> changes, String sign, List<String> mounts) {
    if (mounts.size() > NAMED) {
      changes.add(sign.strip() + "s: " + mounts.size() + ", among them " + mounts.get(0));
    } else {
      mounts.forEach(mount -> changes.add(sign + mount));
    }
  }

  private static void changed(
      List<String> changes,
      String what,
      Map<Integer, Mount> old,
      Map<Integer, Mount> now,
      Function<Mount, String> value) {
    Map<String, List<Mount>> byChange =
        now.values().stream()
            .filter(m -> old.containsKey(m.id()))
            .filter(
                m -> !value.apply(m).equals(value.apply(Objects.requireNonNull(old.get(m.id())))))
            .collect(
                Collectors.groupingBy(
                    m ->
                        value.apply(Objects.requireNonNull(old.get(m.id())))
                            + " -> "
                            + value.apply(m)));
    if (byChange.size() > NAMED) {
      changes.add(what + " of " + byChange.size() + " mounts changed");
      return;
    }
    byChange.forEach(
        (change, mounts) ->
            changes.add(
                what
                    + " of "
                    + (mounts.size() > NAMED
                        ? mounts.size() + " mounts"
                        : mounts.stream().map(Mount::point).collect(Collectors.joining(", ")))
                    + ": "
                    + change));
  }
}
