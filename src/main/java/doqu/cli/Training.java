package doqu.cli;

import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Tty;
import doqu.kernel.Xdg;
import doqu.shell.Ground;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * Doqu as it is mostly used, played on a pseudo-terminal of this process's own. The launcher runs
 * it once, and the JVM keeps what was loaded meanwhile as the archive of classes of later starts.
 */
final class Training {
  private static final String SCRIPT = "unshare uts; sethostname doqu; hostname; status";

  private static final String TYPED =
      """
      unshare uts pid mnt
      mount --make-rprivate /
      fork
      switch child
      mount -t proc proc /proc
      chdir /nowhere
      ps
      status
      quit
      """;

  /** When no more comes for so long, the prompt waits for something that was not typed. */
  private static final int PATIENCE = 10_000;

  private Training() {}

  public static void main(String[] args) throws IOException {
    Xdg.folders(); // with those that the environment does not name
    Xdg.create(Xdg.state());
    Files.writeString(Xdg.state().resolve("history"), "0:status\n"); // as most starts find it
    Arguments.execute(new String[] {"-c", SCRIPT});
    int human = (int) Tty.openMaster();
    Tty.resize(human, new Tty.Size(24, 80));
    streamsOn((int) Tty.openSlave(human));
    Libc.write(human, TYPED.getBytes(StandardCharsets.US_ASCII));
    Thread eyes = new Thread(() -> watch(human), "human");
    eyes.setDaemon(true);
    eyes.start();
    System.setProperty(Main.TERMINAL, "yes"); // the launcher has seen none
    int status = Main.withoutSteps(Ground.STAGE);
    // While it writes the archive the JVM stands still, and might print to where nobody reads.
    streamsOn((int) Libc.open("/dev/null", Flags.O_RDWR));
    System.exit(status);
  }

  private static void streamsOn(int descriptor) {
    for (int stream = 0; stream <= 2; stream++) {
      Libc.duplicate(descriptor, stream);
    }
  }

  private static void watch(int human) {
    byte[] screen = new byte[4096];
    while (Libc.poll(PATIENCE, human)[0] && Libc.read(human, screen) > 0) {
      // Whatever is on the screen: a terminal that nobody reads from blocks those who write.
    }
    System.exit(1);
  }
}
