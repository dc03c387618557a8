package doqu.shell;

import doqu.lesson.Course;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Progress;
import doqu.lesson.Text;
import java.util.ArrayList;
import java.util.List;

/** What a learner who takes a course is shown, in Markdown. */
final class Pages {
  private Pages() {}

  /** The page of a step. */
  static String of(Lesson lesson, LessonStep step) {
    Text text = step.text();
    StringBuilder page = new StringBuilder();
    int place = lesson.steps().indexOf(step) + 1;
    page.append("**" + lesson.title() + "** " + place + "/" + lesson.steps().size());
    page.append(": **" + text.title() + "**\n\n" + text.say() + "\n\n");
    text.choices().forEach((letter, says) -> page.append("- `" + letter + "` " + says + "\n"));
    return page.append("\n*" + whatNow(step) + "*").toString();
  }

  private static String whatNow(LessonStep step) {
    if (step.goal().isEmpty()) {
      return "next goes on";
    }
    return (step.answer().isEmpty() ? "" : "answer says what you expect; ")
        + "hint helps, skip shows it, next goes on when it is reached";
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
    List<String> lines = new ArrayList<>();
    for (String name : course.lessons()) {
      Lesson one = course.lesson(name);
      long done = one.steps().stream().filter(each -> progress.isDone(each.id())).count();
      String mark = name.equals(here) ? "* " : "  ";
      lines.add(mark + "%-14s %2d/%-2d  %s".formatted(name, done, one.steps().size(), one.title()));
    }
    return lines;
  }

  /** The same, and the steps of the lesson the learner is in. */
  static List<String> where(Course course, Progress progress, Lesson lesson, LessonStep step) {
    List<String> lines = map(course, progress, lesson.id());
    for (LessonStep each : lesson.steps()) {
      String mark = each.id().equals(step.id()) ? "*" : " ";
      lines.add("%s   %-6s %s".formatted(mark, state(each, progress), each.text().title()));
    }
    return lines;
  }

  private static String state(LessonStep step, Progress progress) {
    return progress.isShown(step.id()) ? "shown" : progress.isDone(step.id()) ? "done" : "";
  }

  /** What was learnt by the steps that are done. */
  static String review(Course course, Progress progress) {
    StringBuilder page = new StringBuilder();
    for (String name : course.lessons()) {
      List<LessonStep> learnt =
          course.lesson(name).steps().stream()
              .filter(each -> progress.isDone(each.id()) && !each.text().learnt().isEmpty())
              .toList();
      if (!learnt.isEmpty()) {
        page.append("**" + course.lesson(name).title() + "**\n\n");
        learnt.forEach(each -> page.append("- " + each.text().learnt() + "\n"));
        page.append("\n");
      }
    }
    return page.isEmpty() ? "Nothing is done yet." : page.toString();
  }
}
