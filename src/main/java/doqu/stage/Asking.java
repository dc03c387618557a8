package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.ActorProgram;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Forked;
import doqu.actor.Reply;
import doqu.actor.SpawnFailed;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import doqu.kernel.WaitStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a stage asks of the machine: each call has to work, and one that does not is refused with
 * its causes.
 */
final class Asking {
  private Asking() {}

  /** An actor in doqu's own namespaces. */
  static Actor spawn(String name, int stageLevel) throws StageRefused {
    try {
      return ActorProgram.spawn(name, stageLevel);
    } catch (SpawnFailed e) {
      throw refused(e.call(), Failure.of(e.call(), e.errno()));
    }
  }

  /** Makes a call; what it returned. */
  static int ask(Actor actor, Call call) throws StageRefused {
    Reply reply = actor.plumb(call);
    if (reply.failed()) {
      throw refused(call.toString(), Failure.of(actor, call, reply.errno()));
    }
    return (int) reply.value();
  }

  /** Forks. */
  static Actor child(Actor parent, String name) throws StageRefused {
    Forked forked = parent.fork(Calls.fork(), name);
    Reply reply = forked.reply();
    if (forked.child() == null) {
      // Without a reply the call was not made: no descriptor was left for the child.
      int errno = reply == null ? Errno.EMFILE.number() : reply.errno();
      throw refused(Calls.fork().toString(), Failure.of(parent, Calls.fork(), errno));
    }
    return Objects.requireNonNull(forked.child());
  }

  /** Writes to a file that is there. */
  static void write(Actor actor, String path, String text) throws StageRefused {
    int descriptor = ask(actor, Calls.open(path, Flags.O_WRONLY | Flags.O_CLOEXEC, 0));
    Reply written = actor.plumb(Calls.write(descriptor, text.getBytes(StandardCharsets.US_ASCII)));
    actor.plumb(Calls.close(descriptor));
    if (written.failed()) {
      throw notWritten(path, written.errno(), actor);
    }
  }

  /** A file that could not be written to. */
  static StageRefused notWritten(String path, int errno, @Nullable Actor actor) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return refused("write to " + path, new Failure(name, 0, "", errno, actor));
  }

  /** A call that failed, as strace prints it. */
  static StageRefused refused(String shown, Failure failure) {
    return new StageRefused(Refusal.of(shown, failure));
  }

  /**
   * Ends actors, of which the first is a child of doqu's own process and each other one that of the
   * one before, and forgets them.
   *
   * @return how the first one ended
   */
  static WaitStatus end(List<Actor> actors) {
    if (actors.isEmpty()) {
      return new WaitStatus(0);
    }
    for (int youngest = actors.size() - 1; youngest > 0; youngest--) {
      end(actors.get(youngest));
      try {
        // Or it would be left to PID 1 of the machine, which in a container may not wait for it.
        actors.get(youngest - 1).plumb(Calls.wait4(-1, 0));
      } catch (ActorGone e) {
        // Then somebody else has to.
      }
    }
    end(actors.get(0));
    WaitStatus status = Libc.reap(actors.get(0).pid());
    actors.clear();
    return status;
  }

  private static void end(Actor actor) {
    actor.end();
    // Where no signal can be sent, it still ends itself when its socket is closed.
    actor.release();
  }

  /** What it means that an actor is gone that nobody has ended. */
  static StageRefused gone(ActorGone gone, WaitStatus status) {
    boolean killed = status.signal() == Signals.SIGSYS;
    return new StageRefused(
        Refusal.because(
            Objects.toString(gone.getMessage()),
            killed ? Confinement.kills(Evidence.HERE) : List.of()));
  }
}
