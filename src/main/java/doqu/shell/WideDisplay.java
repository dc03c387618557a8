package doqu.shell;

import java.util.List;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/**
 * Draws a line that may have letters two columns wide. JLine goes back to the right margin by
 * printing what is in the last column once more: half a letter, which it prints whole.
 */
final class WideDisplay extends Display {
  WideDisplay(Terminal terminal) {
    super(terminal, false);
  }

  @Override
  public void update(List<AttributedString> lines, int cursor, boolean flush) {
    boolean wide = lines.stream().anyMatch(line -> line.columnLength() != line.length());
    // Then every row is ended, as on a terminal that does not wrap by itself.
    wrapAtEol = terminalWrapAtEol && !wide;
    delayedWrapAtEol = terminalDelayedWrapAtEol && !wide;
    super.update(lines, cursor, flush);
  }
}
