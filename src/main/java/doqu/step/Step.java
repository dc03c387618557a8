package doqu.step;

/** One command that changes something: the calls it makes, in order. */
@FunctionalInterface
public interface Step {
  /** Makes the calls. */
  void run(Run run);

  /** Whether the actor is another program, with a terminal of its own, when it has worked. */
  default boolean becomesProgram() {
    return false;
  }

  /** Whether the actor is not there any more when the step has done what it should. */
  default boolean endsActor() {
    return false;
  }
}
