package doqu.kernel;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The names of the signals (signal(7)), as strace prints them. */
public final class Signals {
  public static final int SIGINT = 2;
  public static final int SIGKILL = 9;
  public static final int SIGCHLD = 17;
  public static final int SIGCONT = 18;
  public static final int SIGTSTP = 20;
  public static final int SIGURG = 23;
  public static final int SIGSYS = 31;

  private static final int FIRST_REAL_TIME = 32;
  private static final int LAST = 64;

  private static final List<String> NAMES =
      List.of(
          "SIGHUP",
          "SIGINT",
          "SIGQUIT",
          "SIGILL",
          "SIGTRAP",
          "SIGABRT",
          "SIGBUS",
          "SIGFPE",
          "SIGKILL",
          "SIGUSR1",
          "SIGSEGV",
          "SIGUSR2",
          "SIGPIPE",
          "SIGALRM",
          "SIGTERM",
          "SIGSTKFLT",
          "SIGCHLD",
          "SIGCONT",
          "SIGSTOP",
          "SIGTSTP",
          "SIGTTIN",
          "SIGTTOU",
          "SIGURG",
          "SIGXCPU",
          "SIGXFSZ",
          "SIGVTALRM",
          "SIGPROF",
          "SIGWINCH",
          "SIGIO",
          "SIGPWR",
          "SIGSYS");

  private Signals() {}

  /**
   * {@code SIGKILL} for 9, {@code SIGRTMIN} for the first real-time signal, {@code SIGRT_2} for the
   * one two after it; a number that is no signal stays a number.
   */
  public static String name(int signal) {
    if (signal >= 1 && signal <= NAMES.size()) {
      return NAMES.get(signal - 1);
    }
    if (signal == FIRST_REAL_TIME) {
      return "SIGRTMIN";
    }
    return signal > FIRST_REAL_TIME && signal <= LAST
        ? "SIGRT_" + (signal - FIRST_REAL_TIME)
        : Integer.toString(signal);
  }

  /** A signal as kill(1) takes it: {@code KILL}, {@code SIGKILL} in any case, or a number. */
  public static OptionalInt parse(String text) {
    if (text.matches("\\d{1,3}")) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    String upper = text.toUpperCase(Locale.ROOT);
    String name = upper.startsWith("SIG") ? upper : "SIG" + upper;
    return IntStream.rangeClosed(1, LAST).filter(n -> name(n).equals(name)).findFirst();
  }

  /** The names of the signals that have one of their own, as kill -l lists them: {@code KILL}. */
  public static Stream<String> shortNames() {
    return NAMES.stream().map(name -> name.substring("SIG".length()));
  }
}
