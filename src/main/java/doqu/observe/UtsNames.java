package doqu.observe;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Namespace;
import doqu.stage.Stage;
import java.util.List;
import java.util.Optional;

/** What uname(2) tells a process: the names of its UTS namespace, and of the kernel and machine. */
public final class UtsNames {
  /** The fields of struct utsname in their order. */
  public static final List<String> FIELDS =
      List.of("sysname", "nodename", "release", "version", "machine", "domainname");

  private final Reply reply;

  private UtsNames(Reply reply) {
    this.reply = reply;
  }

  /**
   * Asks the actor or, when it runs a program or is in the midst of a step of another thread, goes
   * to its UTS namespace.
   *
   * @return empty: it has ended, or doqu may not go there
   * @throws doqu.actor.ActorGone when it was asked and is gone
   */
  public static Optional<UtsNames> of(Stage stage, Actor actor) {
    if (!Stage.canAct(actor) || !actor.take()) {
      Actor visitor = stage.outer();
      return Visit.to(
          actor, Namespace.UTS, visitor, () -> new UtsNames(visitor.plumb(Calls.uname())));
    }
    try {
      return Optional.of(new UtsNames(actor.plumb(Calls.uname())));
    } finally {
      actor.leave();
    }
  }

  /** One of the {@link #FIELDS}. */
  public String get(String field) {
    return Calls.unameField(reply, FIELDS.indexOf(field));
  }

  /** The host name. */
  public String hostname() {
    return get("nodename");
  }

  /** The NIS domain name. */
  public String domainname() {
    return get("domainname");
  }
}
