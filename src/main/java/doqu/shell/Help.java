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
    List<String> full(int width) {
      String usage = synopsis.isEmpty() ? "" : " " + synopsis;
      return Columns.beside("", 0, name + usage + ": " + says, width);
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

  /** In lines of so many letters. */
  static List<String> lines(List<String> asked, int width) {
    return asked.isEmpty() ? overview(width) : ofCommand(asked.get(0), width);
  }

  /** What helps while a command is being typed: how it is written, and its options. */
  static List<String> brief(String name, int width) {
    List<String> lines = new ArrayList<>();
    rows(name).forEach(row -> lines.addAll(row.full(width)));
    Page.of(name).ifPresent(page -> section("Options", entries(page.options(), width), lines));
    return lines;
  }

  private static Stream<Row> rows(String name) {
    return Stream.of(steps(), looks(), controls())
        .flatMap(rows -> rows)
        .filter(row -> row.name().equals(name));
  }

  private static List<String> overview(int width) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        Columns.beside("", 0, "Steps change something; each is made of real system calls:", width));
    lines.addAll(cells(steps().toList(), width));
    lines.addAll(
        Columns.beside(
            "", 0, "Looks change nothing; host LOOK takes the same look from the host:", width));
    lines.addAll(cells(looks().filter(row -> !row.name.equals(DOCTOR)).toList(), width));
    String rest =
        Stream.concat(controls().map(Row::name), Stream.of(DOCTOR))
            .collect(Collectors.joining(" "));
    lines.addAll(Columns.beside("And:", 5, rest, width));
    lines.addAll(
        Columns.beside(
            "",
            0,
            "help COMMAND tells all. ; separates commands. $ROOTFS is a root file system.",
            width));
    return lines;
  }

  /** Rows in two columns, the left one first, where they fit; otherwise in one. */
  private static List<String> cells(List<Row> rows, int width) {
    int column = width / 2;
    int half = (rows.size() + 1) / 2;
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < half; i++) {
      String left = "  " + rows.get(i).cell();
      String right = half + i < rows.size() ? rows.get(half + i).cell() : "";
      if (left.length() >= column || column + right.length() > width) {
        return rows.stream().map(row -> "  " + row.cell()).toList();
      }
      lines.add((left + " ".repeat(column - left.length()) + right).stripTrailing());
    }
    return lines;
  }

  private static List<String> ofCommand(String name, int width) {
    List<String> lines = new ArrayList<>();
    rows(name).forEach(row -> lines.addAll(row.full(width)));
    if (lines.isEmpty()) {
      throw Mistake.unknown("command", name, Session.words());
    }
    Page.of(name).ifPresent(page -> add(page, Guard.row(name), width, lines));
    return lines;
  }

  private static void add(Page page, Optional<Guard.Row> guard, int width, List<String> lines) {
    lines.add("");
    lines.addAll(width < Columns.WIDTH ? narrow(page.text(), width) : page.text());
    lines.add("");
    section("Calls", prose(page.calls(), width), lines);
    section("Needs", needs(page, width), lines);
    guard.ifPresent(row -> section("Reaches", prose(row.reaches(), width), lines));
    section("Options", entries(page.options(), width), lines);
    section("Errnos", entries(page.errnos(), width), lines);
    section("In C", page.c(), lines);
    section("In sh", page.shell(), lines);
    section("Manual", prose(page.manual(), width), lines);
    page.examples().forEach(example -> section("Example", example.lines().toList(), lines));
    if (lines.get(lines.size() - 1).isEmpty()) {
      lines.remove(lines.size() - 1);
    }
  }

  /** Paragraphs in shorter lines than they have, an empty one between them. */
  private static List<String> narrow(List<String> text, int width) {
    return Stream.of(String.join("\n", text).split("\n\n", -1))
        .flatMap(
            paragraph ->
                Stream.concat(
                    Stream.of(""),
                    Columns.beside("", 0, paragraph.replace('\n', ' '), width).stream()))
        .skip(1)
        .toList();
  }

  /**
   * The permission its calls need, a line for each; not what opening a file needs on the way, nor
   * what calls need that the page tells of after a semicolon: of other cases, or other steps.
   */
  private static List<String> needs(Page page, int width) {
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
        .flatMap(needs -> narrowed("", 0, needs, width).stream())
        .toList();
  }

  private static void section(String title, List<String> content, List<String> lines) {
    for (int i = 0; i < content.size(); i++) {
      String head = i == 0 ? title : "";
      lines.add(head + " ".repeat(SECTION - head.length()) + content.get(i));
    }
  }

  private static List<String> prose(String text, int width) {
    return text.isEmpty() ? List.of() : narrowed("", 0, text, width);
  }

  private static List<String> entries(List<Page.Entry> entries, int width) {
    int column =
        2
            + entries.stream()
                .mapToInt(entry -> entry.word().length())
                .filter(letters -> letters <= Math.min(WIDEST_WORD, width / 3))
                .max()
                .orElse(2);
    return entries.stream()
        .flatMap(entry -> narrowed(entry.word(), column, entry.says(), width).stream())
        .toList();
  }

  /** Beside the title of a section there is less room. */
  private static List<String> narrowed(String head, int column, String text, int width) {
    return Columns.beside(head, column, text, width - SECTION);
  }
}
