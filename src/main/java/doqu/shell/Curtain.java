package doqu.shell;

import doqu.step.StepRecord;
import java.util.List;

/** A screen before which nothing is seen until the curtain is raised. */
final class Curtain implements Screen {
  private static final Screen NOTHING = new Dark();

  private volatile Screen behind = NOTHING;

  /** From now on all is shown there. */
  void raise(Screen screen) {
    behind = screen;
  }

  /** Whether nothing is shown. */
  boolean isDown() {
    return behind == NOTHING;
  }

  @Override
  public void step(StepRecord step, String output) {
    behind.step(step, output);
  }

  @Override
  public void look(String line, List<String> lines) {
    behind.look(line, lines);
  }

  @Override
  public void mistake(String line, String why) {
    behind.mistake(line, why);
  }

  @Override
  public void said(String line) {
    behind.said(line);
  }

  @Override
  public void output(String text) {
    behind.output(text);
  }

  @Override
  public void both(String line, SideBySide sides) {
    behind.both(line, sides);
  }

  @Override
  public void diff(Contrast contrast) {
    behind.diff(contrast);
  }

  @Override
  public void text(String line, List<String> lines) {
    behind.text(line, lines);
  }

  @Override
  public int width() {
    return behind.width();
  }

  @Override
  public void page(String line, String text) {
    behind.page(line, text);
  }

  @Override
  public void lend() {
    behind.lend();
  }
}
