package doqu.step;

import doqu.actor.Calls;

/** {@code exit [STATUS]}: ends the process; only its lowest eight bits reach who waits for it. */
record Exit(int status) implements Step {
  static Exit parse(Args args) {
    return new Exit(args.operands().isEmpty() ? 0 : Args.number(args.operand(0), "an exit status"));
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
