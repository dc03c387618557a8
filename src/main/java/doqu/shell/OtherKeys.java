package doqu.shell;

import java.util.List;
import java.util.Objects;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;

/**
 * Keys that a terminal sends otherwise than its description says, and keys that nobody has a use
 * for: without this what follows the first letters of their sequences would be typed into the line.
 *
 * <p>Sequences are those of ECMA-48, 5.4 - parameters, intermediate bytes, a final one - with the
 * modifiers of xterm.
 */
final class OtherKeys {
  private static final String NAME = "doqu-other-key";
  private static final String CSI = "\033[";
  private static final String SS3 = "\033O";

  /** A sequence comes at once; who types Escape and a bracket by hand is slower. */
  private static final int PAUSE = 50;

  /**
   * Ctrl-X Ctrl-E, for an editor of JLine's that ends doqu when it is left, and Ctrl-X Ctrl-V, for
   * the keys of vi, among which are some that do so too.
   */
  private static final List<String> HARMFUL = List.of("\030\005", "\030\026");

  /** What xterm adds to a key that is pressed together with Shift. */
  private static final String SHIFT = "1;2";

  private static final char LAST_INTERMEDIATE = 0x3f;

  private final Reader reader;

  OtherKeys(Reader reader) {
    this.reader = reader;
  }

  /** Has every sequence that is not bound come here, with whatever it begins. */
  void bind() {
    reader.getWidgets().put(NAME, this::pressed);
    KeyMap<Binding> keys = Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN));
    HARMFUL.forEach(keys::unbind);
    for (String begun : List.of(CSI, SS3)) {
      bind(keys, begun);
    }
  }

  /** A key map knows what is bound, and not that more letters than are bound belong together. */
  private static void bind(KeyMap<Binding> keys, String begun) {
    for (char next = ' '; next <= '~'; next++) {
      int[] missing = new int[1];
      if (keys.getBound(begun + next, missing) == null && missing[0] < 0) {
        bind(keys, begun + next);
      }
    }
    keys.bind(new Reference(NAME), begun);
  }

  private boolean pressed() {
    StringBuilder sequence = new StringBuilder(reader.getLastBinding());
    boolean ended = false;
    while (!ended) {
      int next = reader.peekCharacter(PAUSE);
      if (next < ' ' || next > '~') {
        return true; // it is none
      }
      sequence.append((char) reader.readCharacter());
      ended = next > LAST_INTERMEDIATE || sequence.indexOf(SS3) == 0;
    }
    String widget =
        does(
            sequence.substring(CSI.length(), sequence.length() - 1),
            sequence.charAt(sequence.length() - 1));
    return widget.isEmpty()
        || Objects.requireNonNull(reader.getBuiltinWidgets().get(widget)).apply();
  }

  /** The widget of a key; empty: it has none. */
  private static String does(String parameters, char last) {
    boolean plain = parameters.isEmpty() || parameters.equals(SHIFT);
    return switch (last) {
      case 'H' -> LineReader.BEGINNING_OF_LINE;
      case 'F' -> LineReader.END_OF_LINE;
      case 'C' -> plain ? LineReader.FORWARD_CHAR : LineReader.FORWARD_WORD;
      case 'D' -> plain ? LineReader.BACKWARD_CHAR : LineReader.BACKWARD_WORD;
      case 'A' -> parameters.isEmpty() ? LineReader.UP_LINE_OR_SEARCH : "";
      case 'B' -> parameters.isEmpty() ? LineReader.DOWN_LINE_OR_SEARCH : "";
      case '~' ->
          switch (parameters) {
            case "1", "7" -> LineReader.BEGINNING_OF_LINE;
            case "4", "8" -> LineReader.END_OF_LINE;
            case "3" -> LineReader.DELETE_CHAR;
            default -> "";
          };
      default -> "";
    };
  }
}
