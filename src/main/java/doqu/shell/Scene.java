package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.kernel.Tty;
import doqu.lesson.Scenery;
import doqu.look.Files;
import doqu.observe.Life;
import doqu.observe.Mounts;
import doqu.observe.UtsNames;
import doqu.rootfs.LearnersRootfs;
import doqu.stage.Stage;
import doqu.step.LeftZombie;
import doqu.step.Mistake;
import doqu.step.Step;
import doqu.step.StepRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stage and all that was done on it: steps, those that are blocked, programs, ends. What it has
 * to tell it tells to a curtain, which a replay keeps down.
 */
final class Scene implements AutoCloseable {
  private static final String ROOTFS = "ROOTFS";

  /** How many looks an actor may take that is on its way back from a call: two seconds. */
  private static final int SOON = 100;

  private final Curtain screen = new Curtain();
  private final Stage stage;
  private final boolean terminal;
  private final BooleanSupplier notices;
  private final Programs programs;
  private final Lanes lanes;
  private final List<Deed> deeds = new ArrayList<>();
  private final Set<Actor> mourned = ConcurrentHashMap.newKeySet();

  /** What came of the step that returned last; null: none has. */
  private @Nullable StepRecord latest;

  /**
   * What the host had mounted before the first step; null: nobody has asked, and none was taken.
   */
  private @Nullable Mounts hostMountsAtFirst;

  private boolean rootfsLaid;
  private volatile boolean lateFailure;

  /**
   * Begins on a stage on which nothing has been done.
   *
   * @param hasRootfs whether the learner's root file system is there already
   * @param humans how the human has the terminal that programs that are exec'd get; null: none
   * @param notices whether silent failures are pointed out
   * @param comesBack told, from another thread, that a blocked step has returned
   */
  Scene(
      Stage stage,
      boolean hasRootfs,
      Tty.@Nullable Modes humans,
      BooleanSupplier notices,
      Runnable comesBack) {
    this.stage = stage;
    this.rootfsLaid = hasRootfs;
    this.terminal = humans != null;
    this.notices = notices;
    this.programs = new Programs(screen, humans);
    this.lanes = new Lanes(comesBack);
  }

  Curtain screen() {
    return screen;
  }

  Stage stage() {
    return stage;
  }

  Programs programs() {
    return programs;
  }

  /** What the goal of a lesson is held against. */
  Scenery scenery() {
    return new Scenery(stage, hostMountsAtFirst(), latest);
  }

  /** Not looked at before the first prompt, which does without. */
  private Mounts hostMountsAtFirst() {
    Mounts first = hostMountsAtFirst;
    if (first == null) {
      first = Mounts.of(stage.init().pid());
      hostMountsAtFirst = first;
    }
    return first;
  }

  /** All that was begun here, in that order. */
  List<Deed> deeds() {
    return deeds;
  }

  /** The first of some deeds that ran a program which may not do the same once more. */
  Optional<Deed> firstThatCannotBeDoneAgain(List<Deed> some) {
    return some.stream()
        .filter(deed -> deed.becameProgram() && !programs.canBeRunAgain(deed.who()))
        .findFirst();
  }

  /** Those whose end has been told. */
  Set<Actor> mourned() {
    return mourned;
  }

  /** The actors that are blocked in a step. */
  Collection<Actor> blocked() {
    return lanes.blocked();
  }

  /** Whether a step has failed that came back after its line was done. */
  boolean failedLate() {
    return lateFailure;
  }

  /** The commands of a line, with the variables of this stage in their places. */
  List<Line.Command> split(String line) {
    if (Line.uses(line, ROOTFS)) {
      layRootfs();
    }
    return Line.split(line, Map.of(ROOTFS, LearnersRootfs.directory(stage)));
  }

  /**
   * The names in a directory as the focused actor sees it, those of directories with a slash.
   *
   * @param path may begin with a variable of this stage
   * @throws Mistake when there is none, or the actor cannot be asked
   */
  List<String> names(String path) {
    Actor actor = freeFocus();
    String variable = "$" + ROOTFS;
    if (!path.startsWith(variable)) {
      return Files.names(actor, path);
    }
    layRootfs();
    return Files.names(actor, LearnersRootfs.directory(stage) + path.substring(variable.length()));
  }

  /** The host name the focused actor has; empty when that cannot be known. */
  String hostname() {
    try {
      return UtsNames.of(stage, stage.focus()).map(UtsNames::hostname).orElse("");
    } catch (ActorGone e) {
      return "";
    }
  }

  /** The focused actor, when it can be asked without waiting. */
  private Actor freeFocus() {
    Actor actor = stage.focus();
    if (!Stage.canAct(actor) || lanes.blocked().contains(actor)) {
      throw Who.cannotAct(actor);
    }
    return actor;
  }

  /** Lays the learner's root file system, unless it is there. */
  void layRootfs() {
    if (rootfsLaid) {
      return;
    }
    try {
      LearnersRootfs.lay(stage);
      rootfsLaid = true;
    } catch (IOException e) {
      screen.mistake("$" + ROOTFS, "the root file system could not be built: " + e.getMessage());
    }
  }

  /** Has the focused actor carry out a step; whether it has not failed. */
  boolean step(String text, Step step) {
    Actor actor = stage.focus();
    ready(actor);
    hostMountsAtFirst();
    if (step.becomesProgram()) {
      programs.prepare(actor);
    }
    Deed deed = new Deed(actor, text, step, rootfsLaid);
    deeds.add(deed);
    Optional<StepRecord> record;
    try {
      record = lanes.carryOut(stage, actor, text, step);
    } catch (Mistake e) {
      deeds.remove(deed); // it turned out to be none
      throw e;
    }
    if (record.isEmpty()) {
      deed.blocks();
      screen.said(
          saidOfBlocked(actor)
              + (terminal && Life.of(actor) != Life.STOPPED
                  ? "; switch to another, or press Ctrl-C to interrupt it"
                  : ""));
      return true;
    }
    deed.returned(record.get(), deeds.size());
    returned(record.get());
    if (actor.runsProgram()) {
      programs.follow(stage, actor, record.get());
    } else {
      screen.step(record.get(), programs.output(stage));
    }
    return record.get().ok();
  }

  private static String saidOfBlocked(Actor actor) {
    if (Life.of(actor) == Life.STOPPED) {
      return actor.name() + " is stopped by a signal: kill -CONT lets it go on";
    }
    Call pending = actor.pending();
    return actor.name() + " is blocked" + (pending == null ? "" : " in " + pending);
  }

  /** Waits for an actor that comes back soon; in a script also for what a program may yet free. */
  void ready(Actor actor) {
    for (int looks = 0; lanes.blocked().contains(actor); looks++) {
      boolean soon = !lanes.isAsleep(actor) && looks < SOON;
      if (!soon && (terminal || !programs.anyRuns(stage))) {
        throw new Mistake(saidOfBlocked(actor) + ": switch to another actor");
      }
      Wake.pause();
      settle();
    }
    if (!Stage.canAct(actor)) {
      throw Who.cannotAct(actor);
    }
    if (Life.of(actor) == Life.STOPPED) {
      throw new Mistake("'" + actor.name() + "' is stopped by a signal: kill -CONT lets it go on");
    }
  }

  /** Interrupts what the focused actor is blocked in; whether it was. */
  boolean interrupt() {
    boolean blocked = stage.focus().pending() != null;
    interrupt(stage.focus());
    return blocked;
  }

  static void interrupt(Actor actor) {
    for (int tries = 0; actor.pending() != null && tries < 25; tries++) {
      actor.interrupt();
      Wake.pause();
    }
  }

  /** Tells what has happened meanwhile, and moves the focus away from those who have ended. */
  void settle() {
    String output = programs.output(stage);
    if (!output.isEmpty()) {
      screen.output(output);
    }
    // The focus moves first: what is told is told above the prompt of who acts from now on.
    Map<Actor, StepRecord> returned = lanes.returned();
    if (!Stage.canAct(stage.focus())) {
      stage.heirOf(stage.focus()).ifPresent(stage::focus);
    }
    returned.forEach(this::returned);
    for (Actor actor : stage.actors()) {
      if (actor.hasEnded() && mourned.add(actor)) {
        screen.said(end(actor));
      }
      if (mourned.contains(actor) && Life.of(actor) == Life.GONE) {
        stage.forget(actor);
      }
    }
    List<Actor> alive = stage.actors().stream().filter(actor -> !actor.hasEnded()).toList();
    if (!alive.isEmpty() && alive.stream().allMatch(actor -> Life.of(actor) == Life.STOPPED)) {
      // Nobody is left on the stage who could send the signal.
      alive.forEach(Actor::resume);
      screen.said("every actor was stopped by a signal: doqu has sent SIGCONT to all of them");
    }
  }

  /** How many steps have returned. */
  long returned() {
    return deeds.stream().filter(deed -> deed.record() != null).count();
  }

  private void returned(StepRecord record) {
    latest = record;
  }

  private void returned(Actor actor, StepRecord record) {
    deeds.stream()
        .filter(deed -> deed.who() == actor && deed.record() == null)
        .forEach(deed -> deed.returned(record, deeds.size()));
    returned(record);
    screen.step(record, "");
    lateFailure |= !record.ok();
  }

  private String end(Actor actor) {
    return actor.name()
        + Life.end(actor).map(status -> " " + status.shownAtEnd()).orElse(" has ended")
        + (actor.runsProgram() && notices.getAsBoolean() ? unwaited(actor) : "");
  }

  /** Of actors the step tells it by which they end. */
  private String unwaited(Actor program) {
    return LeftZombie.leftBy(stage, program)
        .map(parent -> "; it is a zombie until " + parent.name() + " waits")
        .orElse("");
  }

  /** Whether nobody is left. */
  boolean isEmpty() {
    return stage.actors().stream().allMatch(Actor::hasEnded);
  }

  /** Gives what is blocked a moment; who is blocked then, and which programs are stopped. */
  List<String> stuck() {
    // What the last program ended may have freed an actor.
    for (int tries = 0; !lanes.blocked().isEmpty() && tries < 10; tries++) {
      Wake.pause();
      settle();
    }
    return Stream.concat(lanes.blocked().stream(), programs.stopped(stage).stream())
        .map(Scene::saidOfBlocked)
        .toList();
  }

  /** Ends everything on the stage. */
  @Override
  public void close() {
    stage.close();
  }
}
