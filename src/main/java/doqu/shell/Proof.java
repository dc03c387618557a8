package doqu.shell;

import doqu.lesson.Course;
import doqu.lesson.Fault;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Source;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Proves a course: its files are read in every language, and every step with a goal is played. */
public final class Proof {
  /** What a step may take on a slow machine. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final Source source;
  private final Duration longest;

  /** Each once: what a lesson is made of is read for each language. */
  private final Set<String> problems = new LinkedHashSet<>();

  private final Proofreading proofreading = new Proofreading(problems::add);
  private final Map<String, String> ids = new HashMap<>();
  private final List<String> elsewhere = new ArrayList<>();
  private int proven;

  private Proof(Source source, Duration longest) {
    this.source = source;
    this.longest = longest;
  }

  /**
   * Proves that of a source.
   *
   * @param told of each problem, as {@code FILE:LINE: what is wrong}, and at the end of the sum
   * @return whether there is none
   * @throws StageRefused when the machine does not let a stage be built
   */
  public static boolean of(Source source, Consumer<String> told) throws StageRefused {
    return of(source, told, LONGEST);
  }

  /**
   * The same.
   *
   * @param longest that the play of a step may take
   */
  static boolean of(Source source, Consumer<String> told, Duration longest) throws StageRefused {
    Proof proof = new Proof(source, longest);
    proof.course();
    proof.elsewhere.forEach(line -> told.accept(Printable.line(line)));
    proof.problems.forEach(line -> told.accept(Printable.line(Printable.brief(line))));
    told.accept(
        proof.proven
            + (proof.proven == 1 ? " goal" : " goals")
            + " proven, "
            + (proof.elsewhere.isEmpty() ? "" : proof.elsewhere.size() + " not on this machine, ")
            + (proof.problems.isEmpty() ? "no" : proof.problems.size())
            + (proof.problems.size() == 1 ? " problem" : " problems"));
    return proof.problems.isEmpty();
  }

  private void course() throws StageRefused {
    Optional<Course> course = tried(() -> Course.of(source, ""));
    if (course.isEmpty()) {
      return;
    }
    for (String name : course.get().lessons()) {
      unread(course.get(), name);
      Optional<Lesson> lesson = tried(() -> course.get().lesson(name));
      for (String language : course.get().languages()) {
        Course told = Course.of(source, language);
        Optional<Lesson> its = tried(() -> told.lesson(name));
        its.ifPresent(one -> proofreading.read(told, one));
        if (lesson.isPresent() && its.isPresent()) {
          proofreading.compare(lesson.get(), its.get());
        }
      }
      if (lesson.isPresent()) {
        play(lesson.get());
      }
    }
  }

  private <T> Optional<T> tried(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (Fault e) {
      problems.addAll(e.lines());
      return Optional.empty();
    }
  }

  private void unread(Course course, String name) {
    try {
      problems.addAll(course.unread(name));
    } catch (IOException e) {
      problems.add(name + ": what lies in it cannot be read: " + e);
    }
  }

  private void play(Lesson lesson) throws StageRefused {
    for (LessonStep step : lesson.steps()) {
      String other = ids.put(step.id(), step.where());
      if (other != null) {
        problems.add(step.where() + ": the id '" + step.id() + "' stands in " + other + " too");
      }
      try {
        play(lesson, step);
      } catch (Fault e) {
        problems.addAll(e.lines());
      }
    }
  }

  private void play(Lesson lesson, LessonStep step) throws StageRefused {
    Optional<String> lacking = step.bounds().lacking();
    if (lacking.isPresent()) {
      elsewhere.add(step.where() + ": not proven here, it needs more: " + lacking.get());
    } else if (step.goal().isPresent()) {
      List<String> wrong = Rehearsal.of(lesson, step, step.goal().get(), longest);
      problems.addAll(wrong);
      proven += wrong.isEmpty() ? 1 : 0;
    }
  }
}
