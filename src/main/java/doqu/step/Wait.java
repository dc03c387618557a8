package doqu.step;

import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import java.util.List;
import java.util.Set;

/**
 * {@code wait [PID] [--nohang|--all]}: learns how a child ended, which lets go of the zombie.
 *
 * @param pid the child as its parent's kernel knows it; -1: any
 * @param all whether to wait until nobody is left to wait for, as an init must
 */
record Wait(int pid, long options, boolean all) implements Step {
  static Wait parse(List<Word> words) {
    Args args = Args.of(words, Set.of("--all", "-a", "--nohang", "-n"), Set.of());
    List<String> operands = args.operands(0, 1, "wait [PID] [--nohang | --all]");
    return new Wait(
        operands.isEmpty() ? -1 : Args.number(operands.get(0), "a PID"),
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
