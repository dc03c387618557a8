package doqu.shell;

import doqu.kernel.Libc;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jline.keymap.KeyMap;
import org.jline.reader.Binding;
import org.jline.reader.LineReader;
import org.jline.reader.MaskingCallback;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.utils.AttributedString;
import org.jline.utils.InfoCmp.Capability;

/**
 * Reads a line, where JLine does not do it well by itself: what is pasted without marks, a window
 * that changes its size, a line at the foot that stays there.
 */
final class Reader extends LineReaderImpl {
  private static final int STDIN = 0;
  private static final int DELETE = 0x7f;

  /** Pasted text that comes in pieces is in one as long as the next is there in so many ms. */
  private static final int PAUSE = 10;

  /** By it every key is read alone. */
  private static final KeyMap<Binding> NO_KEYS = new KeyMap<>();

  static {
    NO_KEYS.setNomatch(new Reference(LineReader.UNDEFINED_KEY));
    NO_KEYS.setUnicode(new Reference(LineReader.UNDEFINED_KEY));
  }

  /** What a line begins with that is not the first of those that are typed together. */
  private static final int SECONDARY_PROMPT = "> ".length();

  /** Whether lines that were wrapped are wrapped anew when the window's width changes. */
  private final boolean reflows;

  private final StatusLine status;

  Reader(Terminal terminal, StatusLine status) throws IOException {
    super(terminal, "doqu");
    this.status = status;
    // Nearly every terminal does; this one says what it is.
    this.reflows = System.getenv("XTERM_VERSION") == null && !terminal.getType().equals("linux");
  }

  /** Does something while nobody else writes to the terminal. */
  void alone(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The same with the line that is being typed given up, and the whole terminal; then it is back.
   */
  void aside(Runnable work) {
    alone(
        () -> {
          if (!reading) {
            work.run();
            return;
          }
          int cursor = buf.cursor();
          doCleanup(true);
          status.hide();
          work.run();
          terminal.enterRawMode();
          terminal.puts(Capability.keypad_xmit);
          terminal.writer().write(BRACKETED_PASTE_ON);
          buf.cursor(cursor);
          status.showAgain();
          begin(terminal.getSize());
          redisplay();
        });
  }

  /** The line is drawn from here on, in a window of that size. */
  private void begin(Size now) {
    size.copy(now);
    display = new WideDisplay(terminal);
    display.resize(size.getRows(), size.getColumns());
    lastStatusSize = status.rows();
  }

  /**
   * Where the kernel edits the line it has dropped what was typed, but shows it still.
   *
   * @param told whether something is told thereupon, and the prompt repeated with it
   */
  void dropped(BooleanSupplier told) {
    if (isReading()) {
      terminal.writer().println();
    }
    if (!told.getAsBoolean() && isReading()) {
      terminal.writer().print(prompt);
      terminal.flush();
    }
  }

  /** Leaves the line of the last prompt, as JLine does but on a dumb terminal. */
  void leave() {
    if (terminal instanceof DumbTerminal) {
      terminal.writer().println();
      terminal.flush();
    }
  }

  /** A line that is given up takes the keys with it of which more were to come. */
  @Override
  public String readLine(String prompt, String right, MaskingCallback masking, String buffer) {
    try {
      return super.readLine(prompt, right, masking, buffer);
    } catch (UserInterruptException e) {
      while (!bindingReader.getCurrentBuffer().isEmpty()) {
        bindingReader.readBinding(NO_KEYS, null, false);
      }
      throw e;
    }
  }

  @Override
  protected void redisplay(boolean flush) {
    alone(
        () -> {
          if (!(display instanceof WideDisplay) || lastStatusSize != status.rows()) {
            terminal.puts(Capability.carriage_return);
            begin(terminal.getSize());
          }
          super.redisplay(flush);
        });
  }

  /** A redisplay costs as much as the line is long: once for what has come, not for each letter. */
  @Override
  protected boolean selfInsert() {
    boolean inserted = super.selfInsert();
    for (int wait = 0; Libc.poll(wait, STDIN)[0]; wait = PAUSE) {
      int next = peekCharacter(PAUSE);
      if (next < ' ' || next == DELETE) {
        break;
      }
      int letter = readCharacter();
      if (buf.length() <= LinesRead.LONGEST) {
        buf.write(letter); // more only makes the line one that is refused
      }
    }
    return inserted;
  }

  @Override
  protected synchronized void handleSignal(Signal signal) {
    alone(
        () -> {
          if (!reading) {
            return;
          }
          if (signal != Signal.WINCH) {
            super.handleSignal(signal);
          } else if (!terminal.getSize().equals(size)) {
            resized(terminal.getSize());
          }
        });
  }

  /** Clears from where the line begins, with whatever was at the foot, and draws both again. */
  private void resized(Size now) {
    int above = Math.min(rowsAbove(now.getColumns()), now.getRows() - 1);
    terminal.puts(Capability.carriage_return);
    if (above > 0) {
      terminal.puts(Capability.parm_up_cursor, above);
    }
    terminal.puts(Capability.clr_eos);
    status.lost();
    status.showAgain();
    begin(now); // when the window has changed since, the next signal finds another size
    redisplay();
  }

  /** How far the cursor is below the line's beginning, in a window of another width. */
  private int rowsAbove(int columns) {
    int width = reflows ? columns : size.getColumns();
    int rows = 0;
    int used = prompt.columnLength();
    for (String part : buf.upToCursor().split("\n", -1)) {
      rows += (used + new AttributedString(part).columnLength()) / width + 1;
      used = SECONDARY_PROMPT;
    }
    return rows - 1;
  }

  @Override
  public boolean clearScreen() {
    super.clearScreen();
    status.lost();
    status.showAgain();
    return true;
  }
}
