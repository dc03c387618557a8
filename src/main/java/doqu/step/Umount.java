package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Flags;

/** {@code umount [-l] [-f] TARGET}; with -l the mount goes from sight now, and ends when unused. */
record Umount(String target, long flags) implements Step {
  static Umount parse(Args args) {
    long lazy = args.has("-l", "--lazy") ? Flags.MNT_DETACH : 0;
    long force = args.has("-f", "--force") ? Flags.MNT_FORCE : 0;
    return new Umount(args.operand(0), lazy | force);
  }

  @Override
  public void run(Run run) {
    run.call(Calls.umount2(target, flags));
  }
}
