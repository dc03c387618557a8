package doqu.shell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Two texts next to each other, line by line: equal lines stand beside each other, and what differs
 * is marked between the columns as sdiff(1) marks it, so that it is seen without colours.
 *
 * @param one whose text is on the left
 * @param other whose is on the right
 */
record SideBySide(String one, String other, List<Row> rows) {
  /** More pairs of lines are not compared one with each: the lines count as told in order. */
  private static final long MOST_PAIRS = 4_000_000;

  private static final int GUTTER = 3;
  private static final Pattern BRANCH = Pattern.compile("^\\s*(\\\\_ )?");

  /**
   * A line of each.
   *
   * @param left null: the left has none there
   * @param right null: the right has none there
   */
  record Row(@Nullable String left, @Nullable String right) {
    boolean differs() {
      return !Objects.equals(left, right);
    }

    private String mark() {
      return !differs() ? "   " : right == null ? " < " : left == null ? " > " : " | ";
    }
  }

  /** A line as it is shown, and whether it is of a row that differs. */
  record Shown(String text, boolean differs) {}

  static SideBySide of(String one, List<String> left, String other, List<String> right) {
    int same = common(left, right);
    int sameAtEnd =
        common(
            reversed(left.subList(same, left.size())), reversed(right.subList(same, right.size())));
    List<Row> rows = new ArrayList<>();
    left.subList(0, same).forEach(line -> rows.add(new Row(line, line)));
    between(
        left.subList(same, left.size() - sameAtEnd),
        right.subList(same, right.size() - sameAtEnd),
        rows);
    left.subList(left.size() - sameAtEnd, left.size()).forEach(l -> rows.add(new Row(l, l)));
    return new SideBySide(one, other, List.copyOf(rows));
  }

  private static List<String> reversed(List<String> lines) {
    List<String> reversed = new ArrayList<>(lines);
    Collections.reverse(reversed);
    return reversed;
  }

  /** How many lines are the same from the first on. */
  private static int common(List<String> left, List<String> right) {
    int common = 0;
    while (common < Math.min(left.size(), right.size())
        && left.get(common).equals(right.get(common))) {
      common++;
    }
    return common;
  }

  /** A place in each of two lists. */
  private record Pair(int left, int right) {}

  /** Pairs the lines that both have, and what lies between them by what they begin with. */
  private static void between(List<String> left, List<String> right, List<Row> rows) {
    if ((long) left.size() * right.size() > MOST_PAIRS) {
      inOrder(left, right, rows);
      return;
    }
    paired(left, right, longest(left, right), SideBySide::byFirstColumn, rows);
  }

  /** What does not begin with the same as any stands alone, where others do; else all in order. */
  private static void byFirstColumn(List<String> left, List<String> right, List<Row> rows) {
    List<Pair> pairs = longest(firstColumn(left), firstColumn(right));
    if (pairs.isEmpty()) {
      inOrder(left, right, rows);
      return;
    }
    paired(left, right, pairs, SideBySide::alone, rows);
  }

  /** Of a tree as {@code mounts} shows it the place too: without its branches. */
  private static List<String> firstColumn(List<String> lines) {
    return lines.stream()
        .map(line -> BRANCH.matcher(line).replaceFirst("").split("\\s", 2)[0])
        .toList();
  }

  private static void alone(List<String> left, List<String> right, List<Row> rows) {
    left.forEach(line -> rows.add(new Row(line, null)));
    right.forEach(line -> rows.add(new Row(null, line)));
  }

  /** Adds rows from those who do it for what lies between the pairs. */
  @FunctionalInterface
  private interface Filling {
    void add(List<String> left, List<String> right, List<Row> rows);
  }

  private static void paired(
      List<String> left, List<String> right, List<Pair> pairs, Filling filling, List<Row> rows) {
    int fromLeft = 0;
    int fromRight = 0;
    for (Pair pair : pairs) {
      filling.add(left.subList(fromLeft, pair.left), right.subList(fromRight, pair.right), rows);
      rows.add(new Row(left.get(pair.left), right.get(pair.right)));
      fromLeft = pair.left + 1;
      fromRight = pair.right + 1;
    }
    filling.add(left.subList(fromLeft, left.size()), right.subList(fromRight, right.size()), rows);
  }

  /** The places of the longest common subsequence. */
  private static List<Pair> longest(List<String> left, List<String> right) {
    int[][] longest = new int[left.size() + 1][right.size() + 1];
    for (int i = left.size() - 1; i >= 0; i--) {
      for (int j = right.size() - 1; j >= 0; j--) {
        longest[i][j] =
            left.get(i).equals(right.get(j))
                ? longest[i + 1][j + 1] + 1
                : Math.max(longest[i + 1][j], longest[i][j + 1]);
      }
    }
    List<Pair> pairs = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < left.size() && j < right.size()) {
      if (left.get(i).equals(right.get(j))) {
        pairs.add(new Pair(i++, j++));
      } else if (longest[i + 1][j] >= longest[i][j + 1]) {
        i++;
      } else {
        j++;
      }
    }
    return pairs;
  }

  private static void inOrder(List<String> left, List<String> right, List<Row> rows) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      rows.add(
          new Row(i < left.size() ? left.get(i) : null, i < right.size() ? right.get(i) : null));
    }
  }

  /** All of it in a width, a longer line wrapped in its column. */
  List<Shown> shown(int width) {
    int left = Math.max(1, (width - GUTTER) / 2);
    int right = Math.max(1, width - GUTTER - left);
    List<Shown> shown = new ArrayList<>();
    add(new Row(one, other), "   ", left, right, false, shown);
    rows.forEach(row -> add(row, row.mark(), left, right, row.differs(), shown));
    if (rows.stream().noneMatch(Row::differs)) {
      shown.add(new Shown("nothing differs between " + one + " and " + other, false));
    }
    return shown;
  }

  private static void add(
      Row row, String mark, int left, int right, boolean differs, List<Shown> shown) {
    List<String> ones = wrapped(row.left, left);
    List<String> others = wrapped(row.right, right);
    for (int i = 0; i < Math.max(ones.size(), others.size()); i++) {
      String text = i < ones.size() ? ones.get(i) : "";
      String beside = i < others.size() ? others.get(i) : "";
      String room = " ".repeat(Math.max(0, left - Wrapped.width(text)));
      shown.add(new Shown((text + room + mark + beside).stripTrailing(), differs));
    }
  }

  /** Of a line there is none of, one piece that is empty. */
  private static List<String> wrapped(@Nullable String line, int width) {
    return Wrapped.anywhere(line == null ? "" : line, width);
  }

  /** The same as text, where there is no terminal to measure. */
  List<String> lines() {
    return shown(Columns.WIDTH).stream().map(Shown::text).toList();
  }
}
