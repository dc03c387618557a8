package doqu.lesson;

import doqu.look.Finding;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a step needs of the machine.
 *
 * @param check that of the doctor's that has to be ok, or {@link #ROOT}
 * @param unknown makes of those there are what is wrong when it is none of them
 */
record Need(String check, Function<Set<String>, Fault> unknown) {
  /** That doqu is run by root. */
  private static final String ROOT = "root";

  static Need of(Value value) {
    return new Need(value.words(), known -> value.unknown("check of the doctor's", known));
  }

  boolean isRoot() {
    return check.equals(ROOT);
  }

  /** What the machine lacks for it, by what the doctor has found; empty: nothing. */
  Optional<String> lacking(List<Finding> findings) {
    Finding finding =
        findings.stream()
            .filter(one -> one.check().equals(check))
            .findFirst()
            .orElseThrow(
                () ->
                    unknown.apply(
                        findings.stream().map(Finding::check).collect(Collectors.toSet())));
    return finding.state() == Finding.State.OK
        ? Optional.empty()
        : Optional.of(finding.check() + ": " + finding.says() + "; " + finding.mend());
  }
}
