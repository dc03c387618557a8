package doqu.lesson;

import doqu.actor.Actor;

/**
 * One thing a goal asks of the kernel's state: that what is found is what is expected.
 *
 * @param what is looked at: {@code hostname}
 * @param who is looked at
 * @param expected what has to be found
 * @param isFailure whether that is a failure
 */
record Condition(String what, Who who, String expected, boolean isFailure, Look look) {

  /** Whom a condition is about. */
  record Who(Kind kind, String name) {
    enum Kind {
      /** Any actor, the same for all conditions of a goal that say so. */
      ONE,
      /** Who acts. */
      FOCUS,
      /** The stage's own first process, which the learner never drives. */
      HOST,
      /** The actor of that name. */
      NAMED,
      /** Nobody: it is about the stage, or about the last step. */
      NOBODY
    }

    static final Who NOBODY = new Who(Kind.NOBODY, "");

    static Who of(String word) {
      return switch (word) {
        case "", "one" -> new Who(Kind.ONE, "");
        case "focus" -> new Who(Kind.FOCUS, "");
        case "host" -> new Who(Kind.HOST, "host");
        default -> new Who(Kind.NAMED, word);
      };
    }
  }

  /** Says what is found. */
  @FunctionalInterface
  interface Look {
    String found(Scenery scenery, Actor actor);
  }
}
