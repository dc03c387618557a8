package doqu.step;

import doqu.actor.Arg;
import doqu.actor.Call;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What exec passes on without being asked: open descriptors, and the environment. */
final class Inheritance {
  private static final int ENVP = 2;

  /** A part of a name; KEY alone is one: there are KEYMAP and MONKEY. */
  private static final Pattern SECRET =
      Pattern.compile(".*(SECRET|TOKEN|PASSWORD|PASSWD|APIKEY)S?|KEYS?");

  private Inheritance() {}

  static Stream<Notice> ofDescriptors(Aftermath step) {
    List<Descriptor> kept = step.kept();
    if (kept.isEmpty() || step.worked().stream().noneMatch(Call::executes)) {
      return Stream.empty();
    }
    return Stream.of(
        new Notice(
            "inherited descriptors",
            "the program has inherited "
                + joined(kept, ", ", one -> one.number() + " (" + one.file() + ")"),
            "no O_CLOEXEC, 02000000, in the flags of /proc/PID/fdinfo: "
                + joined(kept, ", ", Descriptor::flags),
            step.beforehand(joined(kept, "; ", one -> "syscall close " + one.number()))));
  }

  private static String joined(
      List<Descriptor> kept, String by, Function<Descriptor, String> shown) {
    return kept.stream().map(shown).collect(Collectors.joining(by));
  }

  static Stream<Notice> ofSecrets(Aftermath step) {
    List<String> secrets =
        step.calls("execve")
            .flatMap(call -> names(call.args().get(ENVP)))
            .filter(Inheritance::looksSecret)
            .toList();
    if (secrets.isEmpty()) {
      return Stream.empty();
    }
    return Stream.of(
        new Notice(
            "passed secrets",
            "the program can read " + String.join(", ", secrets) + " in its environment",
            "execve has passed it; /proc/PID/environ shows it to root and to its user",
            step.beforehand("env -u " + String.join(" -u ", secrets))));
  }

  /** The names of the variables in an argument that is a vector of {@code NAME=VALUE}. */
  private static Stream<String> names(Arg envp) {
    return envp.strings().stream().flatMap(List::stream).map(variable -> variable.split("=", 2)[0]);
  }

  static boolean looksSecret(String name) {
    return Stream.of(name.toUpperCase(Locale.ROOT).split("[^A-Z0-9]+", -1))
        .anyMatch(part -> SECRET.matcher(part).matches());
  }
}
