package doqu.shell;

import doqu.lesson.Course;
import doqu.lesson.Fault;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Progress;
import doqu.lesson.Text;
import java.util.ArrayList;
import java.util.List;

/** What a learner who takes a course is shown, in Markdown. */
final class Pages {
  /** What a page may have, so that it is read without scrolling in a window of 24 lines. */
  static final int ROWS = 21;

  private Pages() {}

  /** How many lines a page has in the narrowest window. */
  static int rows(String page) {
    return Markdown.lines(page, Columns.WIDTH, false).stream()
        .mapToInt(line -> Math.max(1, (Wrapped.width(line) + Columns.WIDTH - 1) / Columns.WIDTH))
        .sum();
  }

  /** Whether it can be read there without scrolling. */
  static boolean fits(String page) {
    return rows(page) <= ROWS;
  }

  /** The page of a step. */
  static String of(Course course, Lesson lesson, LessonStep step) {
    Text text = step.text();
    StringBuilder page = new StringBuilder();
    int place = lesson.steps().indexOf(step) + 1;
    page.append("**" + lesson.title() + "** " + place + "/" + lesson.steps().size());
    page.append(": **" + text.title() + "**\n\n" + text.say() + "\n\n");
    text.choices().forEach((letter, says) -> page.append("- `" + letter + "` " + says + "\n"));
    return page.append("\n*" + whatNow(course, step) + "*").toString();
  }

  private static String whatNow(Course course, LessonStep step) {
    if (step.goal().isEmpty()) {
      return "next goes on";
    }
    String how = step.bounds().says();
    return (how.isEmpty() ? "" : how + "; ")
        + (step.answer().isEmpty() ? "" : "answer says what you expect; ")
        + help(course)
        + ", next goes on when it is reached";
  }

  /** The words that help where the goal is not reached. */
  static String help(Course course) {
    return course.locked() ? "hint helps" : "hint helps, skip shows it";
  }

  /** A hint, and which of how many it is. */
  static String hint(int number, int of, Text.Hint hint) {
    return "hint " + number + " of " + of + ": " + hint.says();
  }

  /**
   * What is said of a step when it is done.
   *
   * @param answer of the learner to what it asks; empty: none
   */
  static String after(LessonStep step, String answer) {
    StringBuilder page = new StringBuilder();
    if (!step.answer().isEmpty()) {
      page.append(
          answer.isEmpty()
              ? "It is "
              : answer.equalsIgnoreCase(step.answer())
                  ? "As you said: "
                  : "You said " + answer + ". It is ");
      String says = step.text().choices().getOrDefault(step.answer(), "");
      page.append(step.answer() + (says.isEmpty() ? "" : ", " + says) + "\n\n");
    }
    page.append(step.text().after() + "\n\n");
    same("in C", step.c(), page);
    same("in sh", step.shell(), page);
    same("to read", step.manual(), page);
    return page.append("\n*next goes on*").toString();
  }

  private static void same(String where, String what, StringBuilder page) {
    if (!what.isEmpty()) {
      page.append("- " + where + ": `" + what + "`\n");
    }
  }

  /** The lessons of a course, a line each, the one of that name marked. */
  static List<String> map(Course course, Progress progress, String here) {
    return map(course, progress, here, course.lessons());
  }

  private static List<String> map(
      Course course, Progress progress, String here, List<String> names) {
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      lines.add((name.equals(here) ? "* " : "  ") + entry(course, progress, name));
    }
    return lines;
  }

  private static String entry(Course course, Progress progress, String name) {
    try {
      Lesson one = course.lesson(name);
      long done = one.steps().stream().filter(each -> progress.isDone(each.id())).count();
      return "%-14s %2d/%-2d  %s".formatted(name, done, one.steps().size(), one.title());
    } catch (Fault e) {
      return "%-14s at fault: %s".formatted(name, e.getMessage());
    }
  }

  /**
   * The lessons around the one the learner is in, as many as can be seen at once, and its steps.
   */
  static List<String> where(Course course, Progress progress, Lesson lesson, LessonStep step) {
    List<String> names = course.lessons();
    int room = Math.min(names.size(), Math.max(1, ROWS - lesson.steps().size()));
    int from = Math.max(0, names.indexOf(lesson.id()) - room / 2);
    from = Math.min(from, names.size() - room);
    List<String> lines = map(course, progress, lesson.id(), names.subList(from, from + room));
    if (room < names.size()) {
      lines.add(
          "  of %d lessons, %d before and %d after these: Tab after lesson names them"
              .formatted(names.size(), from, names.size() - from - room));
    }
    for (LessonStep each : lesson.steps()) {
      String mark = each.id().equals(step.id()) ? "*" : " ";
      lines.add("%s   %-6s %s".formatted(mark, state(each, progress), each.text().title()));
    }
    return lines;
  }

  private static String state(LessonStep step, Progress progress) {
    return progress.isShown(step.id()) ? "shown" : progress.isDone(step.id()) ? "done" : "";
  }
}
