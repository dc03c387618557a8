package doqu.observe;

import doqu.kernel.Libc;
import doqu.kernel.WaitStatus;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How a process ended that nobody has waited for yet: the last field of /proc/PID/stat. */
public final class Exit {
  private static final int EXIT_CODE = 52;
  private static final int STATE = 3;

  private Exit() {}

  /** Its status; empty: it is not a zombie, somebody has waited for it already. */
  public static Optional<WaitStatus> of(int pid) {
    byte[] content = Libc.readFile("/proc/" + pid + "/stat");
    if (content == null) {
      return Optional.empty();
    }
    // The second field is the name, in parentheses, and may hold anything.
    String text = new String(content, StandardCharsets.UTF_8);
    String[] fields = text.substring(text.lastIndexOf(')') + 2).strip().split(" ");
    return fields[0].equals("Z") && fields.length > EXIT_CODE - STATE
        ? Optional.of(new WaitStatus(Integer.parseInt(fields[EXIT_CODE - STATE])))
        : Optional.empty();
  }
}
