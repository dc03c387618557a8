package doqu.shell;

import doqu.step.StepRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A screen before which nothing is seen until the curtain is raised. */
final class Curtain implements Screen {
  private volatile @Nullable Screen behind;

  /** From now on all is shown there. */
  void raise(Screen screen) {
    behind = screen;
  }

  /** Whether nothing is shown. */
  boolean isDown() {
    return behind == null;
  }

  @Override
  public void step(StepRecord step, String output) {
    Screen screen = behind;
    if (screen != null) {
      screen.step(step, output);
    }
  }

  @Override
  public void look(String line, List<String> lines) {
    Screen screen = behind;
    if (screen != null) {
      screen.look(line, lines);
    }
  }

  @Override
  public void mistake(String line, String why) {
    Screen screen = behind;
    if (screen != null) {
      screen.mistake(line, why);
    }
  }

  @Override
  public void said(String line) {
    Screen screen = behind;
    if (screen != null) {
      screen.said(line);
    }
  }

  @Override
  public void output(String text) {
    Screen screen = behind;
    if (screen != null) {
      screen.output(text);
    }
  }
}
