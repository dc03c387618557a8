package doqu.shell;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.ActorId;
import doqu.stage.Stage;
import java.util.Arrays;
import java.util.stream.Collectors;

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
    String own =
        Arrays.stream(Namespace.values())
            .filter(kind -> !stage.sharesWithHost(actor, kind))
            .map(Namespace::file)
            .collect(Collectors.joining(" "));
    String root = Libc.readLink("/proc/" + actor.pid() + "/root");
    // A format of Java's for numbers loads what it knows of locales, before the first prompt.
    return actor.name()
        + "  pid "
        + id.pidInside()
        + (stage.isBare() ? "" : ", " + id.pidStage() + " on the stage")
        + "  own: "
        + (own.isEmpty() ? "-" : own)
        + "  root "
        + (root == null ? "?" : root)
        + (hostname.isEmpty() ? "" : "  hostname " + hostname);
  }
}
