package doqu.shell;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.lesson.Course;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Progress;
import doqu.lesson.Source;
import doqu.step.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code doqu lesson progress}, {@code export} and {@code import}: how far a learner has got. */
public final class Attainment {
  private final Course course;
  private final Progress progress;

  Attainment(Course course, Progress progress) {
    this.course = course;
    this.progress = progress;
  }

  /** The learner's in a course. */
  public static Attainment of(Source source) {
    Classroom classroom = Classroom.of(source);
    Course course = classroom.course();
    return new Attainment(course, classroom.progress(course));
  }

  /** A line for each lesson, as text. */
  public List<String> lines() {
    return Pages.map(course, progress, "");
  }

  /** One object, for a teacher's script. */
  public String json() throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("course", course.id());
    Optional<Lesson> begun = progress.in(course);
    object.put("lesson", begun.map(Lesson::id).orElse(""));
    object.put("step", begun.isEmpty() ? "" : progress.step());
    List<Map<String, Object>> lessons = new ArrayList<>();
    for (String name : course.lessons()) {
      Map<String, Object> lesson = new LinkedHashMap<>();
      lesson.put("lesson", name);
      lesson.put("steps", course.lesson(name).steps().size());
      lesson.put("done", ids(name, id -> progress.isDone(id) && !progress.isShown(id)));
      lesson.put("shown", ids(name, progress::isShown));
      lessons.add(lesson);
    }
    object.put("lessons", lessons);
    return JSON.std.asString(object);
  }

  /** The object that stands there when there is none, because of what. */
  public static String error(String why) throws IOException {
    return JSON.std.asString(Map.of("error", why));
  }

  private List<String> ids(String lesson, Predicate<String> which) {
    return course.lesson(lesson).steps().stream().map(LessonStep::id).filter(which).toList();
  }

  /** It as text, which {@link #read} takes. */
  public List<String> export() {
    return progress.lines();
  }

  /**
   * Takes it over from such a text, in the place of what was kept.
   *
   * @param name of the text, for a mistake
   * @return what came of that, in a sentence
   * @throws Mistake when it tells of no progress in this course; then nothing has changed
   */
  public String read(InputStream text, String name) {
    Progress other = progress.other(text, name);
    long before = done(progress);
    long now = done(other);
    if (now == 0 && other.in(course).isEmpty()) {
      throw new Mistake("'" + name + "' is of another course: this one has none of its steps");
    }
    other.replaces();
    return now + (now == 1 ? " step" : " steps") + " done, before " + before;
  }

  private long done(Progress of) {
    return course.lessons().stream()
        .flatMap(name -> course.lesson(name).steps().stream())
        .filter(step -> of.isDone(step.id()))
        .count();
  }
}
