package doqu.observe;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.kernel.Libc;
import doqu.kernel.ProcStat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether an actor sleeps in the call it was told to make, as in wait4(2) and pause(2). */
public final class Asleep {
  private Asleep() {}

  /**
   * Whether it does at this moment: /proc/PID/syscall has the number of the call it sleeps in
   * (proc_pid_syscall(5)).
   *
   * @return empty when the machine does not let doqu know
   */
  public static Optional<Boolean> in(Actor actor, Call call) {
    String process = "/proc/" + actor.pid();
    byte[] syscall = Libc.readFile(process + "/syscall");
    if (syscall == null) {
      return Optional.empty();
    }
    String number = new String(syscall, StandardCharsets.US_ASCII).split("[ \n]", 2)[0];
    Optional<ProcStat> stat = ProcStat.read(process);
    if (stat.filter(ProcStat::stopped).isPresent()) {
      return Optional.of(true);
    }
    // In an uninterruptible sleep it is about to come back: a mount or umount takes its time.
    boolean interruptible = stat.filter(ProcStat::sleeping).isPresent();
    return Optional.of(interruptible && number.equals(Long.toString(call.number())));
  }
}
