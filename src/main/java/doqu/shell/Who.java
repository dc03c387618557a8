package doqu.shell;

import doqu.actor.Actor;
import doqu.observe.ActorId;
import doqu.stage.Stage;
import doqu.step.ActorName;
import doqu.step.Mistake;
import doqu.step.Word;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds the actor that a word means. */
final class Who {
  private Who() {}

  /**
   * Finds it.
   *
   * @param word {@code child} or {@code parent} of the one in focus, where there is one; a name, or
   *     a PID on the stage; in quotes it is a name
   */
  static Actor is(Word word, Stage stage) {
    Actor focus = stage.focus();
    String text = word.text();
    if (text.equals(ActorName.CHILD) && !word.quoted()) {
      return child(focus, stage)
          .orElseThrow(() -> new Mistake("'child': " + focus.name() + " has none that lives"));
    }
    if (text.equals(ActorName.PARENT) && !word.quoted()) {
      return parent(focus, stage);
    }
    return stage
        .named(text)
        .or(
            () ->
                stage.actors().stream()
                    .filter(a -> NUMBER.matcher(text).matches())
                    .filter(a -> Integer.toString(ActorId.pidStage(a)).equals(text))
                    .findFirst())
        .orElseThrow(
            () ->
                Mistake.unknown("actor", text, stage.actors().stream().map(Actor::name).toList()));
  }

  /** Its child called so; its youngest; whoever else is called so, itself included. */
  private static Optional<Actor> child(Actor focus, Stage stage) {
    Optional<Actor> named = stage.named(ActorName.CHILD).filter(actor -> !actor.hasEnded());
    return named
        .filter(actor -> actor.parent() == focus)
        .or(() -> stage.childOf(focus))
        .or(() -> named);
  }

  private static Actor parent(Actor child, Stage stage) {
    Actor parent = child.parent();
    if (parent == null || !stage.actors().contains(parent)) {
      throw new Mistake(
          "'parent': that of " + child.name() + " is PID 1 of the stage, which nobody drives");
    }
    return parent;
  }

  /** Whether a word means any actor now. */
  static boolean isAny(String word, Stage stage) {
    try {
      is(new Word(word, false), stage);
      return true;
    } catch (Mistake e) {
      return false;
    }
  }

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** The word for the host where an actor may be named. */
  static final String HOST = "host";

  /** The same, or the host's process. */
  static Actor orHost(Word word, Stage stage) {
    return word.text().equals(HOST) ? stage.init() : is(word, stage);
  }

  /** Moves the focus to the actor of that name, as it was when it carried out a step. */
  static void actsAgain(String name, Stage stage) {
    stage.focus(
        stage.actors().stream()
            .filter(actor -> actor.name().equals(name) && Stage.canAct(actor))
            .findFirst()
            .orElseThrow(() -> new Mistake("'" + name + "' is not there any more")));
  }

  /** Why an actor cannot carry out steps. */
  static Mistake cannotAct(Actor actor) {
    return new Mistake(
        "'"
            + actor.name()
            + "' cannot act: it "
            + (actor.hasEnded()
                ? "has ended"
                : actor.isLeaving()
                    ? "ends when those in its PID namespace have been waited for"
                    : "runs a program; attach returns to it"));
  }
}
