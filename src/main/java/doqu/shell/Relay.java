package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.PseudoTerminal;
import doqu.kernel.Libc;
import doqu.kernel.Tty;
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

  /** What a program that was killed may have left on: alternate screen, mouse, hidden cursor. */
  private static final String SANE =
      "\033[?1000l\033[?1002l\033[?1003l\033[?1006l\033[?2004l" + "\033[?1l\033>\033[?25h\033[m";

  private final Actor actor;
  private final PseudoTerminal terminal;

  Relay(Actor actor, PseudoTerminal terminal) {
    this.actor = actor;
    this.terminal = terminal;
  }

  /** Whether the program has ended; otherwise the human has gone away from it. */
  boolean run() {
    Tty.Modes before = Tty.makeRaw(STDIN);
    try {
      return pass();
    } finally {
      if (before != null) {
        Tty.restore(STDIN, before);
        Libc.write(STDOUT, SANE.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private boolean pass() {
    byte[] buffer = new byte[16384];
    Tty.Size size = null;
    while (true) {
      Tty.Size now = Tty.size(STDIN);
      if (now != null && !now.equals(size)) {
        Tty.resize(terminal.master(), now);
        size = now;
      }
      boolean[] ready = Libc.poll(LOOK_AT_SIZE, terminal.master(), STDIN, actor.pidfd());
      if (ready[0]) {
        copy(buffer);
      } else if (ready[2]) {
        return true;
      }
      if (ready[1]) {
        int count = (int) Libc.read(STDIN, buffer);
        byte[] typed = Arrays.copyOf(buffer, Math.max(0, count));
        int detach = indexOf(typed);
        if (count <= 0 || detach >= 0) {
          Libc.write(terminal.master(), Arrays.copyOf(typed, Math.max(0, detach)));
          return false;
        }
        Libc.write(terminal.master(), typed);
      }
      if (ready[2] && ready[0]) {
        drain(buffer);
        return true;
      }
    }
  }

  private boolean copy(byte[] buffer) {
    int count = (int) Libc.read(terminal.master(), buffer);
    if (count > 0) {
      Libc.write(STDOUT, Arrays.copyOf(buffer, count));
    }
    return count > 0;
  }

  /** What the program printed last. */
  private void drain(byte[] buffer) {
    boolean more;
    do {
      more = Libc.poll(0, terminal.master())[0] && copy(buffer);
    } while (more);
  }

  private static int indexOf(byte[] typed) {
    for (int i = 0; i < typed.length; i++) {
      if (typed[i] == DETACH) {
        return i;
      }
    }
    return -1;
  }
}
