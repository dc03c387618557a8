package doqu.actor;

/** An actor cannot carry out calls any more: its process ended, or it broke the protocol. */
public final class ActorGone extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Says why, in words for the learner. */
  public ActorGone(String why) {
    super(why, null, false, false);
  }
}
