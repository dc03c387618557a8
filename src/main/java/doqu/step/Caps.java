package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Capability;
import doqu.observe.ProcStatus;
import java.util.Arrays;
import java.util.List;

/**
 * {@code caps drop|raise all|CAPABILITY...}: permitted and effective together, by capset(2). What
 * was dropped cannot be raised again: that is a lesson.
 */
record Caps(boolean drop, long set) implements Step {
  static Caps parse(Args args) {
    String verb = args.operand(0);
    if (!List.of("drop", "raise").contains(verb)) {
      throw Mistake.unknown("word", verb, List.of("drop", "raise"));
    }
    List<String> operands = args.operands();
    long set = 0;
    for (String name : operands.subList(1, operands.size())) {
      set |= bits(name);
    }
    return new Caps(verb.equals("drop"), set);
  }

  private static long bits(String name) {
    return name.equalsIgnoreCase("all")
        ? Capability.ALL
        : Capability.parse(name)
            .orElseThrow(
                () ->
                    Mistake.unknown(
                        "capability",
                        name,
                        Arrays.stream(Capability.values()).map(Enum::name).toList()))
            .bit();
  }

  @Override
  public void run(Run run) {
    ProcStatus now = ProcStatus.of(run.actor().pid()).orElseThrow();
    long effective = now.capabilities("CapEff");
    long permitted = now.capabilities("CapPrm");
    long inheritable = now.capabilities("CapInh");
    run.call(
        drop
            ? Calls.capset(effective & ~set, permitted & ~set, inheritable & ~set)
            : Calls.capset(effective | set, permitted | set, inheritable));
  }
}
