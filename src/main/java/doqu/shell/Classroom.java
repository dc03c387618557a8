package doqu.shell;

import doqu.kernel.Xdg;
import doqu.lesson.Course;
import doqu.lesson.Progress;
import doqu.lesson.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where lessons are taken.
 *
 * @param source of the course
 * @param language in which it is told
 * @param progress the folder in which it is kept how far the learner has got
 */
record Classroom(Source source, String language, Path progress) {

  /** What says in which language messages are wanted, the first of them that is set; locale(7). */
  private static final List<String> VARIABLES = List.of("LC_ALL", "LC_MESSAGES", "LANG");

  /** The learner's own, with the course of that source. */
  static Classroom of(Source source) {
    return new Classroom(source, language(System::getenv), Xdg.state().resolve("progress"));
  }

  /**
   * The language an environment asks for.
   *
   * @return {@code de} for {@code de_AT.UTF-8}; empty: it asks for none
   */
  static String language(Function<String, @Nullable String> environment) {
    for (String variable : VARIABLES) {
      String value = environment.apply(variable);
      if (value != null && !value.isEmpty()) {
        return value.split("[_.@]", 2)[0];
      }
    }
    return "";
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
