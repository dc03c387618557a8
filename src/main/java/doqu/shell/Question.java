package doqu.shell;

import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** Asks the human at the prompt, apart from the lines: nothing of it is remembered. */
final class Question implements Venue.Consent {
  private @Nullable Terminal terminal;

  /** Before that nobody can be asked, and nothing is allowed. */
  void askAt(Terminal where) {
    terminal = where;
  }

  @Override
  public boolean isGiven(String question) {
    Terminal where = terminal;
    if (where == null) {
      return false;
    }
    Wrapped.hanging(question, where.getWidth()).forEach(where.writer()::println);
    try {
      String answer =
          LineReaderBuilder.builder().terminal(where).build().readLine("go on? [y/N] ").strip();
      return answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
    } catch (UserInterruptException | EndOfFileException e) {
      return false;
    }
  }
}
