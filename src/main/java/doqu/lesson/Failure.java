package doqu.lesson;

import doqu.kernel.Errno;
import doqu.kernel.Syscalls;
import doqu.precondition.Explanation;
import doqu.precondition.Precondition;
import doqu.precondition.Preconditions;
import doqu.step.StepRecord;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A failure that a goal asks for.
 *
 * @param call that fails; empty: any
 * @param with what one of its arguments is, as in {@link LastStep#has}
 * @param needed it fails for want of one of these, in the words of the preconditions; none: for any
 *     reason
 */
record Failure(String errno, String call, List<String> with, List<String> needed) {
  private static final String UNKNOWN = "what doqu does not know";

  /**
   * One that can be met.
   *
   * @throws Fault when the call never fails with that errno for want of one of them
   */
  static Failure of(Errno errno, String call, List<String> with, List<Value> needed) {
    Set<String> known =
        Preconditions.calls().stream()
            .filter(one -> Syscalls.isSame(one, call))
            .flatMap(one -> Preconditions.of(one).stream())
            .filter(one -> one.errnos().contains(errno))
            .map(Precondition::needs)
            .collect(Collectors.toSet());
    for (Value one : needed) {
      if (!known.contains(one.text())) {
        throw one.unknown("need of a call '" + call + "' that fails with " + errno.name(), known);
      }
    }
    return new Failure(errno.name(), call, with, needed.stream().map(Value::text).toList());
  }

  /** How it is called. */
  String says() {
    return says(errno, call, LastStep.with(with), needed);
  }

  private static String says(String errno, String call, String with, List<String> needed) {
    return errno
        + (call.isEmpty() ? "" : " from " + call)
        + with
        + (needed.isEmpty() ? "" : "; needed: " + String.join(", or ", needed));
  }

  /** How the last step failed: as this is called, when it is this. */
  String found(Scenery scenery) {
    List<String> here = with.stream().map(scenery::here).toList();
    return scenery.last().map(step -> found(step, here)).orElse(LastStep.NOT_TAKEN);
  }

  private String found(StepRecord step, List<String> here) {
    return step.syscalls().stream()
        .filter(one -> !one.plumbing() && !one.errno().isEmpty())
        .reduce((first, second) -> second)
        .map(
            failed ->
                says(
                    failed.errno(),
                    call.isEmpty() || Syscalls.isSame(failed.name(), call) ? call : failed.name(),
                    LastStep.has(failed, here) ? LastStep.with(here) : " of other arguments",
                    needed.isEmpty() ? needed : lacking(step)))
        .orElse(step.ok() ? "it succeeded" : "it failed");
  }

  /** Those that are asked for, when one of them was lacking; otherwise what was. */
  private List<String> lacking(StepRecord step) {
    List<String> lacking =
        step.explanations().stream()
            .reduce((first, second) -> second)
            .map(Explanation::causes)
            .orElse(List.of())
            .stream()
            .map(cause -> cause.precondition().needs())
            .toList();
    return needed.stream().anyMatch(lacking::contains)
        ? needed
        : lacking.isEmpty() ? List.of(UNKNOWN) : lacking;
  }
}
