package doqu.shell;

import doqu.kernel.Xdg;
import doqu.lesson.Course;
import doqu.lesson.Progress;
import doqu.lesson.Source;
import java.nio.file.Path;

/**
 * Where lessons are taken.
 *
 * @param source of the course
 * @param language in which it is told
 * @param progress the folder in which it is kept how far the learner has got
 */
record Classroom(Source source, String language, Path progress) {

  /** The language every course is told in. */
  static final String ENGLISH = "en";

  /** The learner's own, with the course of that source. */
  static Classroom of(Source source) {
    return new Classroom(source, ENGLISH, Xdg.state().resolve("progress"));
  }

  /** The course. */
  Course course() {
    return Course.of(source, language);
  }

  /** How far the learner has got in it. */
  Progress progress(Course course) {
    return Progress.of(progress.resolve(course.id()));
  }
}
