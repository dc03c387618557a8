package doqu.shell;

import java.util.Collections;
import java.util.List;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.Status;
import org.jspecify.annotations.Nullable;

/**
 * The line at the foot of the terminal that says where the actor in focus stands.
 *
 * <p>JLine's own only keeps the row free. It would scroll the screen whenever the line is shown
 * again, and when the window has grown clear what has come back onto the screen.
 */
final class StatusLine {
  /** A window lower than that has better use for its lines. */
  private static final int LOWEST = 8;

  private static final String WIDGET = "doqu-status";

  private final Terminal terminal;
  private final Settings settings;
  private final boolean colour;
  private @Nullable Reader reader;
  private volatile String standing = "";

  /** The size of the window in which it is shown. */
  private @Nullable Size shownIn;

  StatusLine(Terminal terminal, Settings settings, boolean colour) {
    this.terminal = terminal;
    this.settings = settings;
    this.colour = colour;
  }

  /** Lets it share the terminal with the line that is being typed. */
  void bind(Reader itsReader) {
    reader = itsReader;
    itsReader
        .getWidgets()
        .put(
            WIDGET,
            () -> {
              showAgain();
              return true;
            });
  }

  /** Shows what holds now if a line is being typed; as a widget it does not cross the keys. */
  void refresh(String now) {
    standing = now;
    try {
      if (reader != null) {
        reader.callWidget(WIDGET);
      }
    } catch (IllegalStateException e) {
      // No line is: it is shown before the next one.
    }
  }

  /** Shows what holds now, where it is wanted and there is room. */
  void show(String now) {
    standing = now;
    showAgain();
  }

  /** Shows what it was told last: whoever changes that tells it. */
  void showAgain() {
    alone(this::place);
  }

  private void place() {
    Size size = terminal.getSize();
    if (!settings.is(Setting.STATUS, "on") || size.getRows() < LOWEST) {
      hide();
      return;
    }
    if (!size.equals(shownIn)) {
      takeRoom(size);
    }
    if (shownIn != null) {
      AttributedStyle style =
          settings.colour(colour) ? AttributedStyle.DEFAULT.faint() : AttributedStyle.DEFAULT;
      draw(size, new AttributedString(Printable.line(standing), style));
    }
  }

  /** Gives the whole terminal back. */
  void hide() {
    alone(
        () -> {
          Size size = shownIn;
          if (size != null) {
            scrollIn(terminal.getHeight());
            draw(size, AttributedString.EMPTY);
            lost();
          }
        });
  }

  /** Nothing of it is on the screen any more. */
  void lost() {
    shownIn = null;
    keepFree(0);
  }

  /** How many rows it takes. */
  int rows() {
    return shownIn == null ? 0 : 1;
  }

  private void alone(Runnable work) {
    if (reader != null) {
      reader.alone(work);
    }
  }

  private void takeRoom(Size size) {
    if (!keepFree(1)) {
      return; // the terminal cannot scroll a part of the screen
    }
    // The screen scrolls only where the cursor is in the last row.
    terminal.writer().write("\n");
    terminal.puts(Capability.cursor_up);
    scrollIn(size.getRows() - 1);
    shownIn = size;
  }

  /** Lets the screen scroll in its first rows only. */
  private void scrollIn(int rows) {
    terminal.puts(Capability.save_cursor);
    terminal.puts(Capability.change_scroll_region, 0, rows - 1);
    terminal.puts(Capability.restore_cursor);
  }

  /** Tells JLine how many rows not to draw in; whether it can. */
  private boolean keepFree(int rows) {
    Status kept = Status.getStatus(terminal);
    if (kept == null) {
      return false;
    }
    kept.suspend(); // it draws nothing
    kept.update(List.of());
    kept.resize(terminal.getSize());
    kept.update(Collections.nCopies(rows, AttributedString.EMPTY));
    return kept.size() == rows;
  }

  private void draw(Size size, AttributedString text) {
    terminal.puts(Capability.save_cursor);
    terminal.puts(Capability.cursor_address, size.getRows() - 1, 0);
    terminal.puts(Capability.clr_eol);
    // In the last column some terminals would wrap after all, when the cursor is back.
    terminal.writer().write(cut(text, size.getColumns() - 1).toAnsi(terminal));
    terminal.puts(Capability.restore_cursor);
    terminal.flush();
  }

  private static AttributedString cut(AttributedString text, int columns) {
    return text.columnLength() <= columns
        ? text
        : new AttributedStringBuilder()
            .append(text.columnSubSequence(0, columns - 1))
            .append("…")
            .toAttributedString();
  }
}
