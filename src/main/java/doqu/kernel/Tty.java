package doqu.kernel;

import com.sun.jna.Memory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What doqu asks of terminals: pseudo-terminals, window sizes, raw mode (ioctl_tty(2), termios(3)).
 */
public final class Tty {
  public static final long TIOCSCTTY = 0x540E;

  private static final long TIOCGWINSZ = 0x5413;
  private static final long TIOCSWINSZ = 0x5414;
  private static final long TIOCSPTLCK = 0x40045431;
  private static final long TIOCGPTPEER = 0x5441;
  private static final int TCSADRAIN = 1;

  /** More than struct termios takes in any C library here (60 bytes). */
  private static final int TERMIOS = 256;

  /** Where struct termios has them, and what they are: the same in glibc and musl. */
  private static final int INPUT_FLAGS = 0;

  private static final int LOCAL_FLAGS = 12;

  private static final int CONTROL_CHARACTERS = 17;
  private static final int ICANON = 2;
  private static final int ECHO = 8;
  private static final int VQUIT = 1;
  private static final int VSUSP = 10;
  private static final byte DISABLED = 0;

  /** IXON, IXANY, IXOFF, IUTF8: how the human's own keyboard is served, of the input flags. */
  private static final int HUMANS = 02000 | 04000 | 010000 | 040000;

  /** Of the control characters those that are keys, not VTIME and VMIN: VINTR to VEOL2. */
  private static final int[] KEYS = {0, VQUIT, 2, 3, 4, 8, 9, VSUSP, 11, 12, 13, 14, 15, 16};

  private Tty() {}

  /** The size of a terminal's window, in characters. */
  public record Size(int rows, int columns) {}

  /** The settings of a terminal, to be given back to it later. */
  public static final class Modes {
    private final @Nullable Memory termios;

    private Modes(@Nullable Memory termios) {
      this.termios = termios;
    }
  }

  /** A new pseudo-terminal: the descriptor of the side that plays the human, closed on exec. */
  public static long openMaster() {
    long master = Libc.open("/dev/ptmx", Flags.O_RDWR | Flags.O_NOCTTY);
    if (master < 0) {
      return master;
    }
    try (Memory unlocked = new Memory(Integer.BYTES)) {
      unlocked.setInt(0, 0);
      long result = Libc.result(CLibrary.ioctl((int) master, TIOCSPTLCK, unlocked));
      return result < 0 ? result : master;
    }
  }

  /** The other side, opened by no path: the file system it lies in need not be in sight. */
  public static long openSlave(int master) {
    long flags = Flags.O_RDWR | Flags.O_NOCTTY | Flags.O_CLOEXEC;
    return Libc.result(CLibrary.ioctl(master, TIOCGPTPEER, new com.sun.jna.Pointer(flags)));
  }

  /** The size of its window; {@code null} when it is no terminal. */
  public static @Nullable Size size(int terminal) {
    try (Memory winsize = new Memory(8)) {
      return Libc.result(CLibrary.ioctl(terminal, TIOCGWINSZ, winsize)) < 0
          ? null
          : new Size(winsize.getShort(0) & 0xffff, winsize.getShort(2) & 0xffff);
    }
  }

  /** Gives it a size, and the programs in its foreground a SIGWINCH when it is another. */
  public static void resize(int terminal, Size size) {
    try (Memory winsize = new Memory(8)) {
      winsize.setShort(0, (short) size.rows());
      winsize.setShort(2, (short) size.columns());
      winsize.setInt(4, 0);
      CLibrary.ioctl(terminal, TIOCSWINSZ, winsize);
    }
  }

  /** The settings of a terminal; of what is none, something that cannot be restored. */
  public static Modes modes(int terminal) {
    Memory termios = new Memory(TERMIOS);
    boolean isOne = Libc.result(CLibrary.tcgetattr(terminal, termios)) == 0;
    return new Modes(isOne ? termios : null);
  }

  /** Makes a terminal pass every byte on as it is. */
  public static void makeRaw(int terminal) {
    change(terminal, CLibrary::cfmakeraw);
  }

  /**
   * Makes a terminal echo nothing and keep each key as it is until it is read, signals apart: what
   * is typed while nobody reads lines is typed into the next one. Ctrl-\ would have the JVM dump
   * its threads there, and is a key.
   */
  public static void makeQuiet(int terminal) {
    change(
        terminal,
        termios -> {
          termios.setInt(LOCAL_FLAGS, termios.getInt(LOCAL_FLAGS) & ~(ICANON | ECHO));
          termios.setByte(CONTROL_CHARACTERS + VQUIT, DISABLED);
        });
  }

  /** The contrary, for a program that is to have it as a shell would lend it, but for Ctrl-Z. */
  public static void makeOrdinaryWithoutStop(int terminal) {
    change(
        terminal,
        termios -> {
          termios.setInt(LOCAL_FLAGS, termios.getInt(LOCAL_FLAGS) | ICANON | ECHO);
          termios.setByte(CONTROL_CHARACTERS + VSUSP, DISABLED);
        });
  }

  /**
   * Gives a terminal what is the human's own of another's settings: whether letters are UTF-8, what
   * Backspace and other keys send, whether one stops the output.
   */
  public static void adopt(int terminal, Modes from) {
    Memory humans = from.termios;
    if (humans == null) {
      return;
    }
    change(
        terminal,
        termios -> {
          int own = termios.getInt(INPUT_FLAGS) & ~HUMANS;
          termios.setInt(INPUT_FLAGS, own | (humans.getInt(INPUT_FLAGS) & HUMANS));
          for (int key : KEYS) {
            termios.setByte(CONTROL_CHARACTERS + key, humans.getByte(CONTROL_CHARACTERS + key));
          }
        });
  }

  private static void change(int terminal, Consumer<Memory> change) {
    try (Memory termios = new Memory(TERMIOS)) {
      if (Libc.result(CLibrary.tcgetattr(terminal, termios)) == 0) {
        change.accept(termios);
        CLibrary.tcsetattr(terminal, TCSADRAIN, termios);
      }
    }
  }

  /** Gives a terminal back the settings it had. */
  public static void restore(int terminal, Modes modes) {
    Memory termios = modes.termios;
    if (termios != null) {
      CLibrary.tcsetattr(terminal, TCSADRAIN, termios);
    }
  }
}
