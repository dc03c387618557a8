package doqu.shell;

import doqu.kernel.Tty;
import doqu.kernel.Xdg;
import doqu.lesson.Source;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** The interactive prompt. */
public final class Prompt {
  private static final int STDIN = 0;

  /** How many lines are remembered from session to session. */
  private static final int HISTORY = 10_000;

  private final Reader reader;
  private final Session session;
  private final StatusLine status;

  private Prompt(Reader reader, Session session, StatusLine status) {
    this.reader = reader;
    this.session = session;
    this.status = status;
  }

  /**
   * Runs it until the human leaves.
   *
   * @param lessons those to be taken up at once; null: none are
   * @return the exit status
   * @throws StageRefused when the machine does not let a stage be built
   */
  public static int run(boolean colour, Ground ground, @Nullable Source lessons)
      throws StageRefused, IOException {
    // JNA and the stage take about as long as JLine; there are two of us.
    Question question = new Question();
    Venue venue = ground.venue(question);
    CompletableFuture<Tty.Modes> before = CompletableFuture.supplyAsync(() -> Tty.modes(STDIN));
    CompletableFuture<Optional<String>> choosing =
        CompletableFuture.supplyAsync(venue::chooseAsBefore);
    CompletableFuture<Stage> building =
        before.thenCombineAsync(choosing, (modes, problem) -> build(venue));
    try {
      return run(venue, before, building, choosing, question, colour, lessons);
    } finally {
      // JLine restores what it knows of; the speed of the line is not among it.
      if (!before.isCompletedExceptionally()) {
        Tty.restore(STDIN, before.join());
      }
    }
  }

  private static int run(
      Venue venue,
      CompletableFuture<Tty.Modes> before,
      CompletableFuture<Stage> building,
      CompletableFuture<Optional<String>> choosing,
      Question question,
      boolean colour,
      @Nullable Source lessons)
      throws StageRefused, IOException {
    String type =
        Optional.ofNullable(System.getenv("TERM")).filter(t -> !t.isEmpty()).orElse("dumb");
    Settings settings = Settings.of(Xdg.config().resolve("settings"));
    try (Terminal terminal = SystemTerminal.open(type)) {
      StatusLine status = new StatusLine(terminal, settings, colour);
      Reader reader = reader(terminal, status);
      Above above = new Above();
      TextScreen screen = new TextScreen(above, above, colour, settings, above::lend, above::width);
      // Up to here nothing makes a call of doqu's own, which would wait for JNA.
      Stage stage = built(building);
      try (Session session = new Session(screen, settings, venue, stage, before.join())) {
        reader.setCompleter(new Completion(session));
        reader.setHighlighter(new Colours(() -> settings.colour(colour), session::stage));
        above.open(reader, session, status);
        listen(terminal, reader, session, before.join());
        question.askAt(terminal);
        if (session.stage().isBare()) {
          screen.said(
              "this is the machine itself: a step that would reach it is asked about first."
                  + " When doqu is killed, what it began here may stay.");
        }
        Venue.clearUp(screen, question);
        choosing.join().ifPresent(screen::said);
        if (lessons != null) {
          session.attend(Classroom.of(lessons));
          session.line("lesson");
        }
        new Prompt(reader, session, status).read();
      }
    }
    return 0;
  }

  private static Reader reader(Terminal terminal, StatusLine status) throws IOException {
    Reader reader = new Reader(terminal, status);
    reader.setParser(new PromptParser());
    reader.setOpt(LineReader.Option.DISABLE_EVENT_EXPANSION);
    reader.setOpt(LineReader.Option.HISTORY_IGNORE_DUPS);
    reader.unsetOpt(LineReader.Option.AUTO_MENU);
    reader.setOpt(LineReader.Option.AUTO_GROUP);
    // Words that are in no group have no heading.
    reader.setVariable(LineReader.ORIGINAL_GROUP_NAME, "");
    reader.setVariable(LineReader.OTHERS_GROUP_NAME, "");
    remember(reader);
    new SecondTab(reader).bind();
    new OtherKeys(reader).bind();
    status.bind(reader);
    return reader;
  }

  /** To Ctrl-C and Ctrl-Z, and to keys the kernel would make signals of. */
  private static void listen(Terminal terminal, Reader reader, Session session, Tty.Modes shells) {
    terminal.handle(Terminal.Signal.INT, signal -> session.interrupt());
    if (terminal instanceof DumbTerminal) {
      // It hears of no signal, and Ctrl-C would end the JVM.
      Signals.register("INT", () -> reader.dropped(session::interrupt));
    } else {
      new JobControl(terminal, reader, shells).begin();
      Tty.makeQuiet(STDIN);
    }
  }

  /** Keeps the lines for the next session, where they can be kept. */
  private static void remember(Reader reader) {
    Path history = Xdg.state().resolve("history");
    try {
      Xdg.create(Xdg.state());
      if (Files.exists(history)) {
        // JLine makes it so, and complains in the midst of the prompt of one that is not.
        Files.setPosixFilePermissions(history, PosixFilePermissions.fromString("rw-------"));
      }
    } catch (IOException e) {
      return; // then they last as long as this session
    }
    if (Files.isWritable(Xdg.state())) {
      reader.setVariable(LineReader.HISTORY_FILE, history);
      reader.setHistory(new Remembered(history));
      reader.setVariable(LineReader.HISTORY_FILE_SIZE, HISTORY);
    }
  }

  private static Stage build(Venue venue) {
    try {
      return venue.begin();
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
      if (e.getCause() instanceof LinkageError missing) {
        throw missing;
      }
      throw e;
    }
  }

  private void read() {
    Thread watcher = new Thread(this::watch, "watcher");
    watcher.setDaemon(true);
    watcher.start();
    try {
      while (!session.hasQuit()) {
        try {
          status.show(session.standing());
          String line = reader.readLine(session.prompt());
          Thread.interrupted(); // Ctrl-C that came too late to clear the line
          session.line(line);
        } catch (UserInterruptException e) {
          if (e.getPartialLine().isEmpty()) {
            session.interrupt(); // otherwise it was the line that was meant
          }
        }
      }
    } catch (EndOfFileException e) {
      reader.leave(); // Ctrl-D
    } finally {
      status.hide();
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

  private void watch() {
    while (!session.hasQuit()) {
      session.await();
      session.settle();
    }
  }
}
