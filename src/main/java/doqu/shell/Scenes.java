package doqu.shell;

import doqu.stage.StageRefused;
import doqu.step.Mistake;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The scene that is played, and the way back: what was done on it is done again on a fresh one. */
final class Scenes {
  /** Makes a scene on which nothing has been done. */
  @FunctionalInterface
  interface Fresh {
    Scene scene() throws StageRefused;
  }

  private final Fresh fresh;
  private final Screen screen;
  private volatile Scene now;

  /** What is being done again; null: nothing is. */
  private volatile @Nullable Replay replaying;

  /** What was undone, the next to be done again first. */
  private final Deque<Deed> undone = new ArrayDeque<>();

  /** What had been done on the stage before this one, which was left and can be gone back to. */
  private List<Deed> left = List.of();

  /** Of those the first that cannot be done again. */
  private Optional<Deed> leftObstacle = Optional.empty();

  /** Raises the curtain of the first scene. */
  Scenes(Scene first, Fresh fresh, Screen screen) {
    this.now = first;
    this.fresh = fresh;
    this.screen = screen;
    first.screen().raise(screen);
  }

  /** The one that is played. */
  Scene now() {
    return now;
  }

  /** Another step is taken than the one that was undone: that is of no more use. */
  void goesOtherwise() {
    undone.clear();
  }

  /**
   * Goes back before the last deeds; on a stage where none has been done, to the one before.
   *
   * @throws Mistake when there are not so many, or one cannot be done again; then nothing changed
   */
  void undo(int steps) {
    List<Deed> deeds = now.deeds();
    if (deeds.isEmpty() && !left.isEmpty()) {
      leftObstacle.ifPresent(
          deed -> {
            throw cannotBeDoneAgain(deed, "");
          });
      play(again(left, Optional.empty()), "back on the stage before", left.size());
      left = List.of();
      return;
    }
    if (deeds.isEmpty()) {
      throw new Mistake("there is nothing to undo: no step has been taken on this stage");
    }
    if (steps > deeds.size()) {
      throw new Mistake(
          "'%d' is too much: %s can be undone; history lists them"
              .formatted(steps, steps(deeds.size())));
    }
    int kept = deeds.size() - steps;
    now.firstThatCannotBeDoneAgain(deeds.subList(0, kept))
        .ifPresent(
            deed -> {
              int back = deeds.size() - deeds.indexOf(deed);
              throw cannotBeDoneAgain(deed, "; undo " + back + " goes back before it");
            });
    List<Deed> taken = List.copyOf(deeds.subList(kept, deeds.size()));
    Deed first = taken.get(0);
    Timed before = again(deeds.subList(0, kept), Optional.of(first.actor()));
    for (int place = taken.size() - 1; place >= 0; place--) {
      undone.push(taken.get(place));
    }
    play(before, "undone: " + (steps == 1 ? first : steps(steps) + ", down to " + first), kept);
  }

  private static Mistake cannotBeDoneAgain(Deed deed, String what) {
    return new Mistake(
        deed
            + " ran a program that was typed into or still runs: what it did cannot be done again"
            + what);
  }

  /** A scene, and how long it took to get there. */
  private record Timed(Scene scene, long nanoseconds) {}

  /** A fresh scene on which deeds have been done again, unseen, and on which that actor acts. */
  private Timed again(List<Deed> deeds, Optional<String> actor) {
    long begun = System.nanoTime();
    Scene next = begin();
    boolean done = false;
    try {
      replay(deeds, next);
      actor.ifPresent(name -> Who.actsAgain(name, next.stage()));
      done = true;
    } catch (Mistake e) {
      throw new Mistake("this cannot be undone: " + e.getMessage());
    } finally {
      if (!done) {
        next.close();
      }
    }
    return new Timed(next, System.nanoTime() - begun);
  }

  private void replay(List<Deed> deeds, Scene scene) {
    Replay replay = new Replay(deeds, scene);
    replaying = replay;
    try {
      replay.run();
    } finally {
      replaying = null;
      scene.programs().giveUp(false);
    }
  }

  /** Gives up what is being done again, from another thread; whether something is. */
  boolean interrupt() {
    Replay replay = replaying;
    if (replay != null) {
      replay.giveUp();
    }
    return replay != null;
  }

  private Scene begin() {
    try {
      return fresh.scene();
    } catch (StageRefused e) {
      throw new Mistake("no fresh stage can be had: " + String.join("; ", e.lines()));
    }
  }

  private void play(Timed next, String what, int again) {
    play(next.scene);
    long took = TimeUnit.NANOSECONDS.toMillis(next.nanoseconds);
    screen.said(
        what
            + "; "
            + (again == 0
                ? "this is a fresh stage"
                : steps(again) + " done again on a fresh stage in " + took + " ms"));
  }

  private void play(Scene next) {
    Scene before = now;
    now = next;
    before.close();
    next.screen().raise(screen);
  }

  /** So many steps, in words. */
  static String steps(int number) {
    return number == 1 ? "1 step" : number + " steps";
  }

  /** A fresh stage; undo leads back from it. */
  void reset() {
    Scene next = begin();
    leave(now.deeds());
    play(next);
    screen.said("this is a fresh stage");
  }

  /** A fresh stage on which something is done unseen; undo does not lead back from it. */
  void begin(Runnable unseen) {
    Scene before = now;
    now = begin();
    before.close();
    forget();
    try {
      unseen.run();
    } finally {
      now.screen().raise(screen);
    }
  }

  /** The stage as it was when no more than that had been done on it. */
  void backTo(List<Deed> deeds) {
    play(again(deeds, Optional.empty()).scene);
    forget();
  }

  /** No way leads on from here, nor back to another stage. */
  private void forget() {
    left = List.of();
    undone.clear();
  }

  /** The stage is empty: a fresh one; undo leads back before the step that emptied it. */
  void startAgain() throws StageRefused {
    Scene next = fresh.scene();
    List<Deed> deeds = now.deeds();
    leave(deeds.subList(0, Math.max(0, deeds.size() - 1)));
    play(next);
    screen.said("the stage is empty: its last actor has ended. A fresh one begins; quit leaves.");
  }

  private void leave(List<Deed> deeds) {
    if (!deeds.isEmpty()) {
      left = List.copyOf(deeds);
      leftObstacle = now.firstThatCannotBeDoneAgain(left);
    }
    undone.clear();
  }

  /**
   * Does again what was undone.
   *
   * @throws Mistake when there is not so much, or when one comes out otherwise
   */
  void redo(int steps) {
    if (undone.isEmpty()) {
      throw new Mistake("there is nothing to redo: nothing was undone, or another step was taken");
    }
    if (steps > undone.size()) {
      throw new Mistake(
          "'%d' is too much: %s can be done again".formatted(steps, steps(undone.size())));
    }
    List<Deed> all = new ArrayList<>(now.deeds());
    int done = all.size();
    undone.stream().limit(steps).forEach(all::add);
    try {
      replay(all, now);
    } finally {
      for (int again = now.deeds().size() - done; again > 0; again--) {
        undone.remove();
      }
    }
  }

  /** The steps and what came of each, then what was undone. */
  List<String> history() {
    List<String> lines = new ArrayList<>();
    int number = 1;
    for (Deed deed : now.deeds()) {
      lines.add(line(number++, deed, deed.result()));
    }
    for (Deed deed : undone) {
      lines.add(line(number++, deed, "undone"));
    }
    return lines;
  }

  private static String line(int number, Deed deed, String result) {
    return "%4d  %-8s %-7s %s".formatted(number, deed.actor(), result, deed.text());
  }
}
