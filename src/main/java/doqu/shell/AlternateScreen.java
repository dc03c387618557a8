package doqu.shell;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Follows whether a program has the terminal's second screen: an editor that is killed, or left,
 * does not give it back.
 */
final class AlternateScreen {
  static final String LEAVE = "\033[?1049l";
  static final String ENTER = "\033[?1049h";

  private static final List<String> ON = List.of(ENTER, "\033[?1047h", "\033[?47h");
  private static final List<String> OFF = List.of(LEAVE, "\033[?1047l", "\033[?47l");

  private boolean taken;

  /** The end of what was printed: a sequence may come in two parts. */
  private String end = "";

  boolean taken() {
    return taken;
  }

  /** Learns what the program has printed. */
  void printed(byte[] bytes) {
    String text = end + new String(bytes, StandardCharsets.ISO_8859_1);
    int on = last(text, ON);
    int off = last(text, OFF);
    if (on != off) {
      taken = on > off;
    }
    end = text.substring(Math.max(0, text.length() - ENTER.length() + 1));
  }

  private static int last(String text, List<String> sequences) {
    return sequences.stream().mapToInt(text::lastIndexOf).max().orElseThrow();
  }
}
