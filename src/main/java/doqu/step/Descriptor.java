package doqu.step;

import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.observe.FdInfo;
import java.io.File;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An open file of a process.
 *
 * @param file what it is of, as its link in /proc/PID/fd says
 * @param flags as /proc/PID/fdinfo has them, in octal
 */
record Descriptor(int number, String file, String flags) {
  private static final int STANDARD_ERROR = 2;
  private static final int OCTAL = 8;

  /** Those beside the standard streams that stay open over exec: they have no FD_CLOEXEC. */
  static List<Descriptor> keptOverExec(int pid) {
    String proc = "/proc/" + pid + "/";
    return Stream.of(Objects.requireNonNullElse(new File(proc + "fd").list(), new String[0]))
        .map(Integer::valueOf)
        .filter(number -> number > STANDARD_ERROR)
        .sorted()
        .flatMap(number -> of(proc, number))
        .filter(one -> (Long.parseLong(one.flags, OCTAL) & Flags.O_CLOEXEC) == 0)
        .toList();
  }

  private static Stream<Descriptor> of(String proc, int number) {
    String flags = FdInfo.of(proc, number).get("flags");
    String file = Objects.requireNonNullElse(Libc.readLink(proc + "fd/" + number), "?");
    return flags.isEmpty() ? Stream.empty() : Stream.of(new Descriptor(number, file, flags));
  }
}
