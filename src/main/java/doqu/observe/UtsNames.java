package doqu.observe;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
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
      return inside(actor, stage.outer()).map(UtsNames::new);
    }
    try {
      return Optional.of(new UtsNames(actor.plumb(Calls.uname())));
    } finally {
      actor.leave();
    }
  }

  /** What uname(2) says in the UTS namespace of an actor: another goes there, and back. */
  private static Optional<Reply> inside(Actor actor, Actor visitor) {
    int there = pass(actor, visitor);
    int home = pass(visitor, visitor);
    Optional<Reply> names = Optional.empty();
    if (there >= 0 && home >= 0 && enters(visitor, there)) {
      names = Optional.of(visitor.plumb(Calls.uname()));
      enters(visitor, home);
    }
    for (int descriptor : new int[] {there, home}) {
      if (descriptor >= 0) {
        visitor.plumb(Calls.close(descriptor));
      }
    }
    return names;
  }

  private static boolean enters(Actor visitor, int namespace) {
    return !visitor.plumb(Calls.setns(namespace, Flags.CLONE_NEWUTS)).failed();
  }

  /** The descriptor a visitor gets of an actor's UTS namespace; -1: none. Only doqu sees all. */
  private static int pass(Actor actor, Actor visitor) {
    long opened = Libc.open("/proc/" + actor.pid() + "/ns/uts", Flags.O_RDONLY);
    if (opened < 0) {
      return -1;
    }
    try {
      return visitor.receive((int) opened).orElse(-1);
    } finally {
      Libc.close((int) opened);
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
