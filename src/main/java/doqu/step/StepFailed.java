package doqu.step;

/** A call of a step failed, and what would have followed it is not done. */
final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  StepFailed() {
    super(null, null, false, false);
  }
}
