package doqu.step;

import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.observe.FdInfo;
import java.util.List;
import java.util.Objects;

/**
 * An open file of a process.
 *
 * @param file what it is of, as its link in /proc/PID/fd says
 * @param flags as /proc/PID/fdinfo has them, in octal
 */
record Descriptor(int number, String file, String flags) {
  private static final int STANDARD_ERROR = 2;

  /** Those beside the standard streams that stay open over exec: they have no FD_CLOEXEC. */
  static List<Descriptor> keptOverExec(int pid) {
    String proc = "/proc/" + pid;
    return FdInfo.all(proc).tailMap(STANDARD_ERROR + 1).entrySet().stream()
        .filter(one -> (one.getValue().flags() & Flags.O_CLOEXEC) == 0)
        .map(one -> of(proc, one.getKey(), one.getValue()))
        .toList();
  }

  private static Descriptor of(String proc, int number, FdInfo info) {
    String file = Objects.requireNonNullElse(Libc.readLink(proc + "/fd/" + number), "?");
    return new Descriptor(number, file, info.get("flags"));
  }
}
