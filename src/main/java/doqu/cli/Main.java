package doqu.cli;

import doqu.kernel.Libc;
import doqu.look.Doctor;
import doqu.look.Finding;
import doqu.shell.Ground;
import doqu.shell.Prompt;
import doqu.shell.Script;
import doqu.stage.StageRefused;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Starts doqu. */
public final class Main {
  /** The stage cannot be built on this machine. */
  static final int REFUSED = 3;

  private Main() {}

  /** Without arguments the prompt; with arguments what picocli makes of them. */
  public static void main(String[] args) {
    int status;
    try {
      status = args.length == 0 ? withoutSteps(Ground.STAGE) : Arguments.execute(args);
    } catch (LinkageError e) {
      status = withoutNativeLibraries(e);
    }
    System.exit(status);
  }

  private static int withoutNativeLibraries(LinkageError error) {
    Finding why = Doctor.nativeLibraries();
    if (why.state() != Finding.State.BROKEN) {
      throw error; // something else is wrong
    }
    System.err.println("doqu: no call can be made: " + why.says() + "; " + why.mend());
    return REFUSED;
  }

  /** The prompt; the lines of standard input when that is no terminal. */
  static int withoutSteps(Ground ground) {
    return guarded(
        () ->
            Libc.isTerminal(0) && Libc.isTerminal(1)
                ? Prompt.run(colour(), ground)
                : Script.run(
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                    new Script.Manner(false, false, colour(), false, ground)));
  }

  /** Whether failures may be painted: NO_COLOR and dumb terminals are honoured. */
  static boolean colour() {
    String noColor = System.getenv("NO_COLOR");
    String type = System.getenv("TERM");
    try {
      return (noColor == null || noColor.isEmpty())
          && Libc.isTerminal(1)
          && type != null
          && !List.of("dumb", "").contains(type);
    } catch (LinkageError e) {
      return false; // the doctor has to speak where no native library can be loaded
    }
  }

  /** What may go wrong at the start. */
  @FunctionalInterface
  interface Start {
    int run() throws StageRefused, IOException;
  }

  /** Runs it; a machine that refuses is told in its own lines and never as a stack trace. */
  static int guarded(Start start) {
    try {
      return start.run();
    } catch (StageRefused e) {
      e.lines().forEach(System.err::println);
      return REFUSED;
    } catch (IOException e) {
      System.err.println("doqu: " + e.getMessage());
      return 1;
    }
  }
}
