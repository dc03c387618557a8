package doqu.step;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.observe.ActorId;
import doqu.observe.Changes;
import doqu.observe.View;
import doqu.stage.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One step being carried out by one actor: what a step may do, and the record of what it did. */
public final class Run {
  private final Stage stage;
  private final Actor actor;
  private final List<StepRecord.Syscall> syscalls = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private View before = View.NONE;

  private Run(Stage stage, Actor actor) {
    this.stage = stage;
    this.actor = actor;
  }

  /** Has an actor carry out a step, and looks at it before and after. */
  public static StepRecord of(Stage stage, Actor actor, String line, Step step) {
    int begun = stage.beginStep();
    boolean alone = isAlone(stage, actor);
    Run run = new Run(stage, actor);
    boolean ok = run.carryOut(step, true);
    View after = View.after(stage, actor);
    if (actor.runsProgram()) {
      run.before.lives().remove(actor); // the program may have ended already, which is told apart
    }
    // Of a step that was blocked while others were carried out, only who has ended is its doing.
    boolean blocked = stage.stepsBegun() != begun;
    List<String> changes =
        blocked ? Changes.ofLives(run.before, after) : Changes.between(run.before, after);
    changes.addAll(run.changes);
    alone &= isAlone(stage, actor);
    return new StepRecord(
        line,
        run.before.idOf(actor),
        alone,
        ok,
        run.syscalls,
        changes,
        run.notes,
        run.before,
        after);
  }

  /** The record of a step that could not be carried out to its end, and why. */
  public static StepRecord failed(Actor actor, String line, String why) {
    ActorId id = ActorId.of(actor);
    return new StepRecord(
        line, id, false, false, List.of(), List.of(), List.of(why), View.NONE, View.NONE);
  }

  private static boolean isAlone(Stage stage, Actor actor) {
    return stage.actors().stream().noneMatch(other -> other != actor && !other.hasEnded());
  }

  /** The same without a look: the record tells the calls, and no changes but the step's own. */
  public static StepRecord unobserved(Stage stage, Actor actor, String line, Step step) {
    Run run = new Run(stage, actor);
    boolean ok = run.carryOut(step, false);
    ActorId id = new ActorId(actor.name(), 0, 0, actor.pid());
    return new StepRecord(
        line, id, false, ok, run.syscalls, run.changes, run.notes, View.NONE, View.NONE);
  }

  private boolean carryOut(Step step, boolean observed) {
    try {
      before = observed ? View.before(stage, actor) : View.NONE;
      actor.trace(
          (who, call, reply, plumbing) ->
              syscalls.add(StepRecord.Syscall.of(call, reply, plumbing)));
      step.run(this);
      return true;
    } catch (StepFailed failed) {
      return false;
    } catch (ActorGone gone) {
      if (!step.endsActor()) {
        note(String.valueOf(gone.getMessage()));
      }
      return step.endsActor();
    } finally {
      actor.trace(null);
    }
  }

  /** The actor that carries out the step. */
  public Actor actor() {
    return actor;
  }

  /** The stage it is on. */
  public Stage stage() {
    return stage;
  }

  /** Makes a call that has to succeed for the step to go on. */
  public Reply call(Call call) {
    Reply reply = attempt(call);
    if (reply.failed()) {
      throw new StepFailed();
    }
    return reply;
  }

  /** Makes a call whose failure the step itself deals with. */
  public Reply attempt(Call call) {
    return actor.call(call);
  }

  /** Gives the step up: a call it dealt with itself was the last it could try. */
  public void fail() {
    throw new StepFailed();
  }

  /** Opens a file; it is closed on exec. */
  int open(String file, long flags) {
    return (int) call(Calls.open(file, flags | Flags.O_CLOEXEC, 0)).value();
  }

  /** Opens a file, writes once and closes it, as the files of /proc want to be written. */
  void write(String file, String text) {
    int descriptor = open(file, Flags.O_WRONLY);
    Reply written = attempt(Calls.write(descriptor, text.getBytes(StandardCharsets.UTF_8)));
    call(Calls.close(descriptor));
    if (written.failed()) {
      fail();
    }
  }

  /**
   * Forks; fails the step when the kernel refuses.
   *
   * @param names what to call the child, and what to call it when it is the first of a PID
   *     namespace
   */
  void fork(Call call, List<String> names) {
    Actor.Forked forked = stage.fork(actor, call, stage.freeName(names.get(0)));
    Actor child = forked.child();
    if (child == null) {
      if (forked.reply() == null) {
        note(
            "the limit on open files leaves doqu none for the child: see prlimit(2), RLIMIT_NOFILE");
      }
      throw new StepFailed();
    }
    child.trace(null);
    if (names.size() > 1 && ActorId.of(child).pidInside() == 1) {
      child.rename(stage.freeName(names.get(1)));
    }
    ActorId id = ActorId.of(child);
    changed(
        "+ "
            + id.name()
            + ": PID "
            + id.pidInside()
            + " inside, "
            + id.pidStage()
            + " on the stage, "
            + id.pidMachine()
            + " on the machine");
    note("in " + id.name() + " the same call returned 0: switch " + id.name());
  }

  /**
   * Waits a moment for an end: a signal is delivered only after kill(2) has returned.
   *
   * @param milliseconds the most it may take; it always takes that when nobody ends
   */
  void awaitAnEnd(int milliseconds) {
    Libc.poll(
        milliseconds,
        stage.actors().stream().filter(a -> !a.hasEnded()).mapToInt(Actor::pidfd).toArray());
  }

  /** Tells of a change that a look at the actor itself does not show. */
  void changed(String change) {
    changes.add(change);
  }

  /** Adds a line of doqu's own. */
  void note(String line) {
    notes.add(line);
  }
}
