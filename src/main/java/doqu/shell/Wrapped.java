package doqu.shell;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Lines broken into pieces none of which is wider than a column of the terminal. */
final class Wrapped {
  private static final int TAB = 8;

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
