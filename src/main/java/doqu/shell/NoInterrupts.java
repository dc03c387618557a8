package doqu.shell;

import doqu.kernel.Libc;
import doqu.kernel.Signals;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C as the business of another program in the foreground: doqu has it too, and is deaf. */
final class NoInterrupts {
  private static final int PATIENCE_SECONDS = 1;

  private NoInterrupts() {}

  /** Does what neither ends with Ctrl-C nor has it interrupt an actor. */
  static void during(Runnable work) {
    Object before = org.jline.utils.Signals.register("INT", () -> {});
    try {
      work.run();
    } finally {
      awaitThoseThatCame();
      org.jline.utils.Signals.unregister("INT", before);
    }
  }

  /**
   * The JVM handles a signal some time after it came: the program may have died of one that is yet
   * to be handled here. It handles them in the order of their numbers, so that one of a higher
   * number tells when that is done.
   */
  private static void awaitThoseThatCame() {
    CountDownLatch handled = new CountDownLatch(1);
    Object before = org.jline.utils.Signals.register("URG", handled::countDown);
    Libc.kill((int) ProcessHandle.current().pid(), Signals.SIGURG);
    try {
      if (!handled.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return; // the JVM is at a standstill, and may take the signal when nobody waits for it
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    org.jline.utils.Signals.unregister("URG", before);
  }
}
