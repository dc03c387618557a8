package doqu.stage;

import doqu.kernel.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a machine refuses although a stage needs it.
 *
 * @param what the call with its errno, as strace prints it, or what else went wrong
 * @param inWords the errno in words, in parentheses; empty when there is none
 * @param causes all that was found to forbid it; it may be nothing
 */
public record Refusal(String what, String inWords, List<Cause> causes) {
  private static final String NO_CAUSE = "what forbids it is not seen from here";

  static Refusal of(String shownCall, Failure failure) {
    return new Refusal(
        shownCall + " = -1 " + failure.error(),
        Errno.of(failure.errno()).map(errno -> " (" + errno.text() + ")").orElse(""),
        Causes.of(failure));
  }

  static Refusal because(String why, List<Cause> causes) {
    return new Refusal(why, "", causes);
  }

  /** What is refused and what was found, in one line, without what would mend it. */
  public String says() {
    String evidence = causes.stream().map(Cause::evidence).collect(Collectors.joining("; "));
    return what + "; " + (causes.isEmpty() ? NO_CAUSE : evidence);
  }

  /** All that would mend it; never empty. */
  public String mend() {
    return causes.isEmpty()
        ? "start doqu outside of what it is in, be it a container or a chroot"
        : causes.stream().map(Cause::mend).distinct().collect(Collectors.joining("; "));
  }

  /** One line for what is refused, one for each cause, one on where to go from here. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("doqu: this machine does not let a stage be built: " + what + inWords);
    causes.forEach(cause -> lines.add("doqu: " + cause.evidence() + "; " + cause.mend()));
    if (causes.isEmpty()) {
      lines.add("doqu: " + NO_CAUSE);
    }
    lines.add("doqu: ./doqu doctor looks at all that a stage needs, point by point");
    return lines;
  }
}
