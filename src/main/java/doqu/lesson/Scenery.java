package doqu.lesson;

import doqu.actor.Actor;
import doqu.observe.Mounts;
import doqu.observe.Snapshot;
import doqu.rootfs.LearnersRootfs;
import doqu.stage.Stage;
import doqu.step.StepRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The state of a stage that a goal is held against, looked at once for all its conditions. */
public final class Scenery {
  private final Stage stage;
  private final Mounts first;
  private final @Nullable StepRecord last;
  private final Map<Actor, Snapshot> seen = new HashMap<>();

  /**
   * That of a stage.
   *
   * @param first what the host had mounted before the first step
   * @param last the step that was taken last; null: none was, or it has not returned
   */
  public Scenery(Stage stage, Mounts first, @Nullable StepRecord last) {
    this.stage = stage;
    this.first = first;
    this.last = last;
  }

  Stage stage() {
    return stage;
  }

  Mounts hostMountsAtFirst() {
    return first;
  }

  /** What a lesson has written, as it is called on this stage. */
  String here(String written) {
    return written.replace("$ROOTFS", LearnersRootfs.directory(stage));
  }

  Optional<StepRecord> last() {
    return Optional.ofNullable(last);
  }

  /** Those of whom one may be meant: who acts first. */
  List<Actor> alive() {
    List<Actor> alive = new ArrayList<>();
    alive.add(stage.focus());
    stage.actors().stream().filter(actor -> actor != stage.focus()).forEach(alive::add);
    alive.removeIf(Actor::hasEnded);
    return alive;
  }

  Snapshot of(Actor actor) {
    return seen.computeIfAbsent(actor, one -> Snapshot.of(stage, one));
  }
}
