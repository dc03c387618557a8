package doqu.step;

import doqu.actor.Calls;
import java.util.List;

/** {@code exit [STATUS]}: ends the process; only its lowest eight bits reach who waits for it. */
record Exit(int status) implements Step {
  static Exit parse(List<Word> words) {
    List<String> operands = Args.operands(words, 0, 1, "exit [STATUS]");
    return new Exit(operands.isEmpty() ? 0 : Args.number(operands.get(0), "an exit status"));
  }

  @Override
  public void run(Run run) {
    run.call(Calls.exitGroup(status));
  }

  @Override
  public boolean endsActor() {
    return true;
  }
}
