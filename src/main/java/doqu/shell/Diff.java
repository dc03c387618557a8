package doqu.shell;

import doqu.actor.Actor;
import doqu.observe.Differences;
import doqu.observe.Snapshot;
import doqu.stage.Stage;
import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.StepRecord;
import doqu.step.Word;
import java.util.List;

/** {@code diff}: all that differs, side by side; what is the same is left out. */
final class Diff {
  private Diff() {}

  /** {@code diff [--last|--steps] [ACTOR|N] [ACTOR|N]}: without an actor from the host. */
  static Contrast of(Scene scene, Args args) {
    if (args.has("-s", "--steps")) {
      return betweenSteps(scene.deeds(), args);
    }
    if (args.has("-l", "--last")) {
      return sinceTheLastStep(scene, args);
    }
    Stage stage = scene.stage();
    List<Word> who = args.words();
    return between(
        scene,
        who.isEmpty() ? stage.focus() : Who.orHost(who.get(0), stage),
        who.size() < 2 ? stage.init() : Who.orHost(who.get(1), stage));
  }

  /** Between two actors, or one and the host. */
  private static Contrast between(Scene scene, Actor one, Actor other) {
    if (one == other) {
      throw new Mistake("'" + one.name() + "' does not differ from itself: name another");
    }
    Stage stage = scene.stage();
    return contrast(
        name(stage, one), snapshot(scene, one), name(stage, other), snapshot(scene, other));
  }

  private static String name(Stage stage, Actor actor) {
    return actor == stage.init() ? Who.HOST : actor.name();
  }

  private static Snapshot snapshot(Scene scene, Actor actor) {
    if (actor.hasEnded()) {
      throw Who.cannotAct(actor);
    }
    return Snapshot.of(scene.stage(), actor);
  }

  /** Between before the last step that was observed and now, of who carried it out. */
  private static Contrast sinceTheLastStep(Scene scene, Args args) {
    if (!args.operands().isEmpty()) {
      throw new Mistake("'" + args.operand(0) + "' is too much: diff --last takes no actor");
    }
    for (int place = scene.deeds().size() - 1; place >= 0; place--) {
      Deed deed = scene.deeds().get(place);
      StepRecord record = deed.record();
      if (record != null && !record.before().actor().facts().isEmpty()) {
        Snapshot now = deed.who().hasEnded() ? record.after().actor() : snapshot(scene, deed.who());
        if (now.facts().isEmpty()) {
          throw new Mistake(deed + " was its last: there is nothing to compare with");
        }
        return contrast("before " + deed.text(), record.before().actor(), "now", now);
      }
    }
    throw new Mistake("there is no last step: none has been taken");
  }

  private static Contrast contrast(String one, Snapshot a, String other, Snapshot b) {
    return new Contrast(one, other, Differences.between(a, b), List.of());
  }

  /** Between the states after two steps, by their numbers in the history; alone, and the last. */
  private static Contrast betweenSteps(List<Deed> deeds, Args args) {
    if (args.has("-l", "--last")) {
      throw new Mistake("'--last' is too much: diff --steps compares the steps it is told");
    }
    if (args.operands().isEmpty()) {
      throw new Mistake("something is missing: diff --steps N [N]");
    }
    int one = step(args.operand(0), deeds);
    int other = args.operands().size() < 2 ? deeds.size() : step(args.operand(1), deeds);
    if (one == other) {
      throw new Mistake("'" + one + "' does not differ from itself: name another step");
    }
    return Recorded.between(Recorded.after(deeds, one), Recorded.after(deeds, other));
  }

  private static int step(String word, List<Deed> deeds) {
    int number = Args.number(word, "the number of a step");
    if (number < 0 || number > deeds.size()) {
      throw new Mistake(
          "'%s' is no step that was taken: there are %s; history lists them"
              .formatted(word, deeds.isEmpty() ? "none" : "1 to " + deeds.size()));
    }
    return number;
  }
}
