package doqu.actor;

import doqu.kernel.Libc;
import doqu.kernel.ProcStat;

/** The end of a process that has closed its socket: it may take a moment, or longer. */
final class Ending {
  /** The most that is waited for it, in milliseconds. */
  private static final int MOST = 2000;

  /** How often it is looked at meanwhile, in milliseconds. */
  private static final int LOOK = 50;

  private Ending() {}

  /**
   * Whether it comes soon, or is on its way and has to wait: the init of a PID namespace does, for
   * those whose parents are outside and have not waited for them (zap_pid_ns_processes() of
   * kernel/pid_namespace.c).
   */
  static boolean comes(Actor actor) {
    boolean waits = false;
    for (int waited = 0; waited < MOST && !actor.hasEnded(); waited += LOOK) {
      Libc.poll(LOOK, actor.pidfd());
      boolean waitsNow =
          ProcStat.read("/proc/" + actor.pid())
              .filter(stat -> stat.exiting() && stat.sleeping())
              .isPresent();
      if (waits && waitsNow) {
        return true;
      }
      waits = waitsNow;
    }
    return actor.hasEnded();
  }
}
