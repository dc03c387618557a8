package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Signals;
import java.util.ArrayList;
import java.util.List;

/** {@code kill [-SIGNAL | -s SIGNAL] PID}; the PID is the one the actor's kernel knows. */
record Kill(int pid, int signal) implements Step {
  private static final String USAGE = "kill [-SIGNAL] PID";
  private static final int DELIVERY = 20;

  static Kill parse(List<Word> words) {
    List<Word> rest = new ArrayList<>(words);
    String name = "TERM";
    // The first word with a dash is the signal, as for kill(1): kill -1 alone is a PID forgotten.
    if (!rest.isEmpty() && rest.get(0).text().startsWith("-") && !isEnd(rest.get(0))) {
      name = rest.remove(0).text().substring(1);
      if (name.equals("s") && !rest.isEmpty()) {
        name = rest.remove(0).text();
      }
    }
    if (!rest.isEmpty() && isEnd(rest.get(0))) {
      rest.remove(0);
    }
    List<String> operands = rest.stream().map(Word::text).toList();
    if (operands.isEmpty()) {
      throw new Mistake("something is missing: " + USAGE);
    }
    if (operands.size() > 1) {
      throw new Mistake("'" + operands.get(1) + "' is too much: " + USAGE);
    }
    return new Kill(Args.number(operands.get(0), "a PID"), signal(name));
  }

  private static boolean isEnd(Word word) {
    return word.text().equals("--");
  }

  private static int signal(String name) {
    return Signals.parse(name)
        .orElseThrow(() -> Mistake.unknown("signal", name, Signals.shortNames().toList()));
  }

  @Override
  public void run(Run run) {
    run.call(Calls.kill(pid, signal));
    run.awaitAnEnd(DELIVERY);
  }
}
