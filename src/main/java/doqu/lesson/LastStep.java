package doqu.lesson;

import doqu.kernel.Syscalls;
import doqu.step.Notice;
import doqu.step.StepRecord;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What came of the step that was taken last, in the words in which a goal asks for it. */
final class LastStep {
  /** What is found where there is nothing to find. */
  static final String NONE = "none";

  /** In what strace prints of wait4(2). */
  static final Pattern EXITED = Pattern.compile("WEXITSTATUS\\(s\\) == (\\d+)");

  static final Pattern KILLED = Pattern.compile("WTERMSIG\\(s\\) == (SIG\\w+)");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-f]{1,15}");

  /** What is found where no step was. */
  static final String NOT_TAKEN = "none was taken";

  private LastStep() {}

  /** Who took it. */
  static String taker(Scenery scenery) {
    return scenery.last().map(step -> step.actor().name()).orElse("nobody");
  }

  /** The silent failures that were told of it. */
  static String notices(Scenery scenery) {
    String all =
        scenery.last().stream()
            .flatMap(step -> step.notices().stream())
            .map(Notice::failure)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(", "));
    return all.isEmpty() ? NONE : all;
  }

  /** How the one ended whom it has waited for. */
  static String ended(Scenery scenery, Pattern how) {
    return scenery.last().stream()
        .flatMap(step -> step.syscalls().stream())
        .map(call -> how.matcher(call.text()))
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .reduce(NONE, (first, second) -> second);
  }

  /** How an argument is named behind a call; of several it is one; none: any. */
  static String with(List<String> arguments) {
    return arguments.isEmpty() ? "" : " with " + String.join(" or ", arguments);
  }

  /** How it is called that a call has succeeded. */
  static String success(String call, List<String> with) {
    return call + with(with) + " succeeded";
  }

  /** That, when it has made the call so; otherwise what it was. */
  static String call(Scenery scenery, String call, List<String> with) {
    List<String> here = with.stream().map(scenery::here).toList();
    return scenery
        .last()
        .map(step -> isMade(step, call, here) ? success(call, here) : "'" + step.step() + "'")
        .orElse(NOT_TAKEN);
  }

  private static boolean isMade(StepRecord step, String call, List<String> with) {
    return step.syscalls().stream()
        .filter(one -> !one.plumbing() && one.errno().isEmpty())
        .anyMatch(one -> Syscalls.isSame(one.name(), call) && has(one, with));
  }

  /** Whether an argument is one of those numbers, however printed, or has such a text in it. */
  static boolean has(StepRecord.Syscall made, List<String> with) {
    return with.isEmpty()
        || with.stream().anyMatch(one -> made.args().stream().anyMatch(arg -> is(arg, one)));
  }

  private static boolean is(String argument, String with) {
    return NUMBER.matcher(with).matches()
        ? decimal(argument).equals(with)
        : argument.contains(with);
  }

  private static String decimal(String argument) {
    return HEXADECIMAL.matcher(argument).matches() ? Long.decode(argument).toString() : argument;
  }
}
