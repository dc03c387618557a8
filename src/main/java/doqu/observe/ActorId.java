package doqu.observe;

import doqu.actor.Actor;
import java.util.Optional;

/**
 * Who an actor is: its name and its three PIDs.
 *
 * @param pidInside what getpid(2) returns to it; 0: it is gone
 * @param pidStage its PID on the stage; 0: it is gone
 * @param pidMachine its PID for doqu
 */
public record ActorId(String name, int pidInside, int pidStage, int pidMachine) {
  /** Who it is now. */
  public static ActorId of(Actor actor) {
    // The PID of one that is gone may be somebody else's.
    return Optional.of(actor)
        .filter(each -> Life.of(each) != Life.GONE)
        .flatMap(each -> ProcStatus.of(each.pid()))
        .filter(status -> !status.get("NSpid").isEmpty())
        .map(status -> of(actor, status))
        .orElseGet(() -> new ActorId(actor.name(), 0, 0, actor.pid()));
  }

  /**
   * The PID on the stage of an actor, 0 when it has ended. A process keeps the PIDs it was born
   * with: so /proc is read once for each, and this may be asked while one types.
   */
  public static int pidStage(Actor actor) {
    return actor.hasEnded() ? 0 : actor.pidStage(() -> of(actor).pidStage());
  }

  /** Its PIDs in words; where there is no stage the machine's is that on it. */
  public String pids(boolean bare) {
    return pidInside
        + " inside, "
        + (bare ? "" : pidStage + " on the stage, ")
        + pidMachine
        + " on the machine";
  }

  static ActorId of(Actor actor, ProcStatus status) {
    return new ActorId(
        actor.name(), status.pidInside(), status.pidAt(actor.stageLevel()), actor.pid());
  }
}
