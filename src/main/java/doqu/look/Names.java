package doqu.look;

import doqu.actor.Actor;
import doqu.observe.UtsNames;
import doqu.stage.Stage;
import doqu.step.Args;
import doqu.step.Mistake;
import java.util.List;

/** {@code hostname} and {@code uname}: what a UTS namespace isolates, and what it does not. */
final class Names {
  private Names() {}

  static List<String> hostname(Looks.Seen seen, Args args) {
    Actor host = seen.stage().init();
    String hosts = "host: " + names(seen.stage(), host);
    return seen.actor() == host
        ? List.of(hosts)
        : List.of(seen.actor().name() + ": " + names(seen.stage(), seen.actor()), hosts);
  }

  /** Of the one alone, whose column says who that is. */
  static List<String> own(Looks.Seen seen, Args args) {
    return List.of(names(seen.stage(), seen.actor()));
  }

  private static String names(Stage stage, Actor actor) {
    UtsNames names = of(stage, actor);
    return names.hostname() + ", domain name " + names.domainname();
  }

  private static UtsNames of(Stage stage, Actor actor) {
    return UtsNames.of(stage, actor)
        .orElseThrow(() -> new Mistake("'" + actor.name() + "' cannot be asked now"));
  }

  static List<String> uname(Looks.Seen seen, Args args) {
    UtsNames names = of(seen.stage(), seen.actor());
    return UtsNames.FIELDS.stream().map(field -> field + ": " + names.get(field)).toList();
  }
}
