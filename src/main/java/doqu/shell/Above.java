package doqu.shell;

import java.util.function.Consumer;
import org.jline.reader.LineReader;
import org.jline.reader.impl.LineReaderImpl;
import org.jspecify.annotations.Nullable;

/** Prints lines above the one that is being typed, which stays. */
final class Above implements Consumer<String> {
  private @Nullable LineReader reader;
  private @Nullable Session session;

  /** Before that there is nothing to print to. */
  void open(LineReader itsReader, Session itsSession) {
    reader = itsReader;
    session = itsSession;
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
    StatusLine.refresh(to);
  }
}
