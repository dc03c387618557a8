package doqu.shell;

import doqu.actor.Actor;
import doqu.look.Looks;
import doqu.observe.ActorId;
import doqu.stage.Stage;
import doqu.step.ActorName;
import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.Steps;
import doqu.step.Word;
import java.util.ArrayList;
import java.util.List;

/** What is known of a command about doqu itself before it is carried out: words it would refuse. */
final class Foregone {
  private Foregone() {}

  /**
   * Checks the words that have to be one of a few.
   *
   * @throws Mistake as the command itself would
   */
  static void check(Control control, List<Word> words, Stage stage) {
    Args args = Args.of(words, control.usage());
    List<String> operands = args.operands();
    if (operands.isEmpty()) {
      return;
    }
    switch (control) {
      case HELP -> {
        if (!Session.words().contains(operands.get(0))) {
          throw Mistake.unknown("command", operands.get(0), Session.words());
        }
      }
      case ERRNO -> ErrnoTable.lines(operands);
      case HOST, BOTH -> Looks.parse(operands.get(0));
      case PREDICT -> Steps.parse(operands.get(0));
      case ROOTFS -> RootfsWord.of(operands.get(0)).check(words.subList(1, words.size()));
      case SET -> Settings.untouched().carryOut(operands);
      case UNDO, REDO -> Controls.steps(args);
      case SWITCH, ATTACH -> Who.is(args.words().get(0), stage);
      case DIFF -> {
        if (!args.has("-s", "--steps")) {
          args.words().forEach(word -> Who.orHost(word, stage));
        }
      }
      default -> {
        // Any word may be right.
      }
    }
  }

  /** What a word that has to be one of a few may become, beside what everyone can know. */
  static List<String> ends(Control control, List<Word> words, Stage stage) {
    List<String> ends = new ArrayList<>();
    switch (control) {
      case SWITCH, ATTACH, DIFF -> {
        ends.addAll(List.of(ActorName.CHILD, ActorName.PARENT, Who.HOST));
        ends.addAll(stage.actors().stream().map(Actor::name).toList());
        ends.addAll(
            stage.actors().stream()
                .map(actor -> Integer.toString(ActorId.pidStage(actor)))
                .toList());
      }
      case SET -> {
        if (words.size() > 1) {
          ends.addAll(Settings.choices(List.of(words.get(0).text())));
        }
      }
      default -> {
        // Its usage says all.
      }
    }
    return ends;
  }
}
