package doqu.shell;

import doqu.look.Looks;
import doqu.precondition.Preconditions;
import doqu.step.Guard;
import doqu.step.Mistake;
import doqu.step.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code help [COMMAND]}: all there is on one screen, or the {@link Page} of one command. */
final class Help {
  /** Where the right one of two columns begins. */
  private static final int HALF = Columns.WIDTH / 2;

  /** Where the sections of a page begin, beside their titles. */
  private static final int SECTION = 9;

  /** The widest word that has what is said of it beside it, not below. */
  private static final int WIDEST_WORD = 22;

  /** Where what is said of a command begins, beside its name. */
  private static final int SAID = 14;

  /** A look that is about doqu itself. */
  private static final String DOCTOR = "doctor";

  private static final Pattern CALL = Pattern.compile("(\\w+)\\(2\\)");

  private static final Set<String> OPENING = Set.of("openat", "write", "close");

  private record Row(String name, String synopsis, String says) {
    List<String> full() {
      String usage = synopsis.isEmpty() ? "" : " " + synopsis;
      return Columns.beside("", 0, name + usage + ": " + says);
    }

    String cell() {
      return name + " ".repeat(Math.max(1, SAID - name.length())) + says;
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

  static List<String> lines(List<String> asked) {
    return asked.isEmpty() ? overview() : ofCommand(asked.get(0));
  }

  /** What helps while a command is being typed: how it is written, and its options. */
  static List<String> brief(String name) {
    List<String> lines = new ArrayList<>();
    rows(name).forEach(row -> lines.addAll(row.full()));
    Page.of(name).ifPresent(page -> section("Options", entries(page.options()), lines));
    return lines;
  }

  private static Stream<Row> rows(String name) {
    return Stream.of(steps(), looks(), controls())
        .flatMap(rows -> rows)
        .filter(row -> row.name().equals(name));
  }

  private static List<String> overview() {
    List<String> lines = new ArrayList<>();
    lines.add("Steps change something; each is made of real system calls:");
    lines.addAll(cells(steps().toList()));
    lines.add("Looks change nothing; host LOOK takes the same look from the host:");
    lines.addAll(cells(looks().filter(row -> !row.name.equals(DOCTOR)).toList()));
    String rest =
        Stream.concat(controls().map(Row::name), Stream.of(DOCTOR))
            .collect(Collectors.joining(" "));
    lines.addAll(Columns.beside("And:", 5, rest));
    lines.add("help COMMAND tells all. ; separates commands. $ROOTFS is a root file system.");
    return lines;
  }

  /** Rows in two columns, the left one first, where they fit; otherwise in one. */
  private static List<String> cells(List<Row> rows) {
    int half = (rows.size() + 1) / 2;
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < half; i++) {
      String left = "  " + rows.get(i).cell();
      String right = half + i < rows.size() ? rows.get(half + i).cell() : "";
      if (left.length() >= HALF || HALF + right.length() > Columns.WIDTH) {
        return rows.stream().map(row -> "  " + row.cell()).toList();
      }
      lines.add((left + " ".repeat(HALF - left.length()) + right).stripTrailing());
    }
    return lines;
  }

  private static List<String> ofCommand(String name) {
    List<String> lines = new ArrayList<>();
    rows(name).forEach(row -> lines.addAll(row.full()));
    if (lines.isEmpty()) {
      throw Mistake.unknown("command", name, Session.words());
    }
    Page.of(name).ifPresent(page -> add(page, Guard.row(name), lines));
    return lines;
  }

  private static void add(Page page, Optional<Guard.Row> guard, List<String> lines) {
    lines.add("");
    lines.addAll(page.text());
    lines.add("");
    section("Calls", prose(page.calls()), lines);
    section("Needs", needs(page), lines);
    guard.ifPresent(row -> section("Reaches", prose(row.reaches()), lines));
    section("Options", entries(page.options()), lines);
    section("Errnos", entries(page.errnos()), lines);
    section("In C", page.c(), lines);
    section("In sh", page.shell(), lines);
    section("Manual", prose(page.manual()), lines);
    page.examples().forEach(example -> section("Example", example.lines().toList(), lines));
    if (lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
  }

  /**
   * The permission its calls need, a line for each; not what opening a file needs on the way, nor
   * what calls need that the page tells of after a semicolon: of other cases, or other steps.
   */
  private static List<String> needs(Page page) {
    List<String> calls =
        CALL.matcher(page.calls().split(";", 2)[0])
            .results()
            .map(call -> call.group(1))
            .collect(Collectors.toList());
    if (!OPENING.containsAll(calls)) {
      calls.removeAll(OPENING);
    }
    return calls.stream()
        .flatMap(call -> Preconditions.permissions(call).stream())
        .distinct()
        .flatMap(needs -> narrowed("", 0, needs).stream())
        .toList();
  }

  private static void section(String title, List<String> content, List<String> lines) {
    for (int i = 0; i < content.size(); i++) {
      String head = i == 0 ? title : "";
      lines.add(head + " ".repeat(SECTION - head.length()) + content.get(i));
    }
  }

  private static List<String> prose(String text) {
    return text.isEmpty() ? List.of() : narrowed("", 0, text);
  }

  private static List<String> entries(List<Page.Entry> entries) {
    int column =
        2
            + entries.stream()
                .mapToInt(entry -> entry.word().length())
                .filter(width -> width <= WIDEST_WORD)
                .max()
                .orElse(2);
    return entries.stream()
        .flatMap(entry -> narrowed(entry.word(), column, entry.says()).stream())
        .toList();
  }

  /** Beside the title of a section there is less room. */
  private static List<String> narrowed(String head, int column, String text) {
    return Columns.beside(head, column, text, Columns.WIDTH - SECTION);
  }
}
