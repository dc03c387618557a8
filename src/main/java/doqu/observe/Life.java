package doqu.observe;

import doqu.actor.Actor;
import doqu.kernel.ProcStat;
import doqu.kernel.WaitStatus;
import java.util.Optional;

/** Whether a process is there. */
public enum Life {
  ALIVE("alive"),
  /** A signal has stopped it: it makes no call until SIGCONT. */
  STOPPED("stopped"),
  /** It has ended, and nobody has waited for it yet. */
  ZOMBIE("zombie"),
  GONE("gone");

  private static final String PROC = "/proc/";

  private final String word;

  Life(String word) {
    this.word = word;
  }

  /** That of an actor, or of the program it has become. */
  public static Life of(Actor actor) {
    if (!actor.hasEnded()) {
      return ProcStat.read(PROC + actor.pid()).filter(ProcStat::stopped).isPresent()
          ? STOPPED
          : ALIVE;
    }
    return end(actor).isPresent() ? ZOMBIE : GONE;
  }

  /** How an actor ended that nobody has waited for yet; empty: it has not, or somebody has. */
  public static Optional<WaitStatus> end(Actor actor) {
    return ProcStat.read(PROC + actor.pid()).filter(ProcStat::zombie).map(ProcStat::exitCode);
  }

  @Override
  public String toString() {
    return word;
  }
}
