package doqu.shell;

import doqu.step.StepRecord;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jline.jansi.Ansi;

/** Shows steps as strace shows calls, with what they changed below. */
final class TextScreen implements Screen {
  private final Consumer<String> out;
  private final Consumer<String> err;
  private final boolean colour;
  private final Settings settings;
  private final Runnable lend;
  private final IntSupplier width;

  /**
   * Prints whole lines to the one, mistakes to the other.
   *
   * @param colour whether where they go can show it
   */
  TextScreen(Consumer<String> out, Consumer<String> err, boolean colour, Settings settings) {
    this(out, err, colour, settings, () -> {}, () -> 0);
  }

  /**
   * The same on a terminal.
   *
   * @param lend clears away what else is shown there
   * @param width how many letters a line of it has; 0: nobody knows
   */
  TextScreen(
      Consumer<String> out,
      Consumer<String> err,
      boolean colour,
      Settings settings,
      Runnable lend,
      IntSupplier width) {
    this.out = out;
    this.err = err;
    this.colour = colour;
    this.settings = settings;
    this.lend = lend;
    this.width = width;
  }

  @Override
  public void step(StepRecord step, String output) {
    // As strace -f: who it was is told when there is more than one to ask.
    String who = step.alone() ? "" : "[pid " + step.actor().pidStage() + "] ";
    for (StepRecord.Syscall call : step.syscalls()) {
      String text = Printable.line(who + call.text());
      if (!call.plumbing()) {
        out.accept(call.errno().isEmpty() ? text : painted(text, Ansi.Color.RED));
      } else if (settings.is(Setting.PLUMBING, "on")) {
        out.accept(painted("  (doqu's own) " + text, Ansi.Color.MAGENTA));
      }
    }
    step.notes().forEach(note -> tell(note));
    if (!output.isEmpty()) {
      output(output);
    }
    if (settings.is(Setting.FEEDBACK, "terse")) {
      return;
    }
    Why.briefly(step).forEach(why -> tell("  " + why, Ansi.Color.YELLOW));
    List<String> changes =
        step.changes().isEmpty()
            ? List.of("nothing changed" + (step.ok() ? " that doqu watches" : ""))
            : step.changes();
    changes.forEach(change -> tell("  " + change, Ansi.Color.CYAN));
    if (settings.is(Setting.NOTICES, "on")) {
      step.notices().stream()
          .flatMap(notice -> Why.noticed(notice).stream())
          .forEach(line -> tell("  " + line, Ansi.Color.YELLOW));
    }
    if (settings.is(Setting.FEEDBACK, "full")) {
      fully(step);
    }
  }

  /** What the manual has to say of it: of a failure when it comes, of a success where to read. */
  private void fully(StepRecord step) {
    String command = step.step().split("\\s", 2)[0];
    Page.of(command)
        .ifPresent(
            page -> {
              page.errnos().stream()
                  .filter(entry -> entry.word().equals(step.errno()))
                  .forEach(entry -> tell("  " + entry.word() + ": " + entry.says()));
              tell("  see " + page.manual());
            });
  }

  private void tell(String text) {
    lines(text).forEach(out);
  }

  private void tell(String text, Ansi.Color paint) {
    lines(text).forEach(line -> out.accept(painted(line, paint)));
  }

  /** A text in lines of the terminal; where there is none it is one, for whatever reads it. */
  private List<String> lines(String text) {
    int wide = width.getAsInt();
    return wide > 0 ? Wrapped.hanging(text, wide) : List.of(Printable.line(text));
  }

  private String painted(String text, Ansi.Color paint) {
    return settings.colour(colour) ? Ansi.ansi().fg(paint).a(text).reset().toString() : text;
  }

  @Override
  public void look(String line, List<String> lines) {
    lines.forEach(text -> out.accept(Printable.line(text)));
  }

  @Override
  public void text(String line, List<String> lines) {
    lines.forEach(this::tell);
  }

  @Override
  public int width() {
    return Math.min(wide(), Columns.WIDTH);
  }

  @Override
  public void both(String line, SideBySide sides) {
    sides
        .shown(wide())
        .forEach(
            shown ->
                out.accept(
                    shown.differs() ? painted(shown.text(), Ansi.Color.YELLOW) : shown.text()));
  }

  @Override
  public void diff(Contrast contrast) {
    look("diff", contrast.lines(wide()));
  }

  private int wide() {
    int wide = width.getAsInt();
    return wide > 0 ? wide : Columns.WIDTH;
  }

  @Override
  public void page(String line, String text) {
    Markdown.lines(text, width(), settings.colour(colour)).forEach(out);
  }

  @Override
  public void mistake(String line, String why) {
    lines("doqu: " + why).forEach(err);
  }

  @Override
  public void said(String line) {
    tell(line);
  }

  @Override
  public void lend() {
    lend.run();
  }

  @Override
  public void output(String text) {
    out.accept(Printable.text(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text));
  }
}
