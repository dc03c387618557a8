package doqu.step;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.observe.Changes;
import doqu.observe.Mount;
import doqu.observe.ProcStatus;
import doqu.observe.Snapshot;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step being carried out by one actor: what a step may do, and the record of what it did. */
public final class Run {
  private final Stage stage;
  private final Actor actor;
  private final List<StepRecord.Syscall> syscalls = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Run(Stage stage, Actor actor) {
    this.stage = stage;
    this.actor = actor;
  }

  /** Has an actor carry out a step, and looks at it before and after. */
  public static StepRecord of(Stage stage, Actor actor, String line, Step step) {
    Run run = new Run(stage, actor);
    StepRecord.ActorId id = idOf(actor);
    boolean ok = true;
    try {
      Snapshot before = Snapshot.of(actor);
      List<Mount> stageBefore = Mount.of(stage.init().pid());
      actor.trace(run::called);
      try {
        step.run(run);
      } catch (StepFailed failed) {
        ok = false;
      } finally {
        actor.trace(null);
      }
      if (Stage.canAct(actor)) {
        Snapshot after = Snapshot.of(actor);
        run.changes.addAll(0, Changes.between(before, after));
        if (!after.fact("mnt").equals(Libc.readLink("/proc/" + stage.init().pid() + "/ns/mnt"))) {
          Changes.mounts(stageBefore, Mount.of(stage.init().pid()))
              .forEach(change -> run.changes.add("on the stage: " + change));
        }
      }
    } catch (ActorGone gone) {
      ok = ok && step.endsActor();
      if (!step.endsActor()) {
        run.notes.add(gone.getMessage() == null ? "" : gone.getMessage());
      }
    }
    return new StepRecord(line, id, ok, run.syscalls, run.changes, run.notes);
  }

  /** Who an actor is now. */
  public static StepRecord.ActorId idOf(Actor actor) {
    ProcStatus status = ProcStatus.of(actor.pid()).orElse(null);
    return status == null || status.get("NSpid").isEmpty()
        ? new StepRecord.ActorId(actor.name(), 0, 0, actor.pid())
        : new StepRecord.ActorId(actor.name(), status.pidInside(), status.pidStage(), actor.pid());
  }

  private void called(Actor who, Call call, @Nullable Reply reply, boolean plumbing) {
    List<String> args =
        reply == null
            ? call.args().stream().map(arg -> arg.shown().text(-1, arg.block())).toList()
            : call.shownArgs(reply);
    String head = call.name() + "(" + String.join(", ", args) + ") = ";
    if (reply == null) {
      syscalls.add(new StepRecord.Syscall(call.name(), args, 0, "", head + "?", plumbing));
    } else if (reply.failed()) {
      String errno = Errno.of(reply.errno()).map(Enum::name).orElse("?");
      String text = Errno.of(reply.errno()).map(Errno::text).orElse("unknown error");
      syscalls.add(
          new StepRecord.Syscall(
              call.name(), args, -1, errno, head + "-1 " + errno + " (" + text + ")", plumbing));
    } else {
      syscalls.add(
          new StepRecord.Syscall(
              call.name(), args, reply.value(), "", head + reply.value(), plumbing));
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

  /** Forks; fails the step when the kernel refuses. */
  public Actor fork(Call call, String name) {
    Actor.Forked forked = stage.fork(actor, call, name);
    Actor child = forked.child();
    if (child == null) {
      throw new StepFailed();
    }
    if (idOf(child).pidInside() == 1 && name.startsWith("child")) {
      child.rename(stage.freeName("init"));
    }
    StepRecord.ActorId id = idOf(child);
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
    return child;
  }

  /** Tells of a change that a look at the actor itself does not show. */
  public void changed(String change) {
    changes.add(change);
  }

  /** Adds a line of doqu's own. */
  public void note(String line) {
    notes.add(line);
  }
}
