package doqu.shell;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.PosixSysTerminal;
import org.jline.terminal.impl.jni.JniTerminalProvider;
import org.jline.terminal.spi.Pty;
import org.jline.terminal.spi.SystemStream;
import org.jline.utils.InfoCmp;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal that doqu is at. JLine's builder would first try which kinds of terminal there are,
 * and its parser takes a description apart by patterns: a fifth of the time to the first prompt.
 */
final class SystemTerminal extends PosixSysTerminal {
  /** What a window is taken to be that says nothing of its size: terminfo(5)'s lines and cols. */
  private static final Size USUAL = new Size(80, 24);

  /** Of the capabilities in terminfo(5) those that JLine and doqu ask for, by their short names. */
  static final Map<String, Capability> ASKED =
      Map.ofEntries(
          entry("am", Capability.auto_right_margin),
          entry("ccc", Capability.can_change),
          entry("xenl", Capability.eat_newline_glitch),
          entry("colors", Capability.max_colors),
          entry("cbt", Capability.back_tab),
          entry("bel", Capability.bell),
          entry("cr", Capability.carriage_return),
          entry("csr", Capability.change_scroll_region),
          entry("clear", Capability.clear_screen),
          entry("el", Capability.clr_eol),
          entry("cup", Capability.cursor_address),
          entry("cud1", Capability.cursor_down),
          entry("cub1", Capability.cursor_left),
          entry("cuf1", Capability.cursor_right),
          entry("cuu1", Capability.cursor_up),
          entry("dch1", Capability.delete_character),
          entry("dl1", Capability.delete_line),
          entry("smacs", Capability.enter_alt_charset_mode),
          entry("rmacs", Capability.exit_alt_charset_mode),
          entry("flash", Capability.flash_screen),
          entry("initc", Capability.initialize_color),
          entry("ich1", Capability.insert_character),
          entry("il1", Capability.insert_line),
          entry("kbs", Capability.key_backspace),
          entry("kcbt", Capability.key_btab),
          entry("kdch1", Capability.key_dc),
          entry("kdl1", Capability.key_dl),
          entry("kcud1", Capability.key_down),
          entry("kend", Capability.key_end),
          entry("kf1", Capability.key_f1),
          entry("kf2", Capability.key_f2),
          entry("kf3", Capability.key_f3),
          entry("kf4", Capability.key_f4),
          entry("kf5", Capability.key_f5),
          entry("kf6", Capability.key_f6),
          entry("kf7", Capability.key_f7),
          entry("kf8", Capability.key_f8),
          entry("kf9", Capability.key_f9),
          entry("kf10", Capability.key_f10),
          entry("kf11", Capability.key_f11),
          entry("kf12", Capability.key_f12),
          entry("khome", Capability.key_home),
          entry("kich1", Capability.key_ic),
          entry("kcub1", Capability.key_left),
          entry("knp", Capability.key_npage),
          entry("kpp", Capability.key_ppage),
          entry("kcuf1", Capability.key_right),
          entry("kcuu1", Capability.key_up),
          entry("rmkx", Capability.keypad_local),
          entry("smkx", Capability.keypad_xmit),
          entry("dch", Capability.parm_dch),
          entry("dl", Capability.parm_delete_line),
          entry("cud", Capability.parm_down_cursor),
          entry("ich", Capability.parm_ich),
          entry("il", Capability.parm_insert_line),
          entry("cub", Capability.parm_left_cursor),
          entry("cuf", Capability.parm_right_cursor),
          entry("cuu", Capability.parm_up_cursor),
          entry("rc", Capability.restore_cursor),
          entry("sc", Capability.save_cursor),
          entry("u6", Capability.user6),
          entry("u7", Capability.user7),
          entry("kmous", Capability.key_mouse),
          entry("ed", Capability.clr_eos));

  /** What termios(3) calls _POSIX_VDISABLE: no key. */
  private static final int DISABLED = 0;

  private final Keyboard keyboard;

  private SystemTerminal(String type, Pty pty) throws IOException {
    super("doqu", type, pty, StandardCharsets.UTF_8, true, SignalHandler.SIG_DFL);
    this.keyboard = new Keyboard(reader);
  }

  /** Opens it; a dumb one, or one that JLine's native library cannot serve, by the builder. */
  static Terminal open(String type) throws IOException {
    if (!type.startsWith(Terminal.TYPE_DUMB)) {
      try {
        return new SystemTerminal(type, new JniTerminalProvider().current(SystemStream.Output));
      } catch (UnsupportedOperationException e) {
        // The builder knows others.
      }
    }
    return TerminalBuilder.builder().system(true).type(type).build();
  }

  /** The window's size, never 0: serial lines and script(1) do not tell. */
  @Override
  public Size getSize() {
    Size told = super.getSize();
    return told.getRows() > 0 && told.getColumns() > 0 ? told : USUAL;
  }

  @Override
  public NonBlockingReader reader() {
    return keyboard;
  }

  /** While a line is read, the key that interrupts is no signal: see {@link Keyboard}. */
  @Override
  public Attributes enterRawMode() {
    Attributes before = super.enterRawMode();
    int interrupts = before.getControlChar(ControlChar.VINTR);
    if (interrupts != DISABLED) {
      keyboard.interruptsBy(interrupts);
    }
    Attributes raw = getAttributes();
    raw.setControlChar(ControlChar.VINTR, DISABLED);
    setAttributes(raw);
    return before;
  }

  /** Called by the constructor of a superclass: nothing of this class is there yet. */
  @Override
  protected void parseInfoCmp() {
    read(description(getType()), bools, ints, strings);
  }

  /** Takes a description as infocmp(1) prints it, and JLine's tables are, apart. */
  static void read(
      String description,
      Set<Capability> bools,
      Map<Capability, Integer> ints,
      Map<Capability, String> strings) {
    for (String line : description.split("\n")) {
      if (!line.startsWith("\t")) {
        continue; // a comment, or the terminal's names
      }
      for (String item : line.split(",")) {
        String one = item.strip();
        int end = end(one);
        Capability capability = ASKED.get(one.substring(0, end));
        if (capability == null) {
          continue;
        }
        if (end == one.length()) {
          bools.add(capability);
        } else if (one.charAt(end) == '=') {
          strings.put(capability, one.substring(end + 1));
        } else {
          ints.put(capability, Integer.decode(one.substring(end + 1)));
        }
      }
    }
  }

  private static int end(String item) {
    for (int at = 0; at < item.length(); at++) {
      if (item.charAt(at) == '=' || item.charAt(at) == '#') {
        return at;
      }
    }
    return item.length();
  }

  /**
   * From JLine's tables: JLine itself would run infocmp(1), and print a stack trace for a terminal
   * that this does not know either.
   */
  private static String description(String type) {
    try (InputStream table =
        isName(type) ? InfoCmp.class.getResourceAsStream(type + ".caps") : null) {
      return table == null ? asked(type) : new String(table.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return Objects.requireNonNull(InfoCmp.getDefaultInfoCmp("ansi"));
    }
  }

  /** Of a terminal that JLine may have a table for; others may have any letter in them. */
  private static boolean isName(String type) {
    return type.chars().allMatch(c -> Character.isLetterOrDigit(c) || "_+-".indexOf(c) >= 0);
  }

  private static String asked(String type) throws IOException {
    try {
      return InfoCmp.getInfoCmp(type);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
