package doqu.shell;

import doqu.stage.Stage;
import doqu.stage.StageRefused;
import doqu.step.StepRecord;
import java.util.ArrayList;
import java.util.List;

/** A session on a real stage whose screen is kept instead of shown. */
final class Play implements Screen, AutoCloseable {
  private static final int WIDE = 400;

  final List<StepRecord> steps = new ArrayList<>();
  final List<String> outputs = new ArrayList<>();
  final List<String> looks = new ArrayList<>();
  final List<SideBySide> sides = new ArrayList<>();
  final List<String> mistakes = new ArrayList<>();
  final List<String> said = new ArrayList<>();
  final Session session;

  Play() {
    try {
      session = new Session(this, Settings.untouched(), Venue.stages(), Stage.start(), null);
    } catch (StageRefused e) {
      throw new AssertionError(e.lines().toString(), e);
    }
  }

  /** Carries out lines that have to succeed. */
  Play does(String... lines) {
    for (String line : lines) {
      if (!session.line(line)) {
        throw new AssertionError(line + ": " + mistakes + (steps.isEmpty() ? "" : last()));
      }
    }
    return this;
  }

  /** The errno a line that must fail ends with. */
  String errno(String line) {
    if (session.line(line)) {
      throw new AssertionError(line + " did not fail: " + last());
    }
    return last().syscalls().stream()
        .filter(call -> !call.plumbing() && !call.errno().isEmpty())
        .reduce((first, second) -> second)
        .map(StepRecord.Syscall::errno)
        .orElse("none; " + mistakes);
  }

  StepRecord last() {
    return steps.get(steps.size() - 1);
  }

  String lastLook() {
    return looks.get(looks.size() - 1);
  }

  @Override
  public void step(StepRecord step, String output) {
    steps.add(step);
    outputs.add(output);
  }

  @Override
  public void look(String line, List<String> lines) {
    looks.add(String.join("\n", lines));
  }

  @Override
  public void both(String line, SideBySide beside) {
    sides.add(beside);
    look(line, beside.lines());
  }

  /** As on a terminal so wide that nothing is wrapped. */
  @Override
  public void diff(Contrast contrast) {
    look("diff", contrast.lines(WIDE));
  }

  @Override
  public void mistake(String line, String why) {
    mistakes.add(why);
  }

  @Override
  public void said(String line) {
    said.add(line);
  }

  @Override
  public void output(String text) {
    outputs.add(text);
  }

  @Override
  public void close() {
    session.close();
  }
}
