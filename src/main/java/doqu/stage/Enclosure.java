package doqu.stage;

import static doqu.stage.Asking.ask;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Flags;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An actor for which one directory of the machine is all there is: its root directory is the root
 * of a mount namespace in which nothing else is mounted. Whatever a name or a symbolic link says,
 * the kernel finds no file for it outside. It is root over the ids it has, and over nothing else.
 */
public final class Enclosure implements AutoCloseable {
  private final Actor actor;

  private Enclosure(Actor actor) {
    this.actor = actor;
  }

  /**
   * Encloses a new actor in a directory.
   *
   * @param ids which ids outside those are that it gives to files
   * @throws StageRefused when the machine forbids it
   */
  public static Enclosure in(Path directory, Ids ids) throws StageRefused {
    Actor actor = Asking.spawn("enclosed", 0);
    List<Actor> started = new ArrayList<>(List.of(actor));
    boolean enclosed = false;
    try {
      if (ids.base().isPresent()) {
        // Only the machine's root may get to the directory at all.
        confine(actor, directory);
        ask(actor, Calls.unshare(Flags.CLONE_NEWUSER));
        ids.give(actor);
      } else {
        // Only who is root of a user namespace may change a mount, and its maps lie in /proc.
        ask(actor, Calls.unshare(Flags.CLONE_NEWUSER));
        ids.give(actor);
        confine(actor, directory);
      }
      ask(actor, Call.of("umask", Arg.mode(0)));
      enclosed = true;
      return new Enclosure(actor);
    } catch (ActorGone e) {
      throw Asking.gone(e, Asking.end(started));
    } finally {
      if (!enclosed) {
        Asking.end(started);
      }
    }
  }

  private static void confine(Actor actor, Path directory) throws StageRefused {
    String path = directory.toAbsolutePath().toString();
    ask(actor, Calls.unshare(Flags.CLONE_NEWNS));
    ask(actor, Calls.mount("none", "/", "", Flags.MS_REC | Flags.MS_PRIVATE, ""));
    ask(actor, Calls.mount(path, path, "", Flags.MS_BIND | Flags.MS_REC, ""));
    ask(actor, Calls.chdir(path));
    // The old root comes to lie on the new one and is taken off: pivot_root(2), NOTES.
    ask(actor, Calls.pivotRoot(".", "."));
    ask(actor, Calls.umount2(".", Flags.MNT_DETACH));
    ask(actor, Calls.chdir("/"));
  }

  /** Who makes the calls; its current directory is its root. */
  public Actor actor() {
    return actor;
  }

  /** Ends it. */
  @Override
  public void close() {
    Asking.end(new ArrayList<>(List.of(actor)));
  }
}
