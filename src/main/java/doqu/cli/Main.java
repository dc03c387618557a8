package doqu.cli;

import doqu.kernel.Libc;
import doqu.kernel.Terminfo;
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

  /** Those of ECMA-48: what doqu paints with. */
  private static final int USUAL_COLOURS = 8;

  /** The property by which the launcher says whether doqu is at a terminal. */
  static final String TERMINAL = "doqu.terminal";

  private Main() {}

  /** Without arguments the prompt; with arguments what picocli makes of most of them. */
  public static void main(String[] args) {
    Thread.setDefaultUncaughtExceptionHandler(Main::uncaught);
    int status;
    try {
      status = args.length == 0 ? withoutSteps(Ground.STAGE) : with(args);
    } catch (LinkageError e) {
      status = withoutNativeLibraries(e);
    }
    System.exit(status);
  }

  private static int with(String[] args) {
    return args[0].equals("rootfs")
        ? Shelving.run(List.of(args).subList(1, args.length))
        : Arguments.execute(args);
  }

  /** Of any thread: without memory none can go on. */
  private static void uncaught(Thread thread, Throwable thrown) {
    if (thrown instanceof OutOfMemoryError) {
      System.err.println(
          "doqu: it has no memory left; DOQU_JAVA_OPTS=-Xmx512m gives it more, if there is more");
      System.exit(1);
    }
    System.err.println("doqu: a fault of its own in its thread " + thread.getName() + ":");
    thrown.printStackTrace();
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
            isAtTerminal()
                ? Prompt.run(wantsColour(), ground, null)
                : Script.run(
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                    new Script.Manner(false, false, colour(), false, ground)));
  }

  /** Whether the launcher has seen one: to look itself doqu has to load JNA first. */
  static boolean isAtTerminal() {
    String seen = System.getProperty(TERMINAL);
    return seen == null ? Libc.isTerminal(0) && Libc.isTerminal(1) : seen.equals("yes");
  }

  /** Whether failures may be painted: NO_COLOR is honoured, and a terminal that has no colours. */
  static boolean colour() {
    try {
      return wantsColour() && Libc.isTerminal(1);
    } catch (LinkageError e) {
      return false; // the doctor has to speak where no native library can be loaded
    }
  }

  /** The same of what is a terminal. */
  static boolean wantsColour() {
    String noColor = System.getenv("NO_COLOR");
    String type = System.getenv("TERM");
    return (noColor == null || noColor.isEmpty())
        && type != null
        && !List.of("dumb", "").contains(type)
        && Terminfo.colours(type, System.getenv()).orElse(USUAL_COLOURS) >= USUAL_COLOURS;
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
