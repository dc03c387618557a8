package doqu.stage;

import java.util.List;

/** The machine does not let a stage be built. */
public final class StageRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;

  StageRefused(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  /** What is forbidden and what would mend it, one line each. */
  public List<String> lines() {
    return lines;
  }
}
