package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Flags;
import java.util.List;
import java.util.Set;

/** {@code umount [-l] [-f] TARGET}; with -l the mount goes from sight now, and ends when unused. */
record Umount(String target, long flags) implements Step {
  static Umount parse(List<Word> words) {
    Args args = Args.of(words, Set.of("-l", "--lazy", "-f", "--force"), Set.of());
    long lazy = args.has("-l", "--lazy") ? Flags.MNT_DETACH : 0;
    long force = args.has("-f", "--force") ? Flags.MNT_FORCE : 0;
    return new Umount(args.operands(1, 1, "umount [-l] TARGET").get(0), lazy | force);
  }

  @Override
  public void run(Run run) {
    run.call(Calls.umount2(target, flags));
  }
}
