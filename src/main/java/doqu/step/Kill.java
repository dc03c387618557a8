package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Signals;

/** {@code kill [-SIGNAL | -s SIGNAL] PID}; the PID is the one the actor's kernel knows. */
record Kill(int pid, int signal) implements Step {
  private static final int DELIVERY = 20;

  static Kill parse(Args args) {
    String name = args.value("TERM", "-SIGNAL", "-s");
    return new Kill(Args.number(args.operand(0), "a PID"), signal(name));
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
