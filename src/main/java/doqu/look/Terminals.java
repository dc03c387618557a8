package doqu.look;

import doqu.kernel.Libc;
import doqu.kernel.Terminfo;
import doqu.kernel.Tty;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The terminal doqu was started in, and those it gives to programs. */
final class Terminals {
  private static final String OWN = "terminal";
  private static final String FOR_PROGRAMS = "pseudo-terminals";

  private Terminals() {}

  /** The one doqu was started in: its size, its type, its letters. */
  static Finding own() {
    List<String> says = new ArrayList<>();
    List<String> mends = new ArrayList<>();
    if (!Libc.isTerminal(0) || !Libc.isTerminal(1)) {
      String which = Libc.isTerminal(0) ? "output" : "input";
      says.add("no prompt, for standard " + which + " is no terminal");
      mends.add("start doqu in a terminal");
    } else {
      size(says, mends);
    }
    type(says, mends);
    letters(says, mends);
    return mends.isEmpty()
        ? Finding.ok(OWN, String.join(", ", says))
        : Finding.limited(OWN, String.join(", ", says), String.join("; ", mends));
  }

  private static void size(List<String> says, List<String> mends) {
    Tty.Size size = Objects.requireNonNullElse(Tty.size(1), new Tty.Size(0, 0));
    says.add(size.columns() + "x" + size.rows());
    if (size.columns() == 0 || size.rows() == 0) {
      mends.add("stty cols 80 rows 24");
    }
  }

  private static void type(List<String> says, List<String> mends) {
    String type = Objects.requireNonNullElse(System.getenv("TERM"), "");
    String noColor = Objects.requireNonNullElse(System.getenv("NO_COLOR"), "");
    boolean dumb = type.isEmpty() || type.equals("dumb");
    says.add(type.isEmpty() ? "TERM is not set" : "TERM is " + type);
    if (dumb) {
      says.add("no line editing, no colours");
      mends.add("export TERM=xterm-256color, if it is one");
    } else {
      boolean none = Terminfo.colours(type, System.getenv()).orElse(1) == 0;
      says.add(none ? "no colours" : noColor.isEmpty() ? "colours" : "no colours (NO_COLOR)");
    }
  }

  private static void letters(List<String> says, List<String> mends) {
    String encoding = Objects.requireNonNullElse(System.getProperty("native.encoding"), "?");
    says.add(encoding);
    if (!encoding.equalsIgnoreCase("UTF-8")) {
      mends.add("export LANG=C.UTF-8");
    }
  }

  /** Those of programs that are exec'd. */
  static Finding forPrograms() {
    long master = Tty.openMaster();
    long slave = master < 0 ? master : Tty.openSlave((int) master);
    if (master >= 0) {
      Libc.close((int) master);
    }
    if (slave < 0) {
      return Finding.limited(
          FOR_PROGRAMS,
          "/dev/ptmx: " + Libc.error(slave) + ": programs get no terminal",
          "as root: mount -t devpts -o ptmxmode=0666 devpts /dev/pts");
    }
    Libc.close((int) slave);
    return Finding.ok(FOR_PROGRAMS, "/dev/ptmx gives them");
  }
}
