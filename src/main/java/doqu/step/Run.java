package doqu.step;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Forked;
import doqu.actor.Reply;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.ProcStat;
import doqu.observe.ActorId;
import doqu.observe.Changes;
import doqu.observe.View;
import doqu.precondition.Explanation;
import doqu.precondition.Foresight;
import doqu.stage.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One step being carried out by one actor: what a step may do, and the record of what it did. */
public final class Run {
  /** The most an end may take that has begun, in milliseconds. */
  private static final long ENDING = 1000;

  private final Stage stage;
  private final Actor actor;
  private final boolean observed;
  private final @Nullable Foresight foresight;
  private final List<StepRecord.Syscall> syscalls = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Explanation> explanations = new ArrayList<>();
  private final List<Call> worked = new ArrayList<>();
  private List<Descriptor> kept = List.of();
  private View before = View.NONE;

  private Run(Stage stage, Actor actor, boolean observed, @Nullable Foresight foresight) {
    this.stage = stage;
    this.actor = actor;
    this.observed = observed;
    this.foresight = foresight;
  }

  /** Has an actor carry out a step, and looks at it before and after. */
  public static StepRecord of(Stage stage, Actor actor, String line, Step step) {
    return actor.alone(() -> observed(stage, actor, line, step));
  }

  private static StepRecord observed(Stage stage, Actor actor, String line, Step step) {
    int begun = stage.beginStep();
    boolean alone = isAlone(stage, actor);
    Run run = new Run(stage, actor, true, null);
    boolean ok = run.carryOut(step);
    View after = View.after(stage, actor);
    if (actor.runsProgram()) {
      run.before.lives().remove(actor); // the program may have ended already, which is told apart
    }
    // Of a step that was blocked while others were carried out, only who has ended is its doing.
    boolean blocked = stage.stepsBegun() != begun;
    List<String> changes =
        blocked ? Changes.ofLives(run.before, after) : Changes.between(run.before, after);
    changes.addAll(run.changes);
    List<Notice> notices =
        blocked
            ? List.of()
            : Notices.of(new Aftermath(stage, actor, run.before, after, run.worked, run.kept));
    alone &= isAlone(stage, actor);
    return new StepRecord(
        line,
        run.before.idOf(actor),
        alone,
        ok,
        run.syscalls,
        changes,
        run.notes,
        run.explanations,
        notices,
        run.before,
        after);
  }

  /** The record of a step that could not be carried out to its end, and why. */
  public static StepRecord failed(Actor actor, String line, String why) {
    ActorId id = ActorId.of(actor);
    return new StepRecord(
        line,
        id,
        false,
        false,
        List.of(),
        List.of(),
        List.of(why),
        List.of(),
        List.of(),
        View.NONE,
        View.NONE);
  }

  private static boolean isAlone(Stage stage, Actor actor) {
    return stage.actors().stream().noneMatch(other -> other != actor && !other.hasEnded());
  }

  /** The same without a look: the record tells the calls, and no changes but the step's own. */
  public static StepRecord unobserved(Stage stage, Actor actor, String line, Step step) {
    Run run = new Run(stage, actor, false, null);
    boolean ok = run.carryOut(step);
    ActorId id = new ActorId(actor.name(), 0, 0, actor.pid());
    return new StepRecord(
        line,
        id,
        false,
        ok,
        run.syscalls,
        run.changes,
        run.notes,
        List.of(),
        List.of(),
        View.NONE,
        View.NONE);
  }

  /** What a step would come to now; it makes none of its calls. */
  public static List<Foresight.Foreseen> foresee(Stage stage, Actor actor, Step step) {
    Foresight foresight = new Foresight(stage, actor);
    try {
      step.run(new Run(stage, actor, false, foresight));
    } catch (StepFailed failed) {
      // At the last of the calls.
    }
    return foresight.calls();
  }

  private boolean carryOut(Step step) {
    try {
      before = observed ? View.before(stage, actor) : View.NONE;
      actor.trace(this::record);
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

  /** What exec passes on: the actor's own, which can be changed. */
  Map<String, String> environment() {
    return foresight == null ? actor.environment() : new LinkedHashMap<>(actor.environment());
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
    if (foresight != null) {
      return foresight.answer(call);
    }
    if (call.executes() && observed) {
      kept = Descriptor.keptOverExec(actor.pid()); // the program may be gone before one can look
    }
    Reply reply = actor.call(call);
    if (reply.failed() && observed) {
      explain(call, reply.errno());
    }
    return reply;
  }

  /** At once: what the step does next may change what the reason was. */
  private void explain(Call call, int errno) {
    actor.trace(null); // what doqu looks at for that is no part of the step
    try {
      explanations.add(Explanation.of(stage, actor, call, errno));
    } finally {
      actor.trace(this::record);
    }
  }

  private void record(Actor who, Call call, @Nullable Reply reply, boolean plumbing) {
    syscalls.add(StepRecord.Syscall.of(call, reply, plumbing));
    if (reply != null && !reply.failed() && !plumbing) {
      worked.add(call);
    }
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
    if (foresight != null) {
      call(call);
      return;
    }
    Forked forked = stage.fork(actor, call, stage.freeName(names.get(0)));
    Actor child = forked.child();
    Reply reply = forked.reply();
    if (child == null) {
      if (reply != null && observed) {
        explain(call, reply.errno());
      }
      if (reply == null) {
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
    changed("+ " + id.name() + ": PID " + id.pids(stage.isBare()));
    note("in " + id.name() + " the same call returned 0: switch " + id.name());
  }

  /**
   * Waits a moment for an end, and for those who end with it: a signal is delivered only after
   * kill(2) has returned.
   *
   * @param milliseconds the most it may take; it always takes that when nobody ends
   */
  void awaitAnEnd(int milliseconds) {
    if (foresight != null) {
      return;
    }
    long begun = System.nanoTime();
    long most = milliseconds;
    long passed = 0;
    do {
      List<Actor> there = stage.actors().stream().filter(actor -> !actor.hasEnded()).toList();
      Libc.poll((int) (most - passed), there.stream().mapToInt(Actor::pidfd).toArray());
      most = there.stream().anyMatch(Run::isEnding) ? ENDING : 0;
      passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    } while (passed < most);
  }

  /** As an init does, which ends last, when all are gone that end with it. */
  private static boolean isEnding(Actor actor) {
    return !actor.hasEnded()
        && ProcStat.read("/proc/" + actor.pid()).filter(ProcStat::exiting).isPresent();
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
