package doqu.shell;

import doqu.actor.Actor;
import doqu.observe.Life;
import doqu.step.Mistake;
import doqu.step.StepRecord;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Does on a scene what was done on another. An unshare cannot be taken back: this is how doqu goes
 * back all the same.
 *
 * <p>What others do in their own time, the end of a process and the return of a blocked call, is
 * waited for where it had happened by then.
 */
final class Replay {
  /** How long what had happened by then may take, in looks of 20 ms. */
  private static final int PATIENCE = 250;

  private final Scene scene;
  private final List<Deed> deeds;

  private volatile boolean givenUp;

  /**
   * That of what a scene has not done yet.
   *
   * @param deeds all, those that it has done included
   * @param scene that has done as many of them, from the first
   */
  Replay(List<Deed> deeds, Scene scene) {
    this.scene = scene;
    this.deeds = deeds;
  }

  /** Nothing more is waited for or done. May be called from another thread. */
  void giveUp() {
    givenUp = true;
    scene.programs().giveUp(true);
  }

  private void goesOn() {
    if (givenUp) {
      throw new Mistake("it was interrupted");
    }
  }

  private void pause() {
    goesOn();
    Wake.pause();
    scene.settle();
  }

  /**
   * Does it.
   *
   * @throws Mistake when a deed cannot be done again, or comes out otherwise, or it is given up
   */
  void run() {
    for (int place = scene.deeds().size(); place < deeds.size(); place++) {
      goesOn();
      Deed deed = deeds.get(place);
      returnsBefore(place);
      StepRecord record = deed.record();
      if (record != null) {
        livesAre(record.before().lives());
      }
      if (deed.rootfsLaid()) {
        scene.layRootfs();
      }
      again(deed);
    }
    returnsBefore(deeds.size());
    for (int place = deeds.size() - 1; place >= 0; place--) {
      StepRecord last = deeds.get(place).record();
      if (last != null) {
        livesAre(last.after().lives());
        break;
      }
    }
    scene.settle();
  }

  private void again(Deed deed) {
    Who.actsAgain(deed.actor(), scene.stage());
    scene.step(deed.text(), deed.step());
    Deed now = scene.deeds().get(scene.deeds().size() - 1);
    StepRecord record = now.record();
    for (int looks = 0; record == null && !deed.blocked() && looks < PATIENCE; looks++) {
      pause();
      record = now.record();
    }
    boolean blocksInstead = record == null && !deed.blocked();
    if (blocksInstead || (record != null && !now.result().equals(deed.result()))) {
      throw new Mistake(
          deed + " came out otherwise: " + deed.result() + " then, " + now.result() + " now");
    }
    scene.settle();
  }

  /** What was blocked, and had returned when the deed at that place began, returns. */
  private void returnsBefore(int place) {
    for (int earlier = 0; earlier < Math.min(place, scene.deeds().size()); earlier++) {
      Deed then = deeds.get(earlier);
      Deed now = scene.deeds().get(earlier);
      if (then.blocked() && then.returnedBefore(place) && now.record() == null) {
        if (then.result().equals("EINTR")) {
          Scene.interrupt(now.who()); // then it was the human who did
        }
        for (int looks = 0; now.record() == null; looks++) {
          if (looks == PATIENCE) {
            throw new Mistake(then + " does not return");
          }
          pause();
        }
      }
    }
  }

  /** Who had ended by then ends. */
  private void livesAre(Map<Actor, Life> then) {
    Map<String, Life> wanted =
        then.entrySet().stream()
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().name(),
                    Map.Entry::getValue,
                    (first, second) -> second));
    for (int looks = 0; looks < PATIENCE && !areAlike(wanted); looks++) {
      pause();
    }
  }

  private boolean areAlike(Map<String, Life> wanted) {
    return scene.stage().actors().stream()
        .allMatch(actor -> isAsFarAs(wanted.get(actor.name()), Life.of(actor)));
  }

  /** Whoever has ended does not come back: where that is too early, nothing is to be waited for. */
  private static boolean isAsFarAs(@Nullable Life wanted, Life now) {
    return wanted == null
        || now == wanted
        || now == Life.GONE
        || (now == Life.ZOMBIE && wanted != Life.GONE);
  }
}
