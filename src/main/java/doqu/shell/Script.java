package doqu.shell;

import doqu.kernel.Libc;
import doqu.kernel.Tty;
import doqu.stage.StageRefused;
import doqu.step.Mistake;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** Runs lines without a prompt: of {@code -c}, of a file, of standard input. */
public final class Script {
  private static final int STDIN = 0;

  private Script() {}

  /**
   * How it is to run.
   *
   * @param keepGoing whether a failed step does not end it
   * @param json whether to print JSON objects instead of text
   * @param colour whether failures are red
   * @param terminal whether programs get doqu's own terminal
   * @param ground where to play
   */
  public record Manner(
      boolean keepGoing, boolean json, boolean colour, boolean terminal, Ground ground) {}

  /** On a terminal the human may be asked, between the lines. */
  private static boolean asked(String question) {
    System.err.print("doqu: " + Printable.line(question) + "; go on? [y/N] ");
    byte[] answer = new byte[64];
    return Libc.read(0, answer) > 0 && (answer[0] == 'y' || answer[0] == 'Y');
  }

  /** That of the terminal it prints to, mistakes too; 0: it is none. */
  private static int width() {
    Tty.Size size = Libc.isTerminal(1) && Libc.isTerminal(2) ? Tty.size(1) : null;
    return size == null ? 0 : size.columns();
  }

  /**
   * Runs every line.
   *
   * @return the exit status: 1 when a step failed or an actor stays blocked
   * @throws StageRefused when the machine does not let a stage be built
   */
  public static int run(BufferedReader lines, Manner manner) throws StageRefused, IOException {
    PrintStream out = System.out;
    Settings settings = Settings.untouched();
    Screen screen =
        manner.json
            ? new JsonScreen(out::println)
            : new TextScreen(
                out::println,
                System.err::println,
                manner.colour,
                settings,
                () -> {},
                Script::width);
    Venue.clearUp(
        new TextScreen(System.err::println, System.err::println, false, settings),
        manner.ground == Ground.MACHINE_UNASKED ? Venue.YES_REALLY : Venue.NOBODY);
    boolean ok = true;
    Tty.Modes humans = manner.terminal ? Tty.modes(STDIN) : null;
    Venue venue = manner.ground.venue(manner.terminal ? Script::asked : Venue.NOBODY);
    try (Session session = new Session(screen, settings, venue, venue.begin(), humans)) {
      LinesRead read = new LinesRead(lines);
      try {
        for (String line = read.next();
            line != null && (ok || manner.keepGoing) && !session.hasQuit();
            line = read.next()) {
          ok &= session.line(line, manner.keepGoing) && !session.failedLate();
          out.flush();
        }
      } catch (Mistake e) {
        screen.mistake("", String.valueOf(e.getMessage()));
        ok = false;
      }
      for (String stuck : session.hasQuit() ? List.<String>of() : session.finish()) {
        screen.mistake("", stuck);
        ok = false;
      }
      ok &= !session.failedLate();
    }
    out.flush();
    return ok ? 0 : 1;
  }
}
