package doqu.shell;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.ActorId;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where the actor in focus stands, in one line: for below the prompt. */
final class Standing {
  private Standing() {}

  /**
   * The line.
   *
   * @param hostname of the actor; empty: it is not known
   */
  static String of(Stage stage, String hostname) {
    Actor actor = stage.focus();
    ActorId id = ActorId.of(actor);
    String proc = "/proc/" + actor.pid() + "/";
    List<String> own = new ArrayList<>();
    for (Map.Entry<Namespace, String> host : stage.hostNamespaces().entrySet()) {
      String link = Libc.readLink(proc + "ns/" + host.getKey().file());
      if (link != null && !link.equals(host.getValue())) {
        own.add(host.getKey().file());
      }
    }
    String root = Libc.readLink(proc + "root");
    return "%s  pid %d, %d on the stage  own: %s  root %s%s"
        .formatted(
            actor.name(),
            id.pidInside(),
            id.pidStage(),
            own.isEmpty() ? "-" : String.join(" ", own),
            root == null ? "?" : root,
            hostname.isEmpty() ? "" : "  hostname " + hostname);
  }
}
