package doqu.precondition;

import doqu.kernel.ByteText;
import doqu.kernel.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Whether a precondition holds, and how doqu knows.
 *
 * @param state how it stands
 * @param errno what the call fails with because of it; only of a broken one
 * @param evidence what was read, and where anyone can read it
 * @param mend the step that would mend it; empty: there is none
 */
public record Verdict(State state, @Nullable Errno errno, String evidence, String mend) {
  /** A step with a name that cannot be typed would mend nothing. */
  public Verdict {
    evidence = ByteText.shown(evidence);
    mend = ByteText.isText(mend) ? mend : "";
  }

  /** How a precondition stands. */
  public enum State {
    HOLDS("holds"),
    BROKEN("broken"),
    /** It cannot be seen from outside the kernel. */
    UNKNOWN("unknown"),
    /** A call with these arguments does not need it. */
    NOT_NEEDED("not needed");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** The word for it. */
    public String word() {
      return word;
    }
  }

  private static final Verdict NOT_NEEDED = new Verdict(State.NOT_NEEDED, null, "", "");

  static Verdict holds(String evidence) {
    return new Verdict(State.HOLDS, null, evidence, "");
  }

  static Verdict broken(Errno errno, String evidence, String mend) {
    return new Verdict(State.BROKEN, errno, evidence, mend);
  }

  static Verdict unknown(String why) {
    return new Verdict(State.UNKNOWN, null, why, "");
  }

  static Verdict notNeeded() {
    return NOT_NEEDED;
  }

  /** The one when it does not hold, the other when it does. */
  static Verdict of(boolean holds, Errno errno, String evidence, String mend) {
    return holds ? holds(evidence) : broken(errno, evidence, mend);
  }

  /** Whether that cannot be seen. */
  boolean isUnknown() {
    return state == State.UNKNOWN;
  }

  /** Whether it does not hold. */
  public boolean isBroken() {
    return state == State.BROKEN;
  }
}
