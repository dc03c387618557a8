package doqu.shell;

import doqu.observe.Differences;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All that differs between two, what is the same left out.
 *
 * @param one what the first column is of
 * @param other what the second is of
 * @param remarks what has to be known to read it
 */
record Contrast(String one, String other, List<Differences.Row> rows, List<String> remarks) {
  private static final int COLUMNS = 3;

  /** As a table; one line when nothing differs; where there is no terminal to measure. */
  List<String> lines() {
    return lines(Columns.WIDTH);
  }

  /** The same in a width, what is longer wrapped in its column. */
  List<String> lines(int width) {
    List<String> lines = new ArrayList<>();
    if (rows.isEmpty()) {
      lines.addAll(Wrapped.atWords("nothing differs between " + one + " and " + other, width));
    } else {
      List<List<String>> table = new ArrayList<>();
      table.add(List.of("", one, other));
      rows.forEach(row -> table.add(List.of(row.what(), row.one(), row.other())));
      int[] widths = widths(table, width - COLUMNS + 1);
      table.forEach(cells -> add(cells, widths, lines));
    }
    remarks.forEach(remark -> lines.addAll(Wrapped.atWords(remark, width)));
    return lines;
  }

  /** As wide as the columns have to be; where they have no room, the widest share what is left. */
  private static int[] widths(List<List<String>> table, int room) {
    int[] widths = new int[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      for (List<String> cells : table) {
        widths[i] = Math.max(widths[i], Wrapped.width(Printable.line(cells.get(i))));
      }
    }
    while (Arrays.stream(widths).sum() > Math.max(room, COLUMNS)) {
      int widest = 0;
      for (int i = 1; i < COLUMNS; i++) {
        widest = widths[i] >= widths[widest] ? i : widest;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static void add(List<String> cells, int[] widths, List<String> lines) {
    List<List<String>> wrapped = new ArrayList<>();
    int height = 0;
    for (int i = 0; i < COLUMNS; i++) {
      wrapped.add(Wrapped.atWords(cells.get(i), Math.max(1, widths[i])));
      height = Math.max(height, wrapped.get(i).size());
    }
    for (int at = 0; at < height; at++) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < COLUMNS; i++) {
        String piece = at < wrapped.get(i).size() ? wrapped.get(i).get(at) : "";
        line.append(piece).append(" ".repeat(Math.max(0, widths[i] - Wrapped.width(piece)) + 1));
      }
      lines.add(line.toString().stripTrailing());
    }
  }
}
