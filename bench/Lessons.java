import doqu.lesson.Course;
import doqu.lesson.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How long it takes to take up a course of 500 lessons of 20 steps, in a JVM that has read none.
 */
final class Lessons {
  private static final int LESSONS = 500;
  private static final int STEPS = 20;

  private Lessons() {}

  static void run(Path course) throws IOException {
    write(course);
    long before = System.nanoTime();
    Course taken = Course.of(Source.folder(course), "en");
    taken.lesson("l" + LESSONS / 2);
    double began = (System.nanoTime() - before) / 1e6;
    taken.lessons().forEach(taken::lesson);
    System.out.printf("every lesson of it read: %.0f ms%n", (System.nanoTime() - before) / 1e6);
    Turns.bound("a course of 500 lessons is taken up", began, 200, " ms");
  }

  private static void write(Path course) throws IOException {
    String names =
        IntStream.range(0, LESSONS).mapToObj(n -> "l" + n).collect(Collectors.joining(", "));
    Files.createDirectories(course);
    Files.writeString(
        course.resolve("course.yaml"), "id: many\nlanguages: [en]\nlessons: [" + names + "]\n");
    for (int n = 0; n < LESSONS; n++) {
      StringBuilder steps = new StringBuilder("steps:\n");
      StringBuilder texts = new StringBuilder("title: Lesson\n");
      for (int step = 0; step < STEPS; step++) {
        String id = "l" + n + "-" + step;
        steps.append("  - id: " + id + "\n    kind: do\n    goal:\n      - own: uts\n");
        steps.append("      - hostname: box\n    solution: [unshare uts, sethostname box]\n");
        texts.append(id + ":\n  title: Step\n  say: Some words.\n  hints: [one, two, three]\n");
        texts.append("  after: Some more.\n  learnt: A sentence.\n");
      }
      Path lesson = course.resolve("l" + n);
      Files.createDirectories(lesson);
      Files.writeString(lesson.resolve("lesson.yaml"), steps);
      Files.writeString(lesson.resolve("en.yaml"), texts);
    }
  }
}
