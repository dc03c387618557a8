package doqu.actor;

import doqu.kernel.Libc;
import doqu.kernel.Tty;
import java.util.Optional;

/**
 * A terminal for one program, doqu on its other side. Every program has one of its own, in a
 * session of its own: so Ctrl-C in one reaches neither the waiting actors nor doqu.
 */
public final class PseudoTerminal {
  private final int master;
  private boolean closed;

  private PseudoTerminal(int master) {
    this.master = master;
  }

  /**
   * Makes one and turns it into the controlling terminal and the standard streams of an actor that
   * is about to exec. An actor that has one already, because its exec failed, keeps it.
   *
   * @return the terminal; empty when the machine has none left to give
   */
  public static Optional<PseudoTerminal> forProgram(Actor actor) {
    PseudoTerminal before = actor.terminal();
    if (before != null) {
      return Optional.of(before);
    }
    long master = Tty.openMaster();
    if (master < 0) {
      return Optional.empty();
    }
    long slave = Tty.openSlave((int) master);
    if (slave < 0) {
      Libc.close((int) master);
      return Optional.empty();
    }
    PseudoTerminal terminal = new PseudoTerminal((int) master);
    for (int stream = 0; stream <= 2; stream++) {
      actor.give((int) slave, stream);
    }
    Libc.close((int) slave);
    actor.plumb(Call.of("setsid"));
    actor.plumb(
        Call.of("ioctl", Arg.number(0), Arg.named(Tty.TIOCSCTTY, "TIOCSCTTY"), Arg.number(0)));
    actor.terminal(terminal);
    return Optional.of(terminal);
  }

  /** The descriptor doqu reads the program's output from and writes its input to. */
  public int master() {
    return master;
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(master);
    }
  }
}
