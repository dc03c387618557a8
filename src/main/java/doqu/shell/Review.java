package doqu.shell;

import doqu.lesson.Course;
import doqu.lesson.Fault;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What was learnt by the steps that are done, in Markdown: as much as can be seen at once. */
final class Review {
  private static final String NOTHING = "Nothing is learnt yet.";

  /** The lessons in which something was learnt, in their order. */
  private final List<String> names = new ArrayList<>();

  private final List<String> told = new ArrayList<>();

  private Review(Course course, Progress progress) {
    for (String name : course.lessons()) {
      String learnt = learnt(course, progress, name);
      if (!learnt.isEmpty()) {
        names.add(name);
        told.add(learnt);
      }
    }
  }

  private static String learnt(Course course, Progress progress, String name) {
    try {
      return of(course.lesson(name), step -> progress.isDone(step.id()));
    } catch (Fault e) {
      return ""; // where says so
    }
  }

  /** That of a whole lesson, or of some of its steps; empty: there is nothing in it. */
  static String of(Lesson lesson, Predicate<LessonStep> some) {
    StringBuilder page = new StringBuilder();
    lesson.steps().stream()
        .filter(some)
        .map(step -> step.text().learnt())
        .filter(learnt -> !learnt.isEmpty())
        .forEach(learnt -> page.append("- " + learnt + "\n"));
    return page.isEmpty() ? "" : "**" + lesson.title() + "**\n\n" + page + "\n";
  }

  /** That of one lesson, so far as it is done. */
  static String of(Course course, Progress progress, String lesson) {
    String page = of(course.lesson(lesson), step -> progress.isDone(step.id()));
    return page.isEmpty() ? NOTHING : page;
  }

  /** That of the lesson the learner is in, or the last before it, and of those around that. */
  static String around(Course course, Progress progress, String here) {
    Review review = new Review(course, progress);
    if (review.names.isEmpty()) {
      return NOTHING;
    }
    List<String> before = course.lessons().subList(0, course.lessons().indexOf(here) + 1);
    int last = (int) review.names.stream().filter(before::contains).count() - 1;
    return review.around(Math.max(0, last));
  }

  private String around(int place) {
    int from = place;
    int to = place + 1;
    while (true) {
      if (from > 0 && fits(from - 1, to)) {
        from--;
      } else if (to < told.size() && fits(from, to + 1)) {
        to++;
      } else {
        return page(from, to);
      }
    }
  }

  private boolean fits(int from, int to) {
    return Pages.fits(page(from, to));
  }

  private String page(int from, int to) {
    String page = String.join("", told.subList(from, to));
    return to - from == told.size()
        ? page
        : page
            + "*of %d lessons, %d before and %d after these: review LESSON tells of one*"
                .formatted(told.size(), from, told.size() - to);
  }
}
