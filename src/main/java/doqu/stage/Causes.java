package doqu.stage;

import java.util.List;
import java.util.stream.Stream;

/**
 * What forbids a call, told by evidence: a setting that is as it must not be, a limit that is
 * reached, or a call that gives away who answers it. Nothing is concluded from a version.
 */
final class Causes {
  private Causes() {}

  /** All that there are for a call of a stage that failed on this machine. */
  static List<Cause> of(Failure failure) {
    return of(failure, Evidence.HERE);
  }

  static List<Cause> of(Failure failure, Evidence machine) {
    List<Cause> causes =
        Stream.of(
                Switches.against(failure, machine),
                Limits.against(failure, machine),
                Surroundings.against(failure, machine),
                Confinement.against(failure, machine))
            .flatMap(each -> each)
            .toList();
    return causes.isEmpty() ? Confinement.whenNothingElse(failure, machine).toList() : causes;
  }
}
