package doqu.shell;

import doqu.step.Args;
import doqu.step.Usage;
import doqu.step.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The commands that are about doqu itself: neither steps nor looks. */
enum Control {
  SWITCH(
      "switch child|parent|ACTOR|PID", "let another actor carry out the steps", Controls::switchTo),
  ATTACH("attach [ACTOR|PID]", "return to a program that was left with Ctrl-]", Controls::attach),
  HOST("host LOOK [ARG...]", "take a look from the host instead", Controls::host),
  BOTH("both LOOK [ARG...]", "take a look from the actor and from the host", Controls::both),
  DIFF(
      "diff [-l,--last|-s,--steps] [ACTOR|N] [ACTOR|N]",
      "what differs: from the host, an actor, after a step",
      Controls::diff),
  WHY("why", "what the last call that failed needs, and what of it does not hold", Controls::why),
  PREDICT(
      "predict STEP [ARG...]",
      "whether a step would succeed, without taking it",
      Controls::predict),
  UNDO("undo [N]", "go back before the last step, or N steps", Controls::undo),
  REDO("redo [N]", "carry out again what was undone", Controls::redo),
  RESET("reset", "begin on a fresh stage", Controls::reset),
  HISTORY("history", "the steps and what came of each", Controls::history),
  SAVE("save [-f,--force] PATH", "write the steps to a file of the machine", Controls::save),
  LOAD("load PATH", "carry out the steps of a file on a fresh stage", Controls::load),
  LESSON("lesson [LESSON]", "take up the guided lessons, or one of them", Controls::lesson),
  NEXT("next", "go on to the next step of the lesson", Guide::next),
  BACK("back", "go to the step of the lesson before", Guide::back),
  ANSWER(
      "answer CHOICE...",
      "say what you expect to come",
      (controls, args) -> controls.guide("answer").answer(String.join(" ", args.operands()))),
  HINT("hint", "help with the goal of the lesson, a little more each time", Guide::hint),
  SKIP("skip", "have doqu reach the goal of the lesson, and watch", Guide::skip),
  PLAY("play", "do as you like, and again: back to the lesson", Guide::play),
  WHERE("where", "the map of the lessons", Guide::where),
  REVIEW(
      "review [LESSON]",
      "what was learnt in the lessons",
      (controls, args) ->
          controls.guide("review").review(args.operands().isEmpty() ? "" : args.operand(0))),
  ROOTFS(
      "rootfs list|show|use|build|import|export|verify|rm [ARG...]",
      "the root file systems you keep, and which one is used",
      Controls::rootfs),
  SET("set [SETTING] [VALUE]", "how much is shown, and how", Controls::set),
  HELP("help [COMMAND]", "what there is, or what one command does", Controls::help),
  ERRNO("errno [ERRNO]", "what the error numbers mean", Controls::errno),
  MAN("man [SECTION] PAGE", "a page of this machine's own manual", Controls::man),
  QUIT("quit", "leave, as Ctrl-D does", Controls::quit),
  BYE("bye", "leave", Controls::quit);

  private final Usage usage;

  private final String says;

  private final BiConsumer<Controls, Args> action;

  Control(String usage, String says, BiConsumer<Controls, Args> action) {
    this.usage = Usage.of(usage);
    this.says = says;
    this.action = action;
  }

  /** A word of lessons, which takes nothing. */
  Control(String usage, String says, Consumer<Guide> action) {
    this(usage, says, (controls, args) -> action.accept(controls.guide(usage)));
  }

  static Optional<Control> named(String name) {
    return Arrays.stream(values()).filter(control -> control.word().equals(name)).findFirst();
  }

  /** The word it is called by. */
  String word() {
    return usage.name();
  }

  /** How it is written. */
  Usage usage() {
    return usage;
  }

  /** Whether it is followed by a look or a step, and what that takes. */
  boolean takesCommand() {
    return this == HOST || this == BOTH || this == PREDICT;
  }

  /**
   * Whether a lesson may use it in the learner's place. The files of the machine, the settings and
   * the lessons themselves are not a course's to change.
   */
  boolean isLed() {
    return takesCommand() || this == SWITCH || this == DIFF || this == WHY;
  }

  /** What it does, in one line. */
  String says() {
    return says;
  }

  /** Does it. */
  void run(Controls controls, List<Word> words) {
    action.accept(controls, Args.of(words, usage));
  }
}
