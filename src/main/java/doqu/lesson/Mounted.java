package doqu.lesson;

import doqu.actor.Actor;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;

/** What is mounted, in the words in which a goal asks for it. */
final class Mounted {
  static final String NOTHING = "nothing";
  static final String SOMETHING = "something";
  static final String NOWHERE = "nowhere";
  static final String UNCHANGED = "unchanged";

  private Mounted() {}

  /** What an actor has at a path: its type, or that there is something. */
  static String at(String point, boolean type, Scenery scenery, Actor who) {
    return scenery
        .of(who)
        .mounts()
        .at(point)
        .map(mount -> type ? mount.type() : SOMETHING)
        .orElse(NOTHING);
  }

  /** Where an actor has what the host has mounted at a path. */
  static String whereTheHostsIs(String path, Scenery scenery, Actor who) {
    return scenery.of(scenery.stage().init()).mounts().at(path).stream()
        .flatMap(
            hosts ->
                scenery.of(who).mounts().list().stream()
                    .filter(one -> one.device().equals(hosts.device())))
        .map(Mount::point)
        .findFirst()
        .orElse(NOWHERE);
  }

  /** How the host's mounts are otherwise than before the first step. */
  static String onTheHost(Scenery scenery) {
    List<Mount> were = scenery.hostMountsAtFirst().list();
    List<Mount> are = scenery.of(scenery.stage().init()).mounts().list();
    return added(were, are)
        .map(point -> "one more on " + point)
        .or(() -> added(are, were).map(point -> "one less on " + point))
        .orElse(UNCHANGED);
  }

  /** Where more is mounted than there was: the same may be there twice, one upon the other. */
  private static Optional<String> added(List<Mount> were, List<Mount> are) {
    return are.stream()
        .filter(one -> alike(one, are) > alike(one, were))
        .map(Mount::point)
        .findFirst();
  }

  /** How many show the same at the same place; what they are shared with may differ. */
  private static long alike(Mount one, List<Mount> mounts) {
    return mounts.stream()
        .filter(other -> other.point().equals(one.point()))
        .filter(other -> other.device().equals(one.device()) && other.root().equals(one.root()))
        .count();
  }
}
