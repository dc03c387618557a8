package doqu.shell;

import java.util.function.Consumer;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;
import org.jspecify.annotations.Nullable;

/** Prints lines above the one that is being typed, which stays. */
final class Above implements Consumer<String> {
  private @Nullable LineReader reader;
  private @Nullable Session session;
  private @Nullable StatusLine status;

  /** Before that there is nothing to print to. */
  void open(LineReader itsReader, Session itsSession, StatusLine itsStatus) {
    reader = itsReader;
    session = itsSession;
    status = itsStatus;
  }

  /** Gives the whole terminal away, until the next line is typed. */
  void lend() {
    if (status != null) {
      status.hide();
    }
  }

  /** How many letters fit in a line; 0: there is no terminal yet. */
  int width() {
    return reader == null ? 0 : reader.getTerminal().getWidth();
  }

  @Override
  public void accept(String line) {
    LineReader to = reader;
    if (to == null || session == null) {
      return;
    }
    // The line may be somebody else's by now, because who was to carry it out has ended.
    if (to instanceof LineReaderImpl implementation) {
      implementation.setPrompt(session.prompt());
    }
    to.printAbove(line);
    if (status != null) {
      status.refresh(session.standing());
    }
  }
}
