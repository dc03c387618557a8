package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Flags;
import java.util.ArrayList;
import java.util.List;

/**
 * A throw-away process that makes calls of those a stage is built with, so that a machine can be
 * asked for them one by one.
 */
public final class Trial {
  private final List<Actor> actors = new ArrayList<>();

  private Trial() {}

  /** What is tried. */
  @FunctionalInterface
  public interface Course {
    void run(Trial trial) throws StageRefused;
  }

  /**
   * Tries it, and leaves nothing behind.
   *
   * @throws StageRefused when the machine refuses any of it
   */
  public static void of(Course course) throws StageRefused {
    Trial trial = new Trial();
    try {
      trial.actors.add(Asking.spawn("trial", 0));
      course.run(trial);
    } catch (ActorGone e) {
      throw Asking.gone(e, Asking.end(trial.actors));
    } finally {
      Asking.end(trial.actors);
    }
  }

  private Actor actor() {
    return actors.get(actors.size() - 1);
  }

  /** Makes a call that has to work; what it returned. */
  public int ask(Call call) throws StageRefused {
    return Asking.ask(actor(), call);
  }

  /** Enters a user namespace of its own. */
  public void unshareUser() throws StageRefused {
    ask(Calls.unshare(Flags.CLONE_NEWUSER));
  }

  /** Gets the ids there that a stage would have; how many. */
  public int mapIds() throws StageRefused {
    Ids ids = Ids.here();
    ids.give(actor());
    return ids.count();
  }

  /** The directory a stage would mount its work area on. */
  public static String placeForWork() {
    return Layers.placeForWork();
  }

  /** Forks: the child makes the calls from now on. */
  public void fork() throws StageRefused {
    actors.add(Asking.child(actor(), "trial"));
  }
}
