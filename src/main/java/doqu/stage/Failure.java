package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that failed.
 *
 * @param call its name; {@code uid_map} for writing to that file
 * @param namespaces the flags of unshare(2)
 * @param fileSystem the type of mount(2)
 * @param errno the errno
 * @param actor who made it, and can be asked to make others; {@code null} when doqu itself did
 */
record Failure(String call, long namespaces, String fileSystem, int errno, @Nullable Actor actor) {

  static Failure of(Actor actor, Call call, int errno) {
    boolean unshare = call.name().equals("unshare");
    boolean mount = call.name().equals("mount");
    return new Failure(
        call.name(),
        unshare ? call.args().get(0).value() : 0,
        mount ? Calls.cString(call.args().get(2).block(), 0) : "",
        errno,
        actor);
  }

  static Failure of(String call, int errno) {
    return new Failure(call, 0, "", errno, null);
  }

  boolean is(String... calls) {
    return List.of(calls).contains(call);
  }

  boolean with(Errno... errnos) {
    return List.of(errnos).stream().anyMatch(each -> each.number() == errno);
  }

  /** Whether a new user namespace was asked for. */
  boolean ofUserNamespace() {
    return (namespaces & Flags.CLONE_NEWUSER) != 0;
  }

  /** The name of the errno. */
  String error() {
    return Errno.of(errno).map(Enum::name).orElse("errno " + errno);
  }
}
