package doqu.shell;

import doqu.step.StepRecord;
import java.util.List;
import java.util.function.Consumer;
import org.jline.jansi.Ansi;

/** Shows steps as strace shows calls, with what they changed below. */
final class TextScreen implements Screen {
  private final Consumer<String> out;
  private final Consumer<String> err;
  private final boolean colour;

  /** Prints whole lines to the one, mistakes to the other. */
  TextScreen(Consumer<String> out, Consumer<String> err, boolean colour) {
    this.out = out;
    this.err = err;
    this.colour = colour;
  }

  @Override
  public void step(StepRecord step, String output) {
    for (StepRecord.Syscall call : step.syscalls()) {
      if (!call.plumbing()) {
        String text = Printable.clean(call.text());
        out.accept(call.errno().isEmpty() ? text : painted(text, Ansi.Color.RED));
      }
    }
    step.notes().forEach(note -> out.accept(Printable.clean(note)));
    if (!output.isEmpty()) {
      output(output);
    }
    if (step.changes().isEmpty() && step.notes().isEmpty()) {
      out.accept(painted("  nothing changed", Ansi.Color.CYAN));
    } else if (!step.changes().isEmpty()) {
      out.accept(
          painted("  " + Printable.clean(String.join("; ", step.changes())), Ansi.Color.CYAN));
    }
  }

  private String painted(String text, Ansi.Color paint) {
    return colour ? Ansi.ansi().fg(paint).a(text).reset().toString() : text;
  }

  @Override
  public void look(String line, List<String> lines) {
    lines.forEach(text -> out.accept(Printable.clean(text)));
  }

  @Override
  public void mistake(String line, String why) {
    err.accept("doqu: " + Printable.clean(why));
  }

  @Override
  public void said(String line) {
    out.accept(Printable.clean(line));
  }

  @Override
  public void output(String text) {
    out.accept(Printable.clean(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text));
  }
}
