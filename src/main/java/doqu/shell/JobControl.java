package doqu.shell;

import doqu.kernel.Libc;
import doqu.kernel.Signals;
import doqu.kernel.Tty;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;

/**
 * Ctrl-Z at the prompt: doqu stops as any job of the shell it was started from, and gives the shell
 * its terminal as that had it.
 */
final class JobControl {
  private static final int STDIN = 0;

  private final Terminal terminal;
  private final Reader reader;
  private final Tty.Modes shells;

  JobControl(Terminal terminal, Reader reader, Tty.Modes shells) {
    this.terminal = terminal;
    this.reader = reader;
    this.shells = shells;
  }

  void begin() {
    terminal.handle(Signal.TSTP, signal -> reader.aside(this::stop));
  }

  private void stop() {
    Tty.Modes own = Tty.modes(STDIN);
    Tty.restore(STDIN, shells);
    // Where there is no shell that could let doqu go on, the kernel does not stop it.
    terminal.handle(Signal.TSTP, Terminal.SignalHandler.SIG_DFL);
    Libc.raise(Signals.SIGTSTP); // sent to the process, another thread could be the one to have it
    begin();
    Tty.restore(STDIN, own);
  }
}
