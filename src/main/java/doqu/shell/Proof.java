package doqu.shell;

import doqu.lesson.Course;
import doqu.lesson.Fault;
import doqu.lesson.Goal;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Scenery;
import doqu.lesson.Source;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Proves a course: every step is played on a stage of its own, where its start must not meet the
 * goal and its solution must; what its author can see at a glance is looked at too.
 */
public final class Proof {
  /** What a page may have, so that it is read without scrolling in a window of 24 lines. */
  private static final int ROWS = 21;

  private final Source source;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> ids = new HashMap<>();
  private final List<String> elsewhere = new ArrayList<>();
  private int proven;

  private Proof(Source source) {
    this.source = source;
  }

  /**
   * Proves that of a source.
   *
   * @param told of each problem, as {@code FILE:LINE: what is wrong}, and at the end of the sum
   * @return whether there is none
   * @throws StageRefused when the machine does not let a stage be built
   */
  public static boolean of(Source source, Consumer<String> told) throws StageRefused {
    Proof proof = new Proof(source);
    proof.course();
    proof.elsewhere.forEach(told);
    proof.problems.forEach(told);
    told.accept(
        proof.proven
            + " goals proven, "
            + (proof.elsewhere.isEmpty() ? "" : proof.elsewhere.size() + " not on this machine, ")
            + (proof.problems.isEmpty() ? "no" : proof.problems.size())
            + (proof.problems.size() == 1 ? " problem" : " problems"));
    return proof.problems.isEmpty();
  }

  private void course() throws StageRefused {
    try {
      Course first = Course.of(source, "");
      for (String language : first.languages()) {
        Course course = Course.of(source, language);
        for (String name : course.lessons()) {
          lesson(course, name, language.equals(first.languages().get(0)));
        }
      }
    } catch (Fault e) {
      problems.add(e.getMessage());
    }
  }

  private void lesson(Course course, String name, boolean first) throws StageRefused {
    if (first) {
      unread(course, name);
    }
    Lesson lesson;
    try {
      lesson = course.lesson(name);
    } catch (Fault e) {
      problems.add(e.getMessage());
      return;
    }
    for (LessonStep step : lesson.steps()) {
      text(course, lesson, step);
      if (first) {
        String other = ids.put(step.id(), step.where());
        if (other != null) {
          problems.add(step.where() + ": the id '" + step.id() + "' stands in " + other + " too");
        }
        Optional<String> lacking = step.bounds().lacking();
        if (lacking.isPresent()) {
          elsewhere.add(step.where() + ": not proven here, it needs more: " + lacking.get());
        } else if (step.goal().isPresent()) {
          goal(lesson, step, step.goal().get());
        }
      }
    }
  }

  private void unread(Course course, String name) {
    try {
      problems.addAll(course.unread(name));
    } catch (IOException e) {
      problems.add(name + ": what lies in it cannot be read: " + e);
    }
  }

  private void text(Course course, Lesson lesson, LessonStep step) {
    fits(step, "the page", Pages.of(course, lesson, step));
    fits(step, "what is said after it", Pages.after(step, step.answer()));
    for (String hint : step.text().hints()) {
      for (String command : step.solution()) {
        if (hint.contains(command) && command.contains(" ")) {
          problems.add(step.where() + ": a hint gives the solution away: '" + command + "'");
        }
      }
    }
  }

  private void fits(LessonStep step, String what, String page) {
    int rows = Markdown.lines(page, Columns.WIDTH, false).size();
    if (rows > ROWS) {
      problems.add(
          "%s: %s of '%s' has %d lines of 80 letters, more than the %d that can be seen at once"
              .formatted(step.where(), what, step.id(), rows, ROWS));
    }
  }

  private void goal(Lesson lesson, LessonStep step, Goal goal) throws StageRefused {
    List<Integer> pids = new ArrayList<>();
    Deaf screen = new Deaf();
    try (Session session =
        new Session(screen, Settings.untouched(), Venue.stages(), Stage.start(), null)) {
      lesson.wayTo(step).forEach(command -> session.line(command, true));
      if (goal.isReached(scenery(session))) {
        problems.add(step.where() + ": the start of '" + step.id() + "' meets the goal already");
      }
      outOfReach(step, "start", session);
      step.solution().forEach(command -> solve(step, command, session));
      session.finish();
      outOfReach(step, "solution", session);
      List<Goal.Checked> checked = goal.check(scenery(session));
      checked.stream()
          .filter(one -> !one.holds())
          .forEach(
              one ->
                  problems.add(
                      step.where()
                          + ": the solution of '"
                          + step.id()
                          + "' does not meet the goal: "
                          + one.says()));
      session.stage().actors().forEach(actor -> pids.add(actor.pid()));
      proven++;
    } catch (RuntimeException e) {
      problems.add(step.where() + ": '" + step.id() + "' cannot be played: " + e);
    }
    screen.mistakes.forEach(
        mistake -> problems.add(step.where() + ": a command of '" + step.id() + "': " + mistake));
    pids.stream()
        .filter(pid -> Files.exists(Path.of("/proc/" + pid)))
        .forEach(
            pid ->
                problems.add(step.where() + ": '" + step.id() + "' leaves PID " + pid + " behind"));
  }

  private void solve(LessonStep step, String command, Session session) {
    String name = command.split(" ", 2)[0];
    if (!step.bounds().permits(name)) {
      problems.add(
          step.where() + ": the solution of '" + step.id() + "' has a step not for it: " + name);
    }
    session.line(command, true);
  }

  private void outOfReach(LessonStep step, String what, Session session) {
    step.bounds()
        .outOfReach(scenery(session))
        .ifPresent(
            says ->
                problems.add(
                    step.where() + ": the " + what + " of '" + step.id() + "' is lost: " + says));
  }

  private static Scenery scenery(Session session) {
    return new Scenery(session.stage(), session.scene().latest());
  }

  /** A screen on which only mistakes are kept. */
  private static final class Deaf extends Dark {
    private final List<String> mistakes = new ArrayList<>();

    @Override
    public void mistake(String line, String why) {
      mistakes.add("'" + line + "': " + why);
    }
  }
}
