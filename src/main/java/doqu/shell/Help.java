package doqu.shell;

import doqu.look.Looks;
import doqu.step.Mistake;
import doqu.step.Steps;
import doqu.step.Word;
import java.util.ArrayList;
import java.util.List;

/** {@code help [COMMAND]}. */
final class Help {
  private Help() {}

  static List<String> lines(List<Word> words) {
    List<String> lines = new ArrayList<>();
    if (!words.isEmpty()) {
      String name = words.get(0).text();
      Steps.named(name).ifPresent(r -> lines.add(r.name() + " " + r.synopsis() + ": " + r.says()));
      Looks.named(name)
          .ifPresent(r -> lines.add((r.name() + " " + r.synopsis()).strip() + ": " + r.says()));
      if (lines.isEmpty()) {
        throw Mistake.unknown("command", name, Session.words());
      }
      return lines;
    }
    lines.add(
        "Steps change something; each is made of real system calls, shown with their results:");
    Steps.rows().forEach(r -> lines.add(row(r.name(), r.says())));
    lines.add("Looks change nothing (host LOOK: the same from the host):");
    Looks.rows().forEach(r -> lines.add(row(r.name(), r.says())));
    lines.add("switch child|parent|NAME|PID moves the focus, attach [NAME] returns to a program,");
    lines.add("$ROOTFS is a root file system made of this machine's programs. Ctrl-D leaves.");
    return lines;
  }

  private static String row(String name, String says) {
    return "  " + name + " ".repeat(Math.max(1, 15 - name.length())) + says;
  }
}
