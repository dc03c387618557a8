package doqu.lesson;

import java.util.List;

/** A course that is not as its author meant it to be. It is never the learner's mistake. */
public final class Fault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;

  /** One line: the file, the line in it counted from 1 where that is known, and what is wrong. */
  public Fault(String line) {
    this(List.of(line));
  }

  /** Several such lines, the first of which is the message. */
  Fault(List<String> lines) {
    super(lines.get(0), null, false, false);
    this.lines = List.copyOf(lines);
  }

  /** All that is wrong, for the author. */
  public List<String> lines() {
    return lines;
  }

  /** The first of it, for a learner. */
  public String toLearner() {
    return "a fault of the course, not yours: " + getMessage();
  }

  static Fault at(String file, int line, String what) {
    return new Fault(file + ":" + line + ": " + what);
  }
}
