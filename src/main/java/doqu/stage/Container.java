package doqu.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What holds doqu when it runs in a container, and the options with which that is started without.
 */
final class Container {
  private Container() {}

  /**
   * The command that starts it with all allowed that is seen to be forbidden: whoever has got past
   * the first obstacle would only meet the next. What Docker and Podman leave in a container is
   * found elsewhere too, so it says no more than how Podman calls an option.
   */
  static String command(Evidence machine) {
    boolean podman = machine.exists("/run/.containerenv");
    List<String> options = new ArrayList<>();
    if (seccomp(machine)) {
      options.add("seccomp=unconfined");
    }
    if (appArmor(machine).isPresent()) {
      options.add("apparmor=unconfined");
    }
    if (coveredInProc(machine).findAny().isPresent()) {
      options.add(podman ? "unmask=ALL" : "systempaths=unconfined");
    }
    return "in a container: "
        + (podman ? "podman run" : "docker run")
        + String.join("", options.stream().map(option -> " --security-opt " + option).toList());
  }

  /** Whether a seccomp filter is in force (seccomp(2)). */
  static boolean seccomp(Evidence machine) {
    return machine.status("Seccomp").equals("2");
  }

  /** The AppArmor profile that confines doqu: {@code docker-default (enforce)}. */
  static Optional<String> appArmor(Evidence machine) {
    return machine.file("/proc/self/attr/current").filter(label -> label.endsWith("(enforce)"));
  }

  /** What is covered in /proc, but for what the kernel keeps empty for a mount. */
  static Stream<String> coveredInProc(Evidence machine) {
    return machine.file("/proc/self/mountinfo").stream()
        .flatMap(String::lines)
        .map(line -> line.split(" ", 6)[4])
        .filter(point -> point.startsWith("/proc/"))
        .filter(point -> !point.equals("/proc/sys/fs/binfmt_misc"))
        .distinct();
  }
}
