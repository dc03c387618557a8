package doqu.shell;

import doqu.kernel.Errno;
import doqu.look.Table;
import doqu.step.Mistake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code errno [NAME|NUMBER]}: all error numbers, or one and which commands meet it when. */
final class ErrnoTable {
  /** Where what is said of a command begins. */
  private static final int SAID = 15;

  private ErrnoTable() {}

  static List<String> lines(List<String> asked) {
    return asked.isEmpty() ? all() : one(asked.get(0));
  }

  private static List<String> all() {
    Table table = new Table("NUMBER", "NAME", "TEXT");
    for (Errno errno : Errno.values()) {
      table.row(Integer.toString(errno.number()), errno.name(), errno.text());
    }
    return table.lines();
  }

  private static List<String> one(String word) {
    Errno errno =
        Errno.parse(word)
            .orElseThrow(
                () ->
                    Mistake.unknown(
                        "errno", word, Arrays.stream(Errno.values()).map(Enum::name).toList()));
    List<String> lines = new ArrayList<>();
    lines.add(errno.number() + " " + errno + ": " + errno.text());
    for (String command : Session.words()) {
      Page.of(command).map(Page::errnos).orElse(List.of()).stream()
          .filter(entry -> entry.word().equals(errno.name()))
          .forEach(entry -> lines.addAll(Columns.beside(command, SAID, entry.says())));
    }
    return lines;
  }
}
