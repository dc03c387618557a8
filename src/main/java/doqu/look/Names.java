package doqu.look;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.step.Args;
import java.util.ArrayList;
import java.util.List;

/** {@code hostname} and {@code uname}: what a UTS namespace isolates, and what it does not. */
public final class Names {
  private static final List<String> FIELDS =
      List.of("sysname", "nodename", "release", "version", "machine", "domainname");

  private Names() {}

  /** The host name an actor has. */
  public static String hostname(Actor actor) {
    return Calls.unameField(actor.plumb(Calls.uname()), FIELDS.indexOf("nodename"));
  }

  static List<String> hostname(Looks.Seen seen, Args args) {
    String own = names(seen.actor());
    String host = names(seen.stage().init());
    return seen.actor() == seen.stage().init()
        ? List.of("host: " + host)
        : List.of(seen.actor().name() + ": " + own, "host: " + host);
  }

  private static String names(Actor actor) {
    Reply reply = actor.plumb(Calls.uname());
    return Calls.unameField(reply, FIELDS.indexOf("nodename"))
        + ", domain name "
        + Calls.unameField(reply, FIELDS.indexOf("domainname"));
  }

  static List<String> uname(Looks.Seen seen, Args args) {
    Reply reply = seen.actor().plumb(Calls.uname());
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < FIELDS.size(); i++) {
      lines.add(FIELDS.get(i) + ": " + Calls.unameField(reply, i));
    }
    return lines;
  }
}
