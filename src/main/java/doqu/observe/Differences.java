package doqu.observe;

import doqu.kernel.Capability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What differs between two snapshots, be they of two actors or of one at two moments. Unlike {@link
 * Changes} it compares mounts across mount namespaces, where each has an id of its own.
 */
public final class Differences {
  /**
   * One thing that differs.
   *
   * @param what as it is called in a snapshot
   * @param one its value in the first snapshot
   * @param other its value in the second
   */
  public record Row(String what, String one, String other) {}

  private static final String NONE = "-";

  /** More than so many mounts that differ alike are counted instead of named. */
  private static final int NAMED = 3;

  /** More than so many mounts that only one side has are counted instead of listed. */
  private static final int LISTED = 8;

  private static final List<String> SETS =
      List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");

  private final List<Row> rows = new ArrayList<>();

  private Differences() {}

  /** A row for each; none: they are alike. */
  public static List<Row> between(Snapshot one, Snapshot other) {
    Differences differences = new Differences();
    one.facts().forEach((name, value) -> differences.compare(name, value, other.fact(name)));
    for (String set : SETS) {
      differences.capabilities(set, one.ids().capabilities(set), other.ids().capabilities(set));
    }
    for (String field : List.of("NoNewPrivs", "Seccomp", "Umask")) {
      differences.compare(field, one.ids().get(field), other.ids().get(field));
    }
    differences.mounts(one.mounts(), other.mounts());
    differences.environment(one.environment(), other.environment());
    return differences.rows;
  }

  /** Of the host's process there is none to compare with: it never execs. */
  private void environment(Map<String, String> one, Map<String, String> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return;
    }
    Set<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    for (String name : names) {
      compare("variable " + name, one.getOrDefault(name, NONE), other.getOrDefault(name, NONE));
    }
  }

  /** The same of mounts alone. */
  public static List<Row> between(Mounts one, Mounts other) {
    Differences differences = new Differences();
    differences.mounts(one, other);
    return differences.rows;
  }

  private void compare(String what, String one, String other) {
    if (!one.equals(other)) {
      rows.add(new Row(what, shown(one), shown(other)));
    }
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(empty)" : value.equals(Snapshot.UNKNOWN) ? "(none)" : value;
  }

  private void capabilities(String set, long one, long other) {
    if (one != other) {
      rows.add(new Row(set, only(one, other), only(other, one)));
    }
  }

  /** What the one has and the other has not. */
  private static String only(long one, long other) {
    long only = one & ~other;
    return only == 0
        ? NONE
        : Long.bitCount(only) > NAMED
            ? Long.bitCount(only) + " more"
            : "+" + Capability.show(only).replace("1<<", "").replace("|", " +");
  }

  private void mounts(Mounts one, Mounts other) {
    if (one.same(other)) {
      return;
    }
    Map<String, List<Mount>> here = byPoint(one);
    Map<String, List<Mount>> there = byPoint(other);
    Set<String> points = new LinkedHashSet<>(here.keySet());
    points.addAll(there.keySet());
    Map<Row, List<String>> alike = new LinkedHashMap<>();
    List<String> onlyHere = new ArrayList<>();
    List<String> onlyThere = new ArrayList<>();
    for (String point : points) {
      if (!there.containsKey(point)) {
        onlyHere.add(point);
      } else if (!here.containsKey(point)) {
        onlyThere.add(point);
      } else {
        for (Row row : atOnePoint(here.get(point), there.get(point))) {
          alike.computeIfAbsent(row, key -> new ArrayList<>()).add(point);
        }
      }
    }
    alike.forEach(
        (row, where) -> rows.add(new Row(row.what + " " + named(where), row.one, row.other)));
    onlyOne(onlyHere, here, true);
    onlyOne(onlyThere, there, false);
  }

  private static Map<String, List<Mount>> byPoint(Mounts mounts) {
    return mounts.list().stream()
        .collect(Collectors.groupingBy(Mount::point, LinkedHashMap::new, Collectors.toList()));
  }

  private static List<Row> atOnePoint(List<Mount> here, List<Mount> there) {
    List<Row> rows = new ArrayList<>();
    if (here.size() != there.size() || here.size() > 1) {
      compare(rows, "mounts on", all(here), all(there));
      return rows;
    }
    Mount one = here.get(0);
    Mount other = there.get(0);
    compare(rows, "mount", what(one), what(other));
    compare(rows, "options of", one.options(), other.options());
    compare(rows, "propagation of", one.propagation(), other.propagation());
    return rows;
  }

  private static void compare(List<Row> rows, String what, String one, String other) {
    if (!one.equals(other)) {
      rows.add(new Row(what, one, other));
    }
  }

  private static String all(List<Mount> mounts) {
    return mounts.stream()
        .map(mount -> what(mount) + " " + mount.propagation())
        .collect(Collectors.joining(", over it "));
  }

  private static String what(Mount mount) {
    return mount.type() + " " + mount.shownSource();
  }

  private static String named(List<String> points) {
    return points.size() > NAMED
        ? points.get(0) + " and " + (points.size() - 1) + " more"
        : String.join(", ", points);
  }

  private void onlyOne(List<String> points, Map<String, List<Mount>> mounts, boolean first) {
    if (points.size() > LISTED) {
      String count = points.size() + " mounts";
      rows.add(new Row("mount " + named(points), first ? count : NONE, first ? NONE : count));
      return;
    }
    for (String point : points) {
      String shown = all(mounts.getOrDefault(point, List.of()));
      rows.add(new Row("mount " + point, first ? shown : NONE, first ? NONE : shown));
    }
  }
}
