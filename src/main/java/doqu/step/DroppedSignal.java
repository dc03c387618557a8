package doqu.step;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.kernel.ProcStat;
import doqu.kernel.Signals;
import doqu.observe.StageProcess;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A signal the init of a PID namespace ignored: from inside it gets only those it has a handler
 * for, from the namespaces around it SIGKILL and SIGSTOP besides (pid_namespaces(7)), and kill(2)
 * returns 0 all the same.
 */
final class DroppedSignal {
  private static final int INIT = 1;

  /** What these do without a handler is nothing, to anyone. */
  private static final Set<String> HARMLESS = Set.of("SIGCHLD", "SIGCONT", "SIGURG", "SIGWINCH");

  /** These get through from outside. */
  private static final Set<String> FORCED = Set.of("SIGKILL", "SIGSTOP");

  private static final Set<String> STOPPING = Set.of("SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU");

  private DroppedSignal() {}

  static Stream<Notice> byInit(Aftermath step) {
    return step.calls("kill")
        .filter(call -> call.number(0) > 0 && call.number(1) > 0)
        .filter(call -> !HARMLESS.contains(name(call)))
        .filter(call -> isFromInside(call) || !FORCED.contains(name(call)))
        .flatMap(call -> notice(step, call).stream());
  }

  /** Whether it was sent to the init of the sender's own namespace. */
  private static boolean isFromInside(Call kill) {
    return kill.number(0) == INIT;
  }

  private static String name(Call call) {
    return Signals.name((int) call.number(1));
  }

  private static Optional<Notice> notice(Aftermath step, Call kill) {
    if (step.actor().hasEnded()) {
      return Optional.empty();
    }
    int pid = (int) kill.number(0);
    return Optional.ofNullable(StageProcess.seenBy(step.actor(), step.stage()).get(pid))
        .filter(one -> one.status().get("NSpid").matches("(.*\\s)?" + INIT))
        .filter(init -> ProcStat.read("/proc/" + init.pid()).filter(s -> !s.zombie()).isPresent())
        .filter(init -> !awaits(init, 1L << (kill.number(1) - 1)))
        .map(
            init ->
                new Notice(
                    "dropped signal",
                    "PID " + pid + says(kill),
                    "SigCgt in /proc/" + pid + "/status is " + init.status().get("SigCgt"),
                    mend(step, init, STOPPING.contains(name(kill)) ? "STOP" : "KILL")));
  }

  private static String says(Call kill) {
    return isFromInside(kill)
        ? " has dropped "
            + name(kill)
            + ": from inside, what it has no handler for never reaches it"
        : ", the init of its namespace, has dropped "
            + name(kill)
            + ": from outside, of what it has no handler for only SIGKILL and SIGSTOP reach it";
  }

  /** Whether it has a handler, or has said itself that it ignores it or wants it later. */
  private static boolean awaits(StageProcess init, long signal) {
    return Stream.of("SigCgt", "SigIgn", "SigBlk")
        .anyMatch(set -> (init.status().signals(set) & signal) != 0);
  }

  /** From outside {@link #FORCED} reach it. */
  private static String mend(Aftermath step, StageProcess init, String signal) {
    List<Actor> actors = new ArrayList<>(List.of(step.actor())); // who needs no switch comes first
    actors.addAll(step.stage().actors());
    for (Actor actor : actors) {
      if (Stage.canAct(actor) && actor.pid() != init.pid()) {
        for (Map.Entry<Integer, StageProcess> seen :
            StageProcess.seenBy(actor, step.stage()).entrySet()) {
          if (seen.getValue().pid() == init.pid() && seen.getKey() != INIT) {
            return step.switchTo(actor) + "kill -" + signal + " " + seen.getKey();
          }
        }
      }
    }
    return "";
  }
}
