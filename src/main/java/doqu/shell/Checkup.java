package doqu.shell;

import doqu.look.Doctor;
import doqu.look.Finding;
import java.io.PrintStream;
import java.util.List;
import org.jline.jansi.Ansi;

/** {@code doqu doctor}: the doctor without a stage and without a prompt. */
public final class Checkup {
  private Checkup() {}

  /**
   * Examines the machine and prints what was found.
   *
   * @param json whether to print JSON objects instead of text
   * @param colour whether the states are painted
   * @return whether a stage can be built here
   */
  public static boolean run(boolean json, boolean colour) {
    PrintStream out = System.out;
    List<Finding> findings = Doctor.examine();
    JsonScreen screen = new JsonScreen(out::println);
    for (Finding finding : findings) {
      if (json) {
        screen.finding(finding);
      } else {
        out.println(painted(finding, colour));
      }
    }
    out.flush();
    return !Doctor.isBroken(findings);
  }

  private static String painted(Finding finding, boolean colour) {
    String line = Printable.line(finding.line());
    String state = finding.state().word();
    return colour
        ? Ansi.ansi().fg(paint(finding.state())).a(state).reset() + line.substring(state.length())
        : line;
  }

  private static Ansi.Color paint(Finding.State state) {
    return switch (state) {
      case OK -> Ansi.Color.GREEN;
      case LIMITED -> Ansi.Color.YELLOW;
      case BROKEN -> Ansi.Color.RED;
    };
  }
}
