package doqu.precondition;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.precondition.Preconditions.Checked;
import doqu.stage.Stage;
import java.util.List;

/**
 * Why a call failed: all it needs, and which of it did not hold right after.
 *
 * @param call as strace prints it
 * @param errno what it failed with
 * @param checked all that is known of what it needs
 */
public record Explanation(String call, String errno, List<Checked> checked) {
  /**
   * Finds out.
   *
   * @throws doqu.actor.ActorGone when the actor is gone
   */
  public static Explanation of(Stage stage, Actor actor, Call call, int errno) {
    return new Explanation(
        call.toString(),
        Errno.of(errno).map(Enum::name).orElse("E" + errno),
        Preconditions.checkFailed(stage, actor, call, errno));
  }

  /** What the call needs and does not hold, as far as it gives that errno. */
  public List<Checked> causes() {
    return checked.stream()
        .filter(one -> one.verdict().isBroken())
        .filter(one -> String.valueOf(one.verdict().errno()).equals(errno))
        .toList();
  }

  /** What cannot be seen and may be the cause, when there is no other. */
  public List<Checked> suspects() {
    return causes().isEmpty()
        ? checked.stream()
            .filter(one -> one.verdict().isUnknown())
            .filter(
                one ->
                    one.precondition().errnos().stream()
                        .anyMatch(each -> each.name().equals(errno)))
            .toList()
        : List.of();
  }
}
