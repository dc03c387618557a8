package doqu.shell;

import java.util.Objects;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;

/**
 * Tab offers words; Tab again, with nothing typed between, tells of the command (as jshell does).
 */
final class SecondTab {
  private static final String NAME = "doqu-tab";

  private static final String TAB = "\t";

  private final Reader reader;

  SecondTab(Reader reader) {
    this.reader = reader;
  }

  /** Makes it what Tab does. */
  void bind() {
    reader.getWidgets().put(NAME, this::pressed);
    Objects.requireNonNull(reader.getKeyMaps().get(LineReader.MAIN)).bind(new Reference(NAME), TAB);
  }

  private boolean pressed() {
    String before = reader.getBuffer().toString();
    String pressed = reader.getLastBinding();
    // Not by callWidget, which keeps back whatever is thrown: Ctrl-C while words are shown.
    Objects.requireNonNull(reader.getBuiltinWidgets().get(LineReader.COMPLETE_WORD)).apply();
    // It waits for a key while words are shown, and takes another Tab for itself; any other key
    // comes back. Where it has no words to show there is nothing to wait for.
    String last = reader.getLastBinding();
    String now = reader.getBuffer().toString();
    if (TAB.equals(last) && (isAnother(last, pressed) || now.equals(before))) {
      Typing typing = Typing.of(now, reader.getBuffer().cursor());
      String command = typing.command().isEmpty() ? typing.word() : typing.command();
      int width = Math.min(reader.getTerminal().getWidth(), Columns.WIDTH);
      if (!Words.says(command).isEmpty()) {
        Help.brief(command, width).forEach(reader::printAbove);
      }
    }
    return true;
  }

  /** Whether one key is not the other pressed once: each that is read is an object of its own. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isAnother(String key, String other) {
    return key != other;
  }
}
