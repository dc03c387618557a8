package doqu.shell;

/**
 * Text from inside the stage, or of a course, made harmless: no control sequence of it reaches the
 * terminal.
 */
public final class Printable {
  /** More than any message has that quotes ordinary words. */
  private static final int LONGEST = 1000;

  private Printable() {}

  /** What a program prints: its lines and tabs stay; ESC becomes {@code ^[}, as cat -v has it. */
  static String text(String text) {
    // A terminal ends its lines with both.
    return clean(text.replace("\r\n", "\n"), true);
  }

  /** What is shown as one line: a host name with a newline in it does not make two of it. */
  public static String line(String line) {
    return clean(line, false);
  }

  /** What is too long to be read, without its middle: a word may be a whole file. */
  static String brief(String line) {
    return line.length() <= LONGEST
        ? line
        : line.substring(0, LONGEST / 2) + " ... " + line.substring(line.length() - LONGEST / 4);
  }

  private static String clean(String text, boolean newlines) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t' || (c == '\n' && newlines)) {
        clean.append(c);
      } else if (c < ' ') {
        clean.append('^').append((char) (c + '@'));
      } else if (c == 0x7f) {
        clean.append("^?");
      } else if (c >= 0x80 && c < 0xa0) {
        clean.append("M-^").append((char) (c - 0x80 + '@'));
      } else if (Character.getType(c) == Character.FORMAT) {
        clean.append('?'); // bidirectional overrides and their like
      } else {
        clean.append(c);
      }
    }
    return clean.toString();
  }
}
