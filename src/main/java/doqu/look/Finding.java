package doqu.look;

import java.util.Locale;

/**
 * What a check of the machine has found.
 *
 * @param check what was looked at
 * @param state what it means for doqu
 * @param says what was seen
 * @param mend what would mend it; empty: nothing has to, or doqu knows nothing
 */
public record Finding(String check, State state, String says, String mend) {
  /** What something means for doqu. */
  public enum State {
    OK,
    /** There is a stage, but not all that can be done on it or with it. */
    LIMITED,
    /** There can be no stage. */
    BROKEN;

    /** As it is shown. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String says) {
    return new Finding(check, State.OK, says, "");
  }

  static Finding limited(String check, String says, String mend) {
    return new Finding(check, State.LIMITED, says, mend);
  }

  static Finding broken(String check, String says, String mend) {
    return new Finding(check, State.BROKEN, says, mend);
  }

  boolean isBroken() {
    return state == State.BROKEN;
  }

  /** All of it in one line, the state first. */
  public String line() {
    return "%-8s %-17s %s".formatted(state.word(), check, says)
        + (mend.isEmpty() ? "" : "; " + mend);
  }
}
