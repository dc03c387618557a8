package doqu.shell;

import doqu.step.Mistake;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** The lines of whatever is read, none longer than {@link #LONGEST}: some files have no end. */
final class LinesRead {
  /** In letters: some times as much as any step takes. */
  static final int LONGEST = 4 << 20;

  private final Reader from;
  private int number;

  /** Whether the last line ended in a carriage return: a newline after it belongs to it. */
  private boolean returned;

  /** Reads from a reader that is buffered. */
  LinesRead(Reader from) {
    this.from = from;
  }

  /**
   * The next line, without its end; {@code null}: there is none.
   *
   * @throws Mistake when it is too long, and what follows cannot be told from it
   */
  @Nullable String next() throws IOException {
    number++;
    StringBuilder line = new StringBuilder();
    int letter = from.read();
    if (returned && letter == '\n') {
      letter = from.read();
    }
    returned = false;
    if (letter < 0) {
      return null;
    }
    for (; letter >= 0 && letter != '\n' && letter != '\r'; letter = from.read()) {
      line.append((char) letter);
      if (line.length() > LONGEST) {
        throw tooLong("line " + number);
      }
    }
    returned = letter == '\r';
    return line.toString();
  }

  /** Why a line is not carried out. */
  static Mistake tooLong(String which) {
    return new Mistake(which + " is longer than " + (LONGEST >> 20) + " MiB: no step is");
  }
}
