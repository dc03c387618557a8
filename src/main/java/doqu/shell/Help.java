package doqu.shell;

import doqu.look.Looks;
import doqu.step.Mistake;
import doqu.step.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code help [COMMAND]}. */
final class Help {
  private record Row(String name, String synopsis, String says) {
    String full() {
      return (name + " " + synopsis).strip() + ": " + says;
    }

    String line() {
      return "  " + name + " ".repeat(Math.max(1, 15 - name.length())) + says;
    }
  }

  private Help() {}

  private static Stream<Row> steps() {
    return Steps.rows().map(row -> new Row(row.name(), row.usage().text(), row.says()));
  }

  private static Stream<Row> looks() {
    return Looks.rows().map(row -> new Row(row.name(), row.usage().text(), row.says()));
  }

  private static Stream<Row> controls() {
    return Stream.of(Control.values())
        .map(control -> new Row(control.word(), control.usage().text(), control.says()));
  }

  /** What there is to say of a command while it is being typed. */
  static List<String> brief(String command) {
    return lines(List.of(command));
  }

  static List<String> lines(List<String> asked) {
    List<String> lines = new ArrayList<>();
    if (!asked.isEmpty()) {
      String name = asked.get(0);
      Stream.of(steps(), looks(), controls())
          .flatMap(rows -> rows)
          .filter(row -> row.name().equals(name))
          .forEach(row -> lines.add(row.full()));
      if (lines.isEmpty()) {
        throw Mistake.unknown("command", name, Session.words());
      }
      return lines;
    }
    lines.add("Steps change something; each is made of real system calls:");
    steps().forEach(row -> lines.add(row.line()));
    lines.add("Looks change nothing:");
    looks().forEach(row -> lines.add(row.line()));
    lines.add("And:");
    controls().forEach(row -> lines.add(row.line()));
    lines.add(
        "$ROOTFS is a root file system made of this machine's programs; ; separates commands.");
    return lines;
  }
}
