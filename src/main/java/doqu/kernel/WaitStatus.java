package doqu.kernel;

/**
 * How a process changed state, as wait4(2) writes it.
 *
 * @param raw the status word; its parts are those of the macros of wait(2)
 */
public record WaitStatus(int raw) {
  private static final int CONTINUED = 0xffff;

  public boolean exited() {
    return (raw & 0x7f) == 0;
  }

  public int exitStatus() {
    return raw >> 8 & 0xff;
  }

  public boolean stopped() {
    return (raw & 0xff) == 0x7f;
  }

  public boolean continued() {
    return raw == CONTINUED;
  }

  /** The signal that ended it; 0: none did. */
  public int signal() {
    return stopped() || continued() ? 0 : raw & 0x7f;
  }

  private String core() {
    return (raw & 0x80) != 0 ? " && WCOREDUMP(s)" : "";
  }

  /** As strace shows the argument of wait4: {@code [{WIFEXITED(s) && WEXITSTATUS(s) == 0}]}. */
  public String shownByWait() {
    if (exited()) {
      return "[{WIFEXITED(s) && WEXITSTATUS(s) == " + exitStatus() + "}]";
    }
    if (continued()) {
      return "[{WIFCONTINUED(s)}]";
    }
    if (stopped()) {
      return "[{WIFSTOPPED(s) && WSTOPSIG(s) == " + Signals.name(exitStatus()) + "}]";
    }
    return "[{WIFSIGNALED(s) && WTERMSIG(s) == " + Signals.name(raw & 0x7f) + core() + "}]";
  }

  /** As strace tells the end of a process: {@code +++ exited with 0 +++}. */
  public String shownAtEnd() {
    return exited()
        ? "+++ exited with " + exitStatus() + " +++"
        : "+++ killed by "
            + Signals.name(raw & 0x7f)
            + ((raw & 0x80) != 0 ? " (core dumped)" : "")
            + " +++";
  }
}
