package doqu.lesson;

import java.util.Optional;

/** Where in a course a learner is: at a step of a lesson. */
public record Place(Lesson lesson, LessonStep step) {

  /** The beginning of a lesson. */
  public static Place first(Lesson lesson) {
    return new Place(lesson, lesson.steps().get(0));
  }

  /** The step after it, in the next lesson when this one is at its end; empty: the course is. */
  public Optional<Place> next(Course course) {
    return beside(1).or(() -> lessonBeside(course, 1).map(Place::first));
  }

  /** The step before it; empty: it is the first of the course. */
  public Optional<Place> before(Course course) {
    return beside(-1).or(() -> lessonBeside(course, -1).map(Place::last));
  }

  private static Place last(Lesson lesson) {
    return new Place(lesson, lesson.steps().get(lesson.steps().size() - 1));
  }

  private Optional<Place> beside(int by) {
    int at = lesson.steps().indexOf(step) + by;
    return at < 0 || at >= lesson.steps().size()
        ? Optional.empty()
        : Optional.of(new Place(lesson, lesson.steps().get(at)));
  }

  private Optional<Lesson> lessonBeside(Course course, int by) {
    int at = course.lessons().indexOf(lesson.id()) + by;
    return at < 0 || at >= course.lessons().size()
        ? Optional.empty()
        : Optional.of(course.lesson(course.lessons().get(at)));
  }
}
