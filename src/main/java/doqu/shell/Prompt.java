package doqu.shell;

import doqu.kernel.Tty;
import doqu.kernel.Xdg;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.reader.impl.completer.ArgumentCompleter;
import org.jline.reader.impl.completer.NullCompleter;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.utils.InfoCmp;
import org.jline.utils.Signals;

/** The interactive prompt. */
public final class Prompt {
  private static final int STDIN = 0;

  private final LineReader reader;
  private Supplier<String> text = () -> "";

  private Prompt(LineReader reader) {
    this.reader = reader;
  }

  /**
   * Runs it until the human leaves.
   *
   * @return the exit status
   * @throws StageRefused when the machine does not let a stage be built
   */
  public static int run(boolean colour) throws StageRefused, IOException {
    // The stage takes about as long to build as JLine to load; there are two of us.
    CompletableFuture<Stage> building = CompletableFuture.supplyAsync(Prompt::build);
    Tty.Modes before = Tty.modes(STDIN);
    try {
      return run(building, colour);
    } finally {
      // JLine restores what it knows of; the speed of the line is not among it.
      Tty.restore(STDIN, before);
    }
  }

  private static int run(CompletableFuture<Stage> building, boolean colour)
      throws StageRefused, IOException {
    useTheTableOfJline(Optional.ofNullable(System.getenv("TERM")).orElse("dumb"));
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      LineReader reader =
          LineReaderBuilder.builder()
              .terminal(terminal)
              .appName("doqu")
              .completer(
                  new ArgumentCompleter(
                      new StringsCompleter(Session.words()), NullCompleter.INSTANCE))
              .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
              .build();
      Prompt prompt = new Prompt(reader);
      Settings settings = Settings.of(Xdg.config().resolve("settings"));
      TextScreen screen = new TextScreen(prompt::print, prompt::print, colour, settings);
      try (Session session = new Session(screen, settings, built(building), true)) {
        terminal.handle(Terminal.Signal.INT, signal -> session.interrupt());
        if (terminal instanceof DumbTerminal) {
          // It hears of no signal, and Ctrl-C would end the JVM.
          Signals.register("INT", session::interrupt);
        }
        prompt.read(session);
      }
    }
    return 0;
  }

  /** JLine would run infocmp(1) for a terminal it has in a table of its own. */
  private static void useTheTableOfJline(String type) {
    String capabilities = InfoCmp.getDefaultInfoCmp(type);
    if (capabilities != null) {
      InfoCmp.setLoadedInfoCmp(type, capabilities);
    }
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

  /** What happens while a line is typed is told above it, and the line stays. */
  private void print(String line) {
    // The line may be somebody else's by now, because who was to carry it out has ended.
    if (reader instanceof LineReaderImpl implementation) {
      implementation.setPrompt(text.get());
    }
    reader.printAbove(line);
  }

  private void read(Session session) {
    text = session::prompt;
    Thread watcher = new Thread(() -> watch(session), "watcher");
    watcher.setDaemon(true);
    watcher.start();
    try {
      while (!session.hasQuit()) {
        try {
          session.line(reader.readLine(session.prompt()));
        } catch (UserInterruptException e) {
          session.interrupt();
        }
      }
    } catch (EndOfFileException e) {
      // Ctrl-D
    } finally {
      // Nobody may print to a terminal that is closed.
      session.end();
      join(watcher);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void watch(Session session) {
    while (!session.hasQuit()) {
      session.await();
      session.settle();
    }
  }
}
