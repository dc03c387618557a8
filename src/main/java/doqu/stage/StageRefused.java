package doqu.stage;

import java.util.List;

/** The machine does not let a stage be built. */
public final class StageRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  StageRefused(Refusal refusal) {
    super(refusal.what());
    this.refusal = refusal;
  }

  /** What is refused, and why. */
  public Refusal refusal() {
    return refusal;
  }

  /** The same in lines: what is forbidden and what would mend it. */
  public List<String> lines() {
    return refusal.lines();
  }
}
