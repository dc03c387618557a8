package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import java.util.List;
import java.util.function.Predicate;

/**
 * One thing a system call needs: what the kernel checks before it does what it is asked.
 *
 * @param needs what has to hold, in words
 * @param errnos what the call may fail with when it does not
 * @param check finds out whether it does
 */
public record Precondition(String needs, List<Errno> errnos, Check check) {
  /** Finds out whether a precondition holds for a call an actor would make now. */
  @FunctionalInterface
  interface Check {
    Verdict of(Situation now, Call call);
  }

  static Precondition of(Errno errno, String needs, Check check) {
    return new Precondition(needs, List.of(errno), check);
  }

  /** The same precondition, of some of the calls of that name only. */
  Precondition when(Predicate<Call> concerned) {
    return new Precondition(
        needs,
        errnos,
        (now, call) -> concerned.test(call) ? check.of(now, call) : Verdict.notNeeded());
  }
}
