package doqu.kernel;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** /proc/PID/stat (proc_pid_stat(5)): its fields from the third on, behind the name. */
public record ProcStat(List<String> fromState) {
  private static final int STATE = 3;
  private static final int PARENT = 4;
  private static final int SESSION = 6;
  private static final int FLAGS = 9;
  private static final int START_TIME = 22;

  /** PF_EXITING of include/linux/sched.h. */
  private static final long EXITING = 4;

  private static final int EXIT_SIGNAL = 38;
  private static final int EXIT_CODE = 52;

  /** Reads it in the folder of a process; empty: the process is gone. */
  public static Optional<ProcStat> read(String folder) {
    byte[] content = Libc.readFile(folder + "/stat");
    return content == null
        ? Optional.empty()
        : Optional.of(parse(new String(content, StandardCharsets.UTF_8)));
  }

  static ProcStat parse(String content) {
    // The second field is the name, in parentheses, and may hold anything.
    return new ProcStat(
        List.of(content.substring(content.lastIndexOf(')') + 2).strip().split(" ", -1)));
  }

  private String field(int number) {
    return fromState.get(number - STATE);
  }

  /** Sleeping until something happens, and a signal would end that. */
  public boolean sleeping() {
    return field(STATE).equals("S");
  }

  /** Stopped by a signal or a tracer. */
  public boolean stopped() {
    return field(STATE).equalsIgnoreCase("T");
  }

  public boolean zombie() {
    return field(STATE).equals("Z");
  }

  /** The PID of its parent in the PID namespace of that proc file system. */
  public int parent() {
    return Integer.parseInt(field(PARENT));
  }

  /** The PID of the leader of its session in the PID namespace of that proc file system. */
  public int session() {
    return Integer.parseInt(field(SESSION));
  }

  /** Whether it is on its way out; one that is the init of others ends them all on it. */
  public boolean exiting() {
    return (Long.parseLong(field(FLAGS)) & EXITING) != 0;
  }

  /** When the process began: what tells two processes apart that had one PID in turn. */
  public String startTime() {
    return field(START_TIME);
  }

  /**
   * The signal its parent gets when it ends: SIGCHLD, or wait4(2) looks for it only with __WALL.
   */
  public int exitSignal() {
    return Integer.parseInt(field(EXIT_SIGNAL));
  }

  /** How a zombie ended. */
  public WaitStatus exitCode() {
    return new WaitStatus(Integer.parseInt(field(EXIT_CODE)));
  }
}
