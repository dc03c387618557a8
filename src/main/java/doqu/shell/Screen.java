package doqu.shell;

import doqu.step.StepRecord;
import java.util.List;

/** Where what happens is shown. */
interface Screen {
  /** A step is done. */
  void step(StepRecord step, String output);

  /** A look has been taken. */
  void look(String line, List<String> lines);

  /** A look has been taken from two, and they stand side by side. */
  default void both(String line, SideBySide sides) {
    look(line, sides.lines());
  }

  /** Two have been compared. */
  default void diff(Contrast contrast) {
    look("diff", contrast.lines());
  }

  /** Lines of text, which may be broken where they are too long. */
  default void text(String line, List<String> lines) {
    look(line, lines);
  }

  /** How many letters of text a line takes at most. */
  default int width() {
    return Columns.WIDTH;
  }

  /** A page of text, in Markdown. */
  default void page(String line, String text) {
    look(line, Markdown.lines(text, Columns.WIDTH, false));
  }

  /** A line could not be carried out. */
  void mistake(String line, String why);

  /** Something happened that no step did: an end, a word of doqu's own. */
  void said(String line);

  /** What a program on the stage printed while no step was waiting for it. */
  void output(String text);

  /** Somebody else has the terminal from now on, and all of it, until the next line is shown. */
  default void lend() {}
}
