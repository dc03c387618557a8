package doqu.lesson;

import doqu.kernel.Libc;
import doqu.look.Doctor;
import doqu.look.Finding;
import doqu.step.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What bounds a step.
 *
 * @param needs what the machine has to be: {@code root}, doqu's user there, and checks of the
 *     doctor's that have to be ok
 * @param allowed the only steps it is done with; empty: all
 * @param forbidden the steps it is done without
 * @param lost states from which the goal cannot be reached any more, each by itself
 */
public record Bounds(
    List<Need> needs, List<String> allowed, List<String> forbidden, List<Goal> lost) {
  static final Set<String> FIELDS = Set.of("needs", "allow", "forbid", "lost");

  private static final String RAW = "syscall";

  static Bounds of(Value.Fields fields) {
    return new Bounds(
        fields.list("needs", Need::of),
        fields.list("allow", Bounds::step),
        fields.list("forbid", Bounds::step),
        fields.list("lost", one -> one.isList() ? Goal.of(one) : Goal.ofOne(one)));
  }

  private static String step(Value value) {
    Set<String> known = Steps.rows().map(Steps.Row::name).collect(Collectors.toSet());
    if (!known.contains(value.text())) {
      throw value.unknown("step", known);
    }
    return value.text();
  }

  /** What the learner is told of the steps it may be done with; empty: nothing. */
  public String says() {
    List<String> says = new ArrayList<>();
    if (!allowed.isEmpty()) {
      says.add("only with " + String.join(", ", allowed));
    }
    if (!forbidden.isEmpty()) {
      says.add("without " + String.join(", ", forbidden));
    }
    return String.join("; ", says);
  }

  /** Whether a step is for it: {@code syscall} also counts as the step whose call it makes. */
  public boolean permits(String name, List<String> words) {
    List<String> names = new ArrayList<>(List.of(name));
    if (name.equals(RAW)) {
      words.stream().findFirst().flatMap(Steps::making).map(Steps.Row::name).ifPresent(names::add);
    }
    return names.stream().noneMatch(forbidden::contains)
        && (allowed.isEmpty() || names.stream().anyMatch(allowed::contains));
  }

  /** In what the goal is out of reach; empty: in nothing. */
  public Optional<String> outOfReach(Scenery scenery) {
    return lost.stream()
        .map(goal -> goal.check(scenery))
        .filter(checked -> checked.stream().allMatch(Goal.Checked::holds))
        .map(checked -> checked.stream().map(Goal.Checked::says).collect(Collectors.joining(", ")))
        .findFirst();
  }

  /**
   * What this machine lacks for it; empty: nothing. Where it needs something of the machine the
   * doctor examines that, which takes a while.
   *
   * @throws Fault for what is none of the doctor's checks
   */
  public Optional<String> lacking() {
    if (needs.stream().anyMatch(Need::isRoot) && Libc.effectiveUser() != 0) {
      return Optional.of("doqu is not run by root");
    }
    List<Need> checks = needs.stream().filter(need -> !need.isRoot()).toList();
    List<Finding> findings = checks.isEmpty() ? List.of() : Doctor.examine();
    return checks.stream().flatMap(check -> check.lacking(findings).stream()).findFirst();
  }
}
