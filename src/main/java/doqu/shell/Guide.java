package doqu.shell;

import doqu.lesson.Course;
import doqu.lesson.Fault;
import doqu.lesson.Goal;
import doqu.lesson.Lesson;
import doqu.lesson.LessonStep;
import doqu.lesson.Place;
import doqu.lesson.Progress;
import doqu.lesson.Scenery;
import doqu.lesson.Text;
import doqu.step.Mistake;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A course being taken at the prompt: it shows its steps, holds the stage against their goals and
 * keeps how far the learner has got. It never moves on by itself.
 */
final class Guide {
  /** After so many steps that did not reach the goal a hint is offered. */
  private static final int TRIES = 3;

  private final Session session;
  private final Scenes scenes;
  private final Screen screen;
  private final Course course;
  private final Progress progress;
  private Lesson lesson;
  private LessonStep step;

  // Of the step the learner is at:
  private boolean done;
  private boolean shown;
  private String answer = "";
  private int hints;
  private int tries;

  /** How many steps had been taken on the stage when it began. */
  private int begun;

  /** How many had been when its goal was reached; where it has none, when it began. */
  private int attained;

  /** Whether it cannot be done, because of the machine or the course: then next goes on. */
  private boolean impossible;

  /** Whether the steps of the lesson are carried out, and not the learner's. */
  private boolean leading;

  /** Why progress was not kept the last time, which is told once; empty: it was. */
  private String unkept = "";

  /** What there was to see when the goal was looked at last. */
  private @Nullable Sight seen;

  /** What had been done on the stage when the learner went to play; null: does not play. */
  private @Nullable List<Deed> left;

  /** What a goal is held against, so far as it takes to tell whether that is another. */
  private record Sight(Scene scene, long returned, int ended) {}

  /**
   * Begins to lead through a course, at nothing of it yet.
   *
   * @param lesson the one that is taken up first
   */
  Guide(
      Session session,
      Scenes scenes,
      Screen screen,
      Course course,
      Progress progress,
      Lesson lesson) {
    this.session = session;
    this.scenes = scenes;
    this.screen = screen;
    this.course = course;
    this.progress = progress;
    this.lesson = lesson;
    this.step = lesson.steps().get(0);
  }

  /**
   * Takes the course up where it was left. A step is looked for in all lessons: it may be moved.
   */
  void resume() {
    Lesson begun = progress.in(course).orElse(lesson);
    go(new Place(begun, begun.step(progress.step()).orElse(step)), true);
  }

  /** Begins a lesson. */
  void lesson(String name) {
    go(Place.first(course.lesson(known(name))), true);
  }

  private String known(String name) {
    if (!course.lessons().contains(name)) {
      throw Mistake.unknown("lesson", name, course.lessons());
    }
    return name;
  }

  private void go(Place place, boolean anew) {
    lesson = place.lesson();
    step = place.step();
    left = null;
    impossible = false;
    keep(() -> progress.moves(lesson.id(), step.id()));
    if (anew || step.startsAnew()) {
      start();
    }
    begin();
    show();
    try {
      step.bounds().lacking().ifPresent(this::lacks);
    } catch (Fault e) {
      fails(e.lines().get(0));
    }
  }

  private void lacks(String what) {
    impossible = true;
    screen.said("this machine does not let it be seen, next goes on: " + what);
  }

  /** The step cannot be done, and the learner is not to blame. */
  private void fails(String why) {
    impossible = true;
    shown = false;
    screen.mistake("lesson", "a fault of the course, not yours, and next goes on: " + why);
  }

  /** The learner is at the beginning of the step. */
  private void begin() {
    done = step.goal().isEmpty();
    shown = false;
    answer = "";
    hints = 0;
    tries = 0;
    seen = sight();
    begun = taken();
    attained = begun;
  }

  private int taken() {
    return scenes.now().deeds().size();
  }

  private void start() {
    // Of what was done a recap only tells.
    boolean recap = step.kind() == LessonStep.Kind.RECAP;
    List<String> way = recap ? List.of() : lesson.wayTo(step);
    scenes.begin(() -> lead(way, command -> {}));
  }

  private void lead(List<String> commands, Consumer<String> before) {
    leading = true;
    try {
      for (String command : commands) {
        before.accept(command);
        session.lead(command);
      }
    } finally {
      leading = false;
    }
  }

  /** Refuses a step that is not for the one the learner is at. */
  void permit(String name, List<String> words) {
    if (!leading && left == null && !step.bounds().permits(name, words)) {
      throw new Mistake(
          "'"
              + name
              + "' is not for this step, it is done "
              + step.bounds().says()
              + "; play lets you try it");
    }
  }

  /** The page of the step. */
  void show() {
    screen.page("lesson", Pages.of(course, lesson, step));
  }

  private Sight sight() {
    Scene now = scenes.now();
    return new Sight(now, now.returned(), now.mourned().size());
  }

  /** Looks whether the goal is reached by what has been done since the last look. */
  void judge() {
    Goal goal = step.goal().orElse(null);
    boolean unseen = scenes.now().screen().isDown() || sight().equals(seen);
    if (goal == null || done || left != null || unseen) {
      return;
    }
    boolean nobodyActed = seen != null && seen.returned == scenes.now().returned();
    seen = sight();
    List<Goal.Checked> checked;
    Optional<String> lost;
    try {
      Scenery scenery = scenery();
      checked = goal.check(scenery);
      lost = step.bounds().outOfReach(scenery);
    } catch (RuntimeException e) {
      fails("the goal of '" + step.id() + "' cannot be held against the stage: " + e);
      return;
    }
    Optional<Goal.Checked> missing = checked.stream().filter(one -> !one.holds()).findFirst();
    if (taken() < begun) { // even where it looks like the goal
      screen.said("this is before where the step begins: reset leads there");
    } else if (missing.isEmpty()) {
      reached(checked);
    } else if (scenes.now().deeds().isEmpty()) {
      screen.said("this stage is a fresh one: reset leads to where this step begins");
    } else if (!nobodyActed && !leading) {
      screen.said("not yet: " + missing.get().says());
      if (lost.isPresent()) {
        screen.said("it is out of reach now, undo or reset leads back: " + lost.get());
      } else if (++tries == TRIES) {
        screen.said("hint helps");
      }
    }
  }

  private void reached(List<Goal.Checked> checked) {
    done = true;
    attained = taken();
    checked.forEach(one -> screen.said("reached: " + one.says()));
    if (step.answer().isEmpty() || !answer.isEmpty() || shown) {
      finish();
    } else {
      screen.said("what had you expected? answer says it");
    }
  }

  private void finish() {
    keep(() -> record(step.id()));
    screen.page("lesson", Pages.after(step, answer));
  }

  private void record(String id) {
    if (shown) {
      progress.isShownNow(id);
    } else {
      progress.does(id);
    }
  }

  /** What the learner expects. */
  void answer(String says) {
    if (step.answer().isEmpty()) {
      throw new Mistake("nothing is asked here");
    }
    Map<String, String> choices = step.text().choices();
    if (!choices.isEmpty() && !choices.containsKey(says)) {
      throw new Mistake(
          "'" + says + "' is none of the choices: " + String.join(", ", choices.keySet()));
    }
    answer = says;
    if (done) {
      finish();
    } else {
      screen.said("now see what comes");
    }
  }

  /** Goes on. */
  void next() {
    boolean answered = step.answer().isEmpty() || !answer.isEmpty() || shown;
    if (!progress.isDone(step.id()) && !impossible) {
      if (!done) {
        throw new Mistake("the goal is not reached: " + Pages.help(course));
      }
      if (!answered) {
        throw new Mistake("the question is not answered: answer says what you had expected");
      }
      keep(() -> record(step.id()));
    }
    Optional<Place> following = new Place(lesson, step).next(course);
    if (following.isEmpty()) {
      screen.said("this was the last step of the course; review tells what was learnt");
      return;
    }
    boolean sameLesson = following.get().lesson().equals(lesson);
    go(following.get(), !(sameLesson && isAsReached()));
  }

  /** Whether the stage has what this step leaves to the next one. */
  private boolean isAsReached() {
    return done && left == null && taken() >= attained;
  }

  /** Goes to the step before, to where that begins. */
  void back() {
    go(
        new Place(lesson, step)
            .before(course)
            .orElseThrow(() -> new Mistake("this is the first step of the course")),
        true);
  }

  /** Gives the next hint. */
  void hint() {
    List<Text.Hint> all = step.text().hints();
    if (all.isEmpty()) {
      throw new Mistake("there is nothing to hint at: next goes on");
    }
    int most = course.locked() ? all.size() - 1 : all.size();
    if (most == 0) {
      throw new Mistake("the last hint is locked in this course");
    }
    hints = Math.min(hints + 1, most);
    screen.page("hint", Pages.hint(hints, most, all.get(hints - 1)));
  }

  /** Does what the learner was to do, before the learner's eyes. */
  void skip() {
    if (course.locked()) {
      throw new Mistake("'skip' is locked in this course");
    }
    if (!step.goal().isPresent()) {
      throw new Mistake("there is nothing to skip: next goes on");
    }
    shown = true;
    left = null;
    start();
    seen = sight();
    begun = taken();
    done = false;
    lead(step.solution(), command -> screen.said(session.prompt() + command));
    if (!done) {
      scenes.now().stuck(); // what comes back a moment later may reach it
      judge();
    }
    if (!done && !impossible) {
      fails("the solution of '" + step.id() + "' does not reach its goal: " + missing());
    }
  }

  private String missing() {
    return step.goal().orElseThrow().check(scenery()).stream()
        .filter(one -> !one.holds())
        .findFirst()
        .map(Goal.Checked::says)
        .orElse("not in time");
  }

  private Scenery scenery() {
    return scenes.now().scenery();
  }

  /** Leads back to where the step begins. */
  void reset() {
    left = null;
    String given = answer;
    start();
    begin();
    answer = given;
    screen.said("back where this step begins");
  }

  /** Leaves the goal alone; the next time it goes back to it, and to the stage as it was. */
  void play() {
    List<Deed> before = left;
    if (before == null) {
      left = List.copyOf(scenes.now().deeds());
      screen.said("play: nothing is judged now; play leads back to the lesson");
      return;
    }
    left = null;
    scenes.backTo(before);
    seen = sight();
    show();
  }

  boolean isPlaying() {
    return left != null;
  }

  /** Shows the map of the course. */
  void where() {
    screen.text("where", Pages.where(course, progress, lesson, step));
  }

  /**
   * Shows what was learnt.
   *
   * @param name of the lesson; empty: in that where the learner is, and those around it
   */
  void review(String name) {
    screen.page(
        "review",
        name.isEmpty()
            ? Review.around(course, progress, lesson.id())
            : Review.of(course, progress, known(name)));
  }

  /** The names of the lessons. */
  List<String> lessons() {
    return course.lessons();
  }

  /** What may be answered; none: anything, or nothing is asked. */
  List<String> choices() {
    return List.copyOf(step.text().choices().keySet());
  }

  /** What is done goes on, though nobody will know of it. */
  private void keep(Runnable change) {
    String why = "";
    try {
      change.run();
    } catch (Mistake e) {
      why = String.valueOf(e.getMessage());
    }
    if (!why.isEmpty() && !why.equals(unkept)) {
      screen.mistake("lesson", why);
    }
    unkept = why;
  }
}
