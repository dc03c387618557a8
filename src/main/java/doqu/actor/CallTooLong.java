package doqu.actor;

/** The arguments of a call do not fit into a request. Nothing was sent; the actor is as it was. */
public final class CallTooLong extends RuntimeException {
  private static final long serialVersionUID = 1;

  CallTooLong(String call) {
    super(
        call + ": its arguments are longer than the " + Wire.SIZE + " bytes an actor takes",
        null,
        false,
        false);
  }
}
