package doqu.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jline.utils.WCWidth;

/** Lines broken into pieces none of which is wider than a column of the terminal. */
final class Wrapped {
  private static final int TAB = 8;

  /** What stands before the text of a line. */
  private static final Pattern TEXT = Pattern.compile(" *(?:\\S+(?: \\S+)?  +)?(?=\\S)");

  private Wrapped() {}

  /** The pieces of a line, broken wherever it is full; of an empty one, one that is empty. */
  static List<String> anywhere(String line, int width) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    int columns = 0;
    for (int letter : expanded(Printable.line(line)).codePoints().toArray()) {
      int its = Math.max(0, WCWidth.wcwidth(letter));
      if (columns + its > width && columns > 0) {
        pieces.add(piece.toString());
        piece.setLength(0);
        columns = 0;
      }
      piece.appendCodePoint(letter);
      columns += its;
    }
    pieces.add(piece.toString());
    return pieces;
  }

  /** The same, broken between words; a word too long for a line is broken itself. */
  static List<String> atWords(String line, int width) {
    List<String> pieces = new ArrayList<>();
    String piece = "";
    boolean begun = false;
    for (String word : expanded(Printable.line(line)).split(" ", -1)) {
      if (begun && width(piece) + 1 + width(word) <= width) {
        piece += " " + word;
        continue;
      }
      if (begun) {
        pieces.add(piece);
      }
      List<String> parts = anywhere(word, width);
      pieces.addAll(parts.subList(0, parts.size() - 1));
      piece = parts.get(parts.size() - 1);
      begun = true;
    }
    pieces.add(piece);
    return pieces;
  }

  /**
   * The same, with all pieces but the first set in to where the text of the line begins: behind its
   * blanks, or behind a head that stands apart from what is said of it.
   */
  static List<String> hanging(String line, int width) {
    String whole = expanded(Printable.line(line));
    Matcher text = TEXT.matcher(whole);
    int column = text.lookingAt() ? text.end() : 0;
    String head = whole.substring(0, column);
    String said = whole.substring(column);
    if (head.isBlank()) {
      int longest = Stream.of(said.split(" ")).mapToInt(Wrapped::width).max().orElse(0);
      column = Math.max(0, Math.min(column, width - longest));
      head = " ".repeat(column);
    } else if (column > width / 2) {
      column = 0;
      said = head + said;
      head = "";
    }
    List<String> pieces = new ArrayList<>();
    for (String piece : atWords(said, width - column)) {
      pieces.add(((pieces.isEmpty() ? head : " ".repeat(column)) + piece).stripTrailing());
    }
    return pieces;
  }

  /** How many columns a text takes. */
  static int width(String text) {
    return text.codePoints().map(letter -> Math.max(0, WCWidth.wcwidth(letter))).sum();
  }

  /** A tab in a column would lead out of it. */
  private static String expanded(String line) {
    StringBuilder expanded = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char letter = line.charAt(i);
      expanded.append(letter == '\t' ? " ".repeat(TAB - expanded.length() % TAB) : letter);
    }
    return expanded.toString();
  }
}
