package doqu.shell;

import doqu.stage.Stage;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The interactive prompt. */
public final class Prompt {
  private Prompt() {}

  /**
   * Runs it until the human leaves.
   *
   * @return the exit status
   * @throws StageRefused when the machine does not let a stage be built
   */
  public static int run(boolean colour) throws StageRefused, IOException {
    // The stage takes about as long to build as JLine to load; there are two of us.
    CompletableFuture<Stage> building = CompletableFuture.supplyAsync(Prompt::build);
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("doqu")
              .completer(new StringsCompleter(Session.words()))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      Consumer<String> print =
          line -> {
            terminal.writer().println(line);
            // A program may write to the same terminal next.
            terminal.flush();
          };
      TextScreen screen = new TextScreen(print, print, colour);
      Stage stage = built(building);
      try (Session session = new Session(screen, stage, true)) {
        terminal.handle(Terminal.Signal.INT, signal -> session.interrupt());
        while (!session.hasQuit()) {
          session.settle();
          try {
            session.line(reader.readLine(session.prompt()));
          } catch (UserInterruptException e) {
            session.interrupt();
          } catch (EndOfFileException e) {
            break;
          }
        }
      }
    }
    return 0;
  }

  private static Stage build() {
    try {
      return Stage.start();
    } catch (StageRefused e) {
      throw new CompletionException(e);
    }
  }

  private static Stage built(CompletableFuture<Stage> building) throws StageRefused {
    try {
      return building.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StageRefused refused) {
        throw refused;
      }
      throw e;
    }
  }
}
