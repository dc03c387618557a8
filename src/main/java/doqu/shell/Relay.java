package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.PseudoTerminal;
import doqu.kernel.Libc;
import doqu.kernel.Tty;
import doqu.observe.Life;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lends doqu's own terminal to a program: every byte passes as it is, until the program ends or the
 * human presses Ctrl-].
 */
final class Relay {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final byte DETACH = 0x1d;

  /** How soon a new size of the window is noticed, in milliseconds. */
  private static final int LOOK_AT_SIZE = 200;

  /** How soon a terminal that had no room is tried again, in milliseconds. */
  private static final int RETRY = 20;

  /** What is typed beyond that, and nobody reads, is lost; Ctrl-] is not. */
  private static final int MOST_UNREAD = 1 << 20;

  /** What poll(2) passes over. */
  private static final int NOTHING = -1;

  /** What a program may have left on: mouse, bracketed paste, keypad, hidden cursor, colours. */
  private static final String SANE =
      "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l\033[?1l\033>\033[?25h\033[m";

  private final Actor actor;
  private final PseudoTerminal terminal;
  private final AlternateScreen alternateScreen = new AlternateScreen();
  private final byte[] buffer = new byte[16384];

  /** What was typed and the program's terminal has no room for yet. */
  private byte[] unread = {};

  private boolean typedInto;
  private Tty.Size size = new Tty.Size(0, 0);
  private byte lastPrinted = '\n';

  Relay(Actor actor, PseudoTerminal terminal) {
    this.actor = actor;
    this.terminal = terminal;
    Libc.neverWait(terminal.master());
  }

  /**
   * A program may ask for the size and the modes of its terminal before anything is passed to it.
   *
   * @param humans the settings of doqu's own as the human has them: doqu has taken keys away
   */
  static void fit(PseudoTerminal terminal, Tty.Modes humans) {
    Tty.adopt(terminal.master(), humans);
    Tty.Size now = Tty.size(STDIN);
    if (now != null) {
      Tty.resize(terminal.master(), now);
    }
  }

  /** Whether the human has pressed a key that was not doqu's. */
  boolean typedInto() {
    return typedInto;
  }

  /** Whether the program has ended; otherwise the human has gone away from it. */
  boolean run() {
    Tty.Modes before = Tty.modes(STDIN);
    Tty.makeRaw(STDIN);
    try {
      if (alternateScreen.taken()) {
        print(AlternateScreen.ENTER);
        redraw();
      }
      return pass();
    } finally {
      Tty.restore(STDIN, before);
      print(alternateScreen.taken() ? AlternateScreen.LEAVE : "");
      // doqu goes on in a line of its own.
      print(SANE + (lastPrinted == '\n' ? "" : "\r\n"));
    }
  }

  /** A full-screen program draws itself again when it is told of another size. */
  private void redraw() {
    Tty.resize(terminal.master(), new Tty.Size(Math.max(1, size.rows() - 1), size.columns()));
    size = new Tty.Size(0, 0);
  }

  private boolean pass() {
    boolean open = true;
    while (true) {
      passSize();
      int wait = unread.length == 0 ? LOOK_AT_SIZE : RETRY;
      int master = open ? terminal.master() : NOTHING;
      boolean[] ready = Libc.poll(wait, master, STDIN, actor.pidfd());
      boolean printed = ready[0];
      boolean typed = ready[1];
      boolean ended = ready[2];
      // A program may close its terminal and live on: then it is looked at again later.
      open = !printed || copy();
      passUnread();
      if (ended) {
        drain();
        return true;
      }
      if ((typed && !passKeys()) || (!printed && Life.of(actor) == Life.STOPPED)) {
        return false;
      }
    }
  }

  private void passSize() {
    Tty.Size now = Tty.size(STDIN);
    if (now != null && !now.equals(size)) {
      Tty.resize(terminal.master(), now);
      size = now;
    }
  }

  /** Whether the human stays. */
  private boolean passKeys() {
    int count = (int) Libc.read(STDIN, buffer);
    int keys = 0;
    while (keys < count && buffer[keys] != DETACH) {
      keys++;
    }
    typedInto |= keys > 0;
    if (unread.length + keys <= MOST_UNREAD) {
      int before = unread.length;
      unread = Arrays.copyOf(unread, before + keys);
      System.arraycopy(buffer, 0, unread, before, keys);
    }
    passUnread();
    return keys == count && count > 0;
  }

  /** Passes on as much as the program's terminal takes. */
  private void passUnread() {
    if (unread.length > 0) {
      int written = (int) Libc.writeSome(terminal.master(), unread);
      unread = Arrays.copyOfRange(unread, Math.max(0, written), unread.length);
    }
  }

  private boolean copy() {
    int count = (int) Libc.read(terminal.master(), buffer);
    if (count > 0) {
      byte[] printed = Arrays.copyOf(buffer, count);
      alternateScreen.printed(printed);
      lastPrinted = printed[count - 1];
      Libc.write(STDOUT, printed);
    }
    return count > 0;
  }

  /** What the program printed last. */
  private void drain() {
    boolean more;
    do {
      more = Libc.poll(0, terminal.master())[0] && copy();
    } while (more);
  }

  private static void print(String sequences) {
    Libc.write(STDOUT, sequences.getBytes(StandardCharsets.US_ASCII));
  }
}
