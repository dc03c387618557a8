package doqu.shell;

import doqu.lesson.Course;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Text;
import java.util.Set;
import java.util.function.Consumer;

/** Looks for what is wrong with the texts of a lesson, so far as its author can miss it. */
final class Proofreading {
  private final Consumer<String> problems;

  /** Tells each problem with its file and line. */
  Proofreading(Consumer<String> problems) {
    this.problems = problems;
  }

  /** Reads what is said in one language. */
  void read(Course course, Lesson lesson) {
    String first = lesson.steps().get(0).text().where();
    fits(first, "what is learnt in '" + lesson.id() + "'", Review.of(lesson, step -> true));
    for (LessonStep step : lesson.steps()) {
      String where = step.text().where();
      fits(where, "the page of '" + step.id() + "'", Pages.of(course, lesson, step));
      fits(where, "what is said after '" + step.id() + "'", Pages.after(step, step.answer()));
      step.text().hints().forEach(hint -> read(hint, step));
    }
  }

  private void read(Text.Hint hint, LessonStep step) {
    int most = step.text().hints().size();
    fits(hint.where(), "a hint of '" + step.id() + "'", Pages.hint(most, most, hint));
    for (String command : step.solution()) {
      if (hint.says().contains(command) && command.contains(" ")) {
        problems.accept(hint.where() + ": a hint gives the solution away: '" + command + "'");
      }
    }
  }

  private void fits(String where, String what, String page) {
    if (!Pages.fits(page)) {
      problems.accept(
          "%s: %s has %d lines of 80 letters, more than the %d that can be seen at once"
              .formatted(where, what, Pages.rows(page), Pages.ROWS));
    }
  }

  /** Holds a translation against what it was made of. */
  void compare(Lesson original, Lesson translation) {
    for (LessonStep step : translation.steps()) {
      Text other = original.step(step.id()).orElseThrow().text();
      Text text = step.text();
      if (text.hints().size() != other.hints().size()) {
        differs(step, "has " + text.hints().size() + " hints, and " + other.hints().size(), other);
      }
      Set<String> choices = text.choices().keySet();
      Set<String> others = other.choices().keySet();
      if (!choices.equals(others)) {
        differs(step, "has the choices " + choices + ", and " + others, other);
      }
    }
  }

  private void differs(LessonStep step, String how, Text other) {
    problems.accept(step.text().where() + ": '" + step.id() + "' " + how + " in " + other.where());
  }
}
