package doqu.step;

import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.kernel.Flags;

/**
 * {@code wait [PID] [--nohang|--all]}: learns how a child ended, which lets go of the zombie.
 *
 * @param pid the child as its parent's kernel knows it; -1: any
 * @param all whether to wait until nobody is left to wait for, as an init must
 */
record Wait(int pid, long options, boolean all) implements Step {
  static Wait parse(Args args) {
    return new Wait(
        args.operands().isEmpty() ? -1 : Args.number(args.operand(0), "a PID"),
        args.has("--nohang", "-n") ? Flags.WNOHANG : 0,
        args.has("--all", "-a"));
  }

  @Override
  public void run(Run run) {
    Reply reply;
    do {
      reply = run.attempt(Calls.wait4(pid, options));
    } while (all && reply.value() > 0);
    boolean nobodyIsLeft = all && reply.errno() == Errno.ECHILD.number();
    if (reply.failed() && !nobodyIsLeft) {
      run.fail();
    }
  }
}
