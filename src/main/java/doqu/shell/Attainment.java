package doqu.shell;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.lesson.Course;
import doqu.lesson.LessonStep;
import doqu.lesson.Progress;
import doqu.lesson.Source;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code doqu lesson progress}, {@code export} and {@code import}: how far a learner has got. */
public final class Attainment {
  private final Course course;
  private final Progress progress;

  private Attainment(Course course, Progress progress) {
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
    object.put("lesson", progress.lesson());
    object.put("step", progress.step());
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

  private List<String> ids(String lesson, Predicate<String> which) {
    return course.lesson(lesson).steps().stream().map(LessonStep::id).filter(which).toList();
  }

  /** Writes it to a file, which {@link #read} takes. */
  public void write(Path file) throws IOException {
    Files.write(file, progress.lines(), StandardCharsets.UTF_8);
  }

  /** Takes it over from a file, in the place of what was kept. */
  public void read(Path file) throws IOException {
    progress.becomes(Files.readAllLines(file, StandardCharsets.UTF_8));
  }
}
