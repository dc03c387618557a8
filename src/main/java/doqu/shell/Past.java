package doqu.shell;

import doqu.stage.StageRefused;
import doqu.step.Mistake;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What was done, what was undone, and how to get from the one to the other. */
final class Past {
  /** Makes a scene on which nothing has been done. */
  @FunctionalInterface
  interface Fresh {
    Scene scene() throws StageRefused;
  }

  /**
   * A moment to which doqu has gone back.
   *
   * @param words what to say of it
   */
  record Moment(Scene scene, String words) {}

  private final Fresh fresh;

  /** What was undone, the next to be done again first. */
  private final Deque<Deed> undone = new ArrayDeque<>();

  /** What had been done on the stage before this one, which was left and can be gone back to. */
  private List<Deed> left = List.of();

  Past(Fresh fresh) {
    this.fresh = fresh;
  }

  /** Another step is taken than the one that was undone: that is of no more use. */
  void goesOtherwise() {
    undone.clear();
  }

  /**
   * Goes back before the last deeds of a scene.
   *
   * @throws Mistake when there are not so many, or one cannot be done again; then nothing changed
   */
  Moment before(Scene scene, int steps) {
    List<Deed> deeds = scene.deeds();
    if (deeds.isEmpty() && !left.isEmpty()) {
      Moment moment = replay(scene, left, List.of(), "back on the stage before");
      left = List.of();
      return moment;
    }
    if (deeds.isEmpty()) {
      throw new Mistake("there is nothing to undo: no step has been taken on this stage");
    }
    if (steps > deeds.size()) {
      throw new Mistake(
          "'"
              + steps
              + "' is too much: "
              + steps(deeds.size())
              + " can be undone; history lists them");
    }
    int kept = deeds.size() - steps;
    Deed first = deeds.get(kept);
    String words = "undone: " + (steps == 1 ? first : steps(steps) + ", down to " + first);
    Moment moment = replay(scene, deeds.subList(0, kept), deeds.subList(kept, deeds.size()), words);
    Who.actsAgain(first.actor(), moment.scene().stage());
    return moment;
  }

  private Moment replay(Scene scene, List<Deed> again, List<Deed> taken, String words) {
    for (int place = 0; place < again.size(); place++) {
      if (!canBeDoneAgain(scene, again.get(place))) {
        throw new Mistake(
            again.get(place)
                + " ran a program that was typed into or still runs: what it did cannot be done"
                + " again; undo "
                + (again.size() + taken.size() - place)
                + " goes back before it");
      }
    }
    long begun = System.nanoTime();
    Scene next = begin();
    boolean done = false;
    try {
      Replay.of(again, next);
      done = true;
    } catch (Mistake e) {
      throw new Mistake("this cannot be undone: " + e.getMessage());
    } finally {
      if (!done) {
        next.close();
      }
    }
    for (int place = taken.size() - 1; place >= 0; place--) {
      undone.push(taken.get(place));
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    String how =
        again.isEmpty()
            ? "this is a fresh stage"
            : steps(again.size()) + " done again on a fresh stage in " + took + " ms";
    return new Moment(next, words + "; " + how);
  }

  /** So many steps, in words. */
  static String steps(int number) {
    return number == 1 ? "1 step" : number + " steps";
  }

  private static boolean canBeDoneAgain(Scene scene, Deed deed) {
    return !deed.who().runsProgram()
        || !deed.becameProgram()
        || scene.programs().canBeRunAgain(deed.who());
  }

  private Scene begin() {
    try {
      return fresh.scene();
    } catch (StageRefused e) {
      throw new Mistake("no fresh stage can be had: " + String.join("; ", e.lines()));
    }
  }

  /** A fresh stage; undo leads back from it. */
  Moment beginning(Scene scene) {
    Scene next = begin();
    leave(scene.deeds());
    return new Moment(next, "this is a fresh stage");
  }

  /** The stage is empty: a fresh one; undo leads back before the step that emptied it. */
  Scene empty(Scene scene) throws StageRefused {
    Scene next = fresh.scene();
    List<Deed> deeds = scene.deeds();
    leave(deeds.isEmpty() ? deeds : deeds.subList(0, deeds.size() - 1));
    return next;
  }

  private void leave(List<Deed> deeds) {
    if (!deeds.isEmpty()) {
      left = List.copyOf(deeds);
    }
    undone.clear();
  }

  /**
   * Does again on a scene what was undone.
   *
   * @throws Mistake when there is not so much, or when one comes out otherwise
   */
  void again(Scene scene, int steps) {
    if (undone.isEmpty()) {
      throw new Mistake("there is nothing to redo: nothing was undone, or another step was taken");
    }
    if (steps > undone.size()) {
      throw new Mistake(
          "'" + steps + "' is too much: " + steps(undone.size()) + " can be done again");
    }
    List<Deed> all = new ArrayList<>(scene.deeds());
    int done = all.size();
    undone.stream().limit(steps).forEach(all::add);
    try {
      Replay.of(all, scene);
    } finally {
      for (int again = scene.deeds().size() - done; again > 0; again--) {
        undone.remove();
      }
    }
  }

  /** The steps of a scene and what came of each, then what was undone. */
  List<String> lines(Scene scene) {
    List<String> lines = new ArrayList<>();
    int number = 1;
    for (Deed deed : scene.deeds()) {
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
