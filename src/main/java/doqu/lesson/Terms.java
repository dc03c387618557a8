package doqu.lesson;

import doqu.kernel.Arch;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import doqu.kernel.Signals;
import doqu.kernel.Syscalls;
import doqu.lesson.Condition.Who;
import doqu.step.ActorName;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What stands in a condition, read as what it has to be; a {@link Fault} where it is not. */
final class Terms {
  /** What is no name in a path that a stage has a place for. */
  private static final Pattern OTHER_NAME = Pattern.compile("\\$(?!ROOTFS(?!\\w))\\w*");

  private static final Set<String> CALLS =
      Arrays.stream(Arch.values())
          .flatMap(arch -> Syscalls.on(arch).names().stream())
          .collect(Collectors.toUnmodifiableSet());

  private Terms() {}

  static Who who(Value value) {
    if (!value.text().matches("[a-z][a-z0-9_-]*")) {
      throw value.fault("'" + value.text() + "' is nobody: who is one, focus, host or an actor");
    }
    return Who.of(value.text());
  }

  /** One that an actor may have: a relation or the host is none. */
  static String name(Value value) {
    Who who = who(value);
    if (who.kind() != Who.Kind.NAMED || who.name().equals(ActorName.PARENT)) {
      throw value.fault("'" + value.text() + "' is the name of no actor");
    }
    return who.name();
  }

  static String number(Value value) {
    int number = value.number();
    if (number < 0) {
      throw value.fault("'" + number + "' is never found: it is less than 0");
    }
    return Integer.toString(number);
  }

  /** A path that an actor can have there. */
  static String place(Value value) {
    Matcher other = OTHER_NAME.matcher(value.text());
    if (value.text().isEmpty()) {
      throw value.fault("a path has to stand here");
    }
    if (other.find()) {
      throw value.fault("'" + other.group() + "' has no meaning in a path, only $ROOTFS has");
    }
    return value.text();
  }

  static String call(Value value) {
    if (!CALLS.contains(value.text())) {
      throw value.unknown("system call", CALLS);
    }
    return value.text();
  }

  /** As wait4(2) is printed: with its whole name. */
  static String signal(Value value) {
    if (value.text().equals(LastStep.NONE)) {
      return LastStep.NONE;
    }
    OptionalInt signal = Signals.parse(value.text());
    if (signal.isEmpty()) {
      throw value.fault("'" + value.text() + "' is no signal");
    }
    return Signals.name(signal.getAsInt());
  }

  static Namespace namespace(Value value) {
    return Namespace.parse(value.text())
        .orElseThrow(() -> value.fault("'" + value.text() + "' is no namespace"));
  }

  static Capability capability(Value value) {
    return Capability.parse(value.text())
        .orElseThrow(() -> value.fault("'" + value.text() + "' is no capability"));
  }

  static Errno errno(Value value) {
    return Errno.parse(value.text())
        .orElseThrow(() -> value.fault("'" + value.text() + "' is no errno"));
  }
}
