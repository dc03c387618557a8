package doqu.step;

import java.util.Set;

/** The names of actors, and the words that mean one of them by how it is related. */
public final class ActorName {
  /** The child of who acts. */
  public static final String CHILD = "child";

  /** The one whose child acts. */
  public static final String PARENT = "parent";

  private static final Set<String> RELATIONS = Set.of(CHILD, PARENT);

  private ActorName() {}

  /** Whether a word has another use than to name an actor. */
  static boolean isReserved(String name) {
    return RELATIONS.contains(name);
  }

  /** How to write a name so that nobody else is meant. */
  public static String written(String name) {
    return isReserved(name) ? "'" + name + "'" : name;
  }
}
