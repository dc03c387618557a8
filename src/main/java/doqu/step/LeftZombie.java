package doqu.step;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.kernel.ProcStat;
import doqu.observe.Life;
import doqu.stage.Stage;
import java.util.Optional;
import java.util.stream.Stream;

/** A zombie nobody waits for: it keeps its PID, and its place, until its parent has called wait. */
public final class LeftZombie {
  private LeftZombie() {}

  /** Of programs it is told with their end, as most end by themselves. */
  static Stream<Notice> unwaited(Aftermath step) {
    return step.became(Life.ZOMBIE)
        .filter(ended -> !ended.runsProgram())
        .flatMap(ended -> notice(step, ended).stream());
  }

  /** The actor that could wait for one that has ended, and does not; empty: there is none. */
  public static Optional<Actor> leftBy(Stage stage, Actor ended) {
    return ProcStat.read("/proc/" + ended.pid())
        .flatMap(zombie -> parent(stage, zombie))
        .filter(parent -> !waits(parent))
        // It is asked once more: a wait that has just returned has taken it away.
        .filter(parent -> Life.of(ended) == Life.ZOMBIE);
  }

  private static Optional<Notice> notice(Aftermath step, Actor ended) {
    return leftBy(step.stage(), ended)
        .map(
            parent ->
                new Notice(
                    "zombie",
                    ended.name() + " is a zombie: its parent " + parent.name() + " has not waited",
                    "its state in /proc/PID/stat is Z",
                    (acts(step, parent) ? "" : step.switchTo(parent)) + "wait"));
  }

  /** The actor that could wait: a program waits when it will. */
  private static Optional<Actor> parent(Stage stage, ProcStat zombie) {
    return stage.actors().stream()
        .filter(actor -> actor.pid() == zombie.parent() && Stage.canAct(actor))
        // The init of a PID namespace that ends with it takes them all along.
        .filter(actor -> !ProcStat.read("/proc/" + actor.pid()).map(ProcStat::exiting).orElse(true))
        .findFirst();
  }

  private static boolean waits(Actor parent) {
    Call pending = parent.pending();
    return pending != null && pending.name().startsWith("wait");
  }

  /** Whether that one acts next, without being asked to. */
  private static boolean acts(Aftermath step, Actor parent) {
    return step.actor().hasEnded()
        && step.stage().heirOf(step.actor()).filter(heir -> heir == parent).isPresent();
  }
}
