package doqu.stage;

import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The settings of a machine that forbid user namespaces, and the command that changes each. */
final class Switches {
  private record Switch(String file, String forbids, String mend) {}

  private static final List<Switch> ALL =
      List.of(
          new Switch(
              "/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
          new Switch(
              "/proc/sys/kernel/unprivileged_userns_clone",
              "0",
              "sysctl kernel.unprivileged_userns_clone=1"),
          new Switch(
              "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
              "1",
              "sysctl kernel.apparmor_restrict_unprivileged_userns=0"));

  private Switches() {}

  /** A line for each that is set so. */
  static List<String> thatForbidUserNamespaces() {
    List<String> lines = new ArrayList<>();
    for (Switch one : ALL) {
      byte[] content = Libc.readFile(one.file);
      if (content != null
          && new String(content, StandardCharsets.US_ASCII).strip().equals(one.forbids)) {
        lines.add("doqu: " + one.file + " is " + one.forbids + "; as root: " + one.mend);
      }
    }
    return lines;
  }
}
