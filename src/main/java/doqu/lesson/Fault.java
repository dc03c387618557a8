package doqu.lesson;

/** A course that is not as its author meant it to be. It is never the learner's mistake. */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One line: the file, the line in it counted from 1 where that is known, and what is wrong. */
  public Fault(String line) {
    super(line, null, false, false);
  }

  /** The same for a learner. */
  public String toLearner() {
    return "a fault of the course, not yours: " + getMessage();
  }

  static Fault at(String file, int line, String what) {
    return new Fault(file + ":" + line + ": " + what);
  }
}
