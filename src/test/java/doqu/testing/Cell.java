package doqu.testing;

import java.util.OptionalInt;

/**
 * One place of a screen: a letter, and how it looks.
 *
 * @param dumped as {@link org.jline.builtins.ScreenTerminal} gives it: the letter in the low half;
 *     above it twelve bits each of background and foreground, four a colour, and the attributes
 */
public record Cell(long dumped) {
  /** What the emulator makes of the colours of that name, four bits each of red, green and blue. */
  private static final int RED = 0x800;

  private static final int CYAN = 0x088;
  private static final int YELLOW = 0x880;

  private static final int FOREGROUND_SET = 1 << 28;
  private static final int BOLD = 1 << 27;

  /** The letter; a blank where nothing was written. */
  public String text() {
    int letter = (int) dumped;
    return letter == 0 ? " " : Character.toString(letter);
  }

  /** The colour of the letter; empty: the terminal's own. */
  private OptionalInt colour() {
    return (look() & FOREGROUND_SET) == 0
        ? OptionalInt.empty()
        : OptionalInt.of(look() >> 12 & 0xfff);
  }

  public boolean isRed() {
    return colour().equals(OptionalInt.of(RED));
  }

  public boolean isCyan() {
    return colour().equals(OptionalInt.of(CYAN));
  }

  public boolean isYellow() {
    return colour().equals(OptionalInt.of(YELLOW));
  }

  public boolean isBold() {
    return (look() & BOLD) != 0;
  }

  private int look() {
    return (int) (dumped >>> 32);
  }
}
