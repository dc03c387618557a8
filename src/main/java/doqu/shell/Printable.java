package doqu.shell;

/** Text from inside the stage, made harmless: no control sequence of it reaches the terminal. */
final class Printable {
  private Printable() {}

  /** Newlines and tabs stay; ESC becomes {@code ^[} and the like, as cat -v shows them. */
  static String clean(String text) {
    // A terminal ends its lines with both.
    String lines = text.replace("\r\n", "\n");
    StringBuilder clean = new StringBuilder(lines.length());
    for (int i = 0; i < lines.length(); i++) {
      char c = lines.charAt(i);
      if (c == '\n' || c == '\t') {
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
