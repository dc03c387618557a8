package doqu.shell;

import doqu.actor.Actor;
import doqu.look.Table;
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

  /** {@code diff [--last] [ACTOR] [ACTOR]}: without an actor from the host. */
  static List<String> lines(Scene scene, Args args) {
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
  private static List<String> between(Scene scene, Actor one, Actor other) {
    if (one == other) {
      throw new Mistake("'" + one.name() + "' does not differ from itself: name another");
    }
    Stage stage = scene.stage();
    return lines(
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
  private static List<String> sinceTheLastStep(Scene scene, Args args) {
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
        return lines("before " + deed.text(), record.before().actor(), "now", now);
      }
    }
    throw new Mistake("there is no last step: none has been taken on this stage");
  }

  private static List<String> lines(String one, Snapshot a, String other, Snapshot b) {
    List<Differences.Row> rows = Differences.between(a, b);
    if (rows.isEmpty()) {
      return List.of("nothing differs between " + one + " and " + other);
    }
    Table table = new Table("", one, other);
    rows.forEach(row -> table.row(row.what(), row.one(), row.other()));
    return table.lines();
  }
}
