package doqu.shell;

import doqu.actor.Actor;
import doqu.kernel.Arch;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import doqu.kernel.Signals;
import doqu.kernel.Syscalls;
import doqu.look.Looks;
import doqu.step.Steps;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The words that a word in capitals of a usage stands for, as far as they can be listed. */
final class Words {
  private static final List<String> TYPES =
      List.of("proc", "tmpfs", "sysfs", "devpts", "mqueue", "cgroup2", "overlay", "ramfs");

  private static final List<String> MOUNT_OPTIONS =
      List.of(
          "ro",
          "rw",
          "nosuid",
          "nodev",
          "noexec",
          "noatime",
          "nodiratime",
          "relatime",
          "remount",
          "bind",
          "rbind",
          "move",
          "sync",
          "dirsync",
          "nosymfollow",
          "size=",
          "mode=",
          "lowerdir=",
          "upperdir=",
          "workdir=",
          "newinstance",
          "ptmxmode=",
          "hidepid=");

  private Words() {}

  /** Those of a kind that are the same for everyone; none: they depend on the stage. */
  static List<String> of(String kind) {
    return switch (kind) {
      case "NAMESPACE" ->
          Stream.concat(
                  Arrays.stream(Namespace.values()).map(Namespace::file),
                  Arrays.stream(Namespace.values()).map(Namespace::flagName))
              .toList();
      case "SIGNAL" -> Signals.shortNames().toList();
      case "CAPABILITY" -> Arrays.stream(Capability.values()).map(Enum::name).toList();
      case "CALL" -> List.copyOf(Syscalls.on(Arch.current()).names());
      case "ERRNO" -> Arrays.stream(Errno.values()).map(Enum::name).toList();
      case "COMMAND" -> Session.words();
      case "LOOK" -> Looks.rows().map(Looks.Row::name).toList();
      case "STEP" -> Steps.rows().map(Steps.Row::name).toList();
      case "TYPE" -> TYPES;
      case "OPTION,..." -> MOUNT_OPTIONS;
      case "SETTING" -> Arrays.stream(Setting.values()).map(Setting::word).toList();
      case "FLAG" -> Flags.names().sorted().toList();
      default -> List.of();
    };
  }

  /** The names of the actors. */
  static List<String> actors(Stream<Actor> actors) {
    return actors.filter(actor -> !actor.hasEnded()).map(Actor::name).toList();
  }

  /** What a command does, in one line; empty: there is no such command. */
  static String says(String command) {
    return Stream.of(
            Steps.rows().filter(row -> row.name().equals(command)).map(Steps.Row::says),
            Looks.rows().filter(row -> row.name().equals(command)).map(Looks.Row::says),
            Arrays.stream(Control.values())
                .filter(control -> control.word().equals(command))
                .map(Control::says))
        .flatMap(says -> says)
        .findFirst()
        .orElse("");
  }

  /** In which part of the list a command is shown. */
  static String group(String command) {
    return Steps.named(command).isPresent()
        ? "steps"
        : Looks.named(command).isPresent() ? "looks" : "doqu";
  }

  /** Whether a word is in capitals, and so stands for others. */
  static boolean isKind(String alternative) {
    return alternative.equals(alternative.toUpperCase(Locale.ROOT));
  }
}
