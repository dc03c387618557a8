package doqu.look;

import java.util.ArrayList;
import java.util.List;

/** Text in columns, as lsns(8) prints it. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** Begins with the names of the columns. */
  public Table(String... head) {
    rows.add(List.of(head));
  }

  /** Adds a row: a cell for each column. */
  public void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** All of it, as wide as it has to be. */
  public List<String> lines() {
    int columns = rows.get(0).size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(width[i] - row.get(i).length() + 1));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
