package doqu.shell;

import doqu.step.StepRecord;
import java.util.List;

/** A screen that shows nothing. */
class Dark implements Screen {
  @Override
  public void step(StepRecord step, String output) {}

  @Override
  public void look(String line, List<String> lines) {}

  @Override
  public void mistake(String line, String why) {}

  @Override
  public void said(String line) {}

  @Override
  public void output(String text) {}
}
