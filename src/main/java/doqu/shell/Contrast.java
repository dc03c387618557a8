package doqu.shell;

import doqu.look.Table;
import doqu.observe.Differences;
import java.util.ArrayList;
import java.util.List;

/**
 * All that differs between two, what is the same left out.
 *
 * @param one what the first column is of
 * @param other what the second is of
 * @param remarks what has to be known to read it
 */
record Contrast(String one, String other, List<Differences.Row> rows, List<String> remarks) {
  /** As a table; one line when nothing differs. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (rows.isEmpty()) {
      lines.add("nothing differs between " + one + " and " + other);
    } else {
      Table table = new Table("", one, other);
      rows.forEach(row -> table.row(row.what(), row.one(), row.other()));
      lines.addAll(table.lines());
    }
    lines.addAll(remarks);
    return lines;
  }
}
