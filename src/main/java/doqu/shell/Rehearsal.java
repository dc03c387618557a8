package doqu.shell;

import doqu.kernel.Libc;
import doqu.kernel.Signals;
import doqu.lesson.Goal;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Scenery;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A step of a lesson, played on a stage of its own: its start must not meet the goal, its solution
 * must, neither may be lost, and nothing may be left behind.
 */
final class Rehearsal {
  /** How long a stage may take to end, in milliseconds. */
  private static final long GRACE = 5000;

  private final Lesson lesson;
  private final LessonStep step;
  private final Goal goal;
  private final Session session;
  private final List<String> problems = Collections.synchronizedList(new ArrayList<>());
  private final Set<Integer> pids = Collections.synchronizedSet(new HashSet<>());

  /** The command that is carried out. */
  private volatile String now = "";

  private volatile boolean givenUp;

  private Rehearsal(Lesson lesson, LessonStep step, Goal goal) throws StageRefused {
    this.lesson = lesson;
    this.step = step;
    this.goal = goal;
    this.session =
        new Session(new Deaf(), Settings.untouched(), Venue.stages(), Stage.start(), null);
  }

  /**
   * Plays one.
   *
   * @param longest that it may take
   * @return what is wrong with it
   * @throws StageRefused when the machine does not let a stage be built
   */
  static List<String> of(Lesson lesson, LessonStep step, Goal goal, Duration longest)
      throws StageRefused {
    Rehearsal rehearsal = new Rehearsal(lesson, step, goal);
    rehearsal.within(longest);
    return rehearsal.problems;
  }

  private void within(Duration longest) {
    Thread player = new Thread(this::play, "rehearsal");
    player.setDaemon(true);
    player.start();
    if (!ends(player, longest.toMillis())) {
      givenUp = true;
      problem("takes longer than " + longest.toSeconds() + " seconds, in '" + now + "'");
      // With its PID 1 all that is on the stage ends, and who waits for it comes back.
      Libc.kill(session.stage().init().pid(), Signals.SIGKILL);
      ends(player, GRACE);
    }
    pids.stream()
        .filter(pid -> Files.exists(Path.of("/proc/" + pid)))
        .forEach(pid -> problem("leaves PID " + pid + " behind"));
  }

  private static boolean ends(Thread player, long milliseconds) {
    try {
      player.join(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !player.isAlive();
  }

  private void play() {
    try (session) {
      lesson.wayTo(step).forEach(this::lead);
      if (!givenUp && goal.isReached(scenery())) {
        problem("is at its goal already when it starts");
      }
      outOfReach("its start");
      step.solution().forEach(this::solve);
      session.finish();
      outOfReach("its solution");
      if (!givenUp) {
        goal.check(scenery()).stream()
            .filter(one -> !one.holds())
            .forEach(one -> problem("is not at its goal after its solution: " + one.says()));
      }
    } catch (RuntimeException e) {
      problem("cannot be played: " + e);
    }
  }

  private void solve(String command) {
    List<String> words = List.of(command.split(" "));
    String name = words.get(0);
    if (!step.bounds().permits(name, words.subList(1, words.size()))) {
      problem("has a step in its solution that is not for it: " + name);
    }
    lead(command);
  }

  private void lead(String command) {
    if (!givenUp) {
      now = command;
      session.lead(command);
      session.stage().actors().forEach(actor -> pids.add(actor.pid()));
    }
  }

  private void outOfReach(String what) {
    if (!givenUp) {
      step.bounds()
          .outOfReach(scenery())
          .ifPresent(says -> problem("is lost after " + what + ": " + says));
    }
  }

  private Scenery scenery() {
    return session.scene().scenery();
  }

  private void problem(String what) {
    problems.add(step.where() + ": '" + step.id() + "' " + what);
  }

  /** A screen on which only mistakes are kept. */
  private final class Deaf extends Dark {
    @Override
    public void mistake(String line, String why) {
      if (!givenUp) {
        problem("has a command '" + line + "': " + why);
      }
    }
  }
}
