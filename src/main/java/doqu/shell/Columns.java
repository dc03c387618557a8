package doqu.shell;

import java.util.ArrayList;
import java.util.List;

/** Lines that fit a width: a word, and what is said of it wrapped in a column beside it. */
final class Columns {
  /** That of the narrowest terminal people use. */
  static final int WIDTH = 80;

  private Columns() {}

  /** The same for the whole {@link #WIDTH}. */
  static List<String> beside(String head, int column, String text) {
    return beside(head, column, text, WIDTH);
  }

  /**
   * A head with a text beside it, whose lines begin below each other at a column. A head too long
   * to stand before that has a line of its own; a word too long for a line sticks out.
   */
  static List<String> beside(String head, int column, String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(head);
    if (!head.isEmpty() && head.length() >= column) {
      lines.add(head);
      line.setLength(0);
    }
    line.append(" ".repeat(column - line.length()));
    boolean begun = false;
    for (String word : text.split(" ", -1)) {
      if (begun && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
        line.append(" ".repeat(column));
        begun = false;
      }
      line.append(begun ? " " : "").append(word);
      begun = true;
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }
}
