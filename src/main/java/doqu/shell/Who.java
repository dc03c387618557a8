package doqu.shell;

import doqu.actor.Actor;
import doqu.observe.ActorId;
import doqu.stage.Stage;
import doqu.step.Mistake;

/** Finds the actor that a word means. */
final class Who {
  private Who() {}

  /**
   * Finds it.
   *
   * @param word {@code child} or {@code parent} of the one in focus, a name, or a PID on the stage
   */
  static Actor is(String word, Stage stage) {
    Actor focus = stage.focus();
    return switch (word) {
      case "child" ->
          stage
              .named("child")
              .filter(actor -> actor.parent() == focus && !actor.hasEnded())
              .or(() -> stage.childOf(focus))
              .orElseThrow(() -> new Mistake("'child': " + focus.name() + " has none that lives"));
      case "parent" -> parent(focus, stage);
      default ->
          stage
              .named(word)
              .or(
                  () ->
                      stage.actors().stream()
                          .filter(a -> Integer.toString(ActorId.of(a).pidStage()).equals(word))
                          .findFirst())
              .orElseThrow(
                  () ->
                      Mistake.unknown(
                          "actor", word, stage.actors().stream().map(Actor::name).toList()));
    };
  }

  private static Actor parent(Actor child, Stage stage) {
    Actor parent = child.parent();
    if (parent == null || !stage.actors().contains(parent)) {
      throw new Mistake(
          "'parent': that of " + child.name() + " is PID 1 of the stage, which nobody drives");
    }
    return parent;
  }

  /** The word for the host where an actor may be named. */
  static final String HOST = "host";

  /** The same, or the host's process. */
  static Actor orHost(String word, Stage stage) {
    return word.equals(HOST) ? stage.init() : is(word, stage);
  }

  /** Moves the focus to the actor of that name, as it was when it carried out a step. */
  static void actsAgain(String name, Stage stage) {
    stage.focus(
        stage.actors().stream()
            .filter(actor -> actor.name().equals(name) && Stage.canAct(actor))
            .findFirst()
            .orElseThrow(() -> new Mistake("'" + name + "' is not on the stage any more")));
  }

  /** Why an actor cannot carry out steps. */
  static Mistake cannotAct(Actor actor) {
    return new Mistake(
        "'"
            + actor.name()
            + "' cannot act: it "
            + (actor.hasEnded() ? "has ended" : "runs a program; attach returns to it"));
  }
}
