package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.CallTooLong;
import doqu.look.Looks;
import doqu.observe.ActorId;
import doqu.observe.Life;
import doqu.rootfs.LearnersRootfs;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.Step;
import doqu.step.StepRecord;
import doqu.step.Steps;
import doqu.step.Word;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One learner at one stage: carries out lines and shows what came of them.
 *
 * <p>What happens besides, an end or a late reply, is shown by {@link #settle()}, which may be
 * called from another thread; {@link #interrupt()} may be called at any time.
 */
public final class Session implements AutoCloseable {
  private static final String ROOTFS = "ROOTFS";
  private static final int FOR_EVER = -1;

  /** How soon a script notices that a program has been stopped, in milliseconds. */
  private static final int LOOK = 200;

  /** How many looks an actor may take that is on its way back from a call: two seconds. */
  private static final int SOON = 100;

  private final Screen screen;
  private final boolean terminal;
  private final Programs programs;
  private final Wake wake;
  private final Set<Actor> mourned = new HashSet<>();
  private Lanes lanes;
  private volatile Stage stage;
  private boolean rootfsLaid;
  private volatile boolean quit;
  private boolean closed;

  /** Whether a step has failed that came back after its line was done. */
  private boolean lateFailure;

  /**
   * Begins on a stage.
   *
   * @param terminal whether programs that are exec'd get doqu's terminal
   */
  Session(Screen screen, Stage stage, boolean terminal) {
    this.screen = screen;
    this.stage = stage;
    this.terminal = terminal;
    this.programs = new Programs(screen, terminal);
    this.wake = new Wake();
    this.lanes = new Lanes(wake::wake);
  }

  Stage stage() {
    return stage;
  }

  boolean hasQuit() {
    return quit;
  }

  /** Every word a command may begin with. */
  static List<String> words() {
    return Stream.of(
            Stream.of(Control.values()).map(Control::word),
            Steps.rows().map(Steps.Row::name),
            Looks.rows().map(Looks.Row::name))
        .flatMap(names -> names)
        .distinct()
        .toList();
  }

  /** The prompt: who acts, and with which PID as it sees itself. */
  String prompt() {
    Actor actor = stage.focus();
    return actor.name().equals("doqu")
        ? "doqu> "
        : "doqu[" + ActorId.of(actor).pidInside() + " " + actor.name() + "]> ";
  }

  /** Carries out the commands of a line up to the first that fails; whether none did. */
  boolean line(String line) {
    return line(line, false);
  }

  /** The same, where a step that fails need not be the last: whether none did. */
  synchronized boolean line(String line, boolean keepGoing) {
    boolean ok = true;
    try {
      if (Line.uses(line, ROOTFS)) {
        layRootfs();
      }
      for (Line.Command command :
          Line.split(line, Map.of(ROOTFS, LearnersRootfs.directory(stage)))) {
        ok &= carryOut(command);
        settle();
        if (quit || !(ok || keepGoing)) {
          break;
        }
      }
    } catch (Mistake e) {
      screen.mistake(line.strip(), String.valueOf(e.getMessage()));
      ok = false;
    } finally {
      wake.wake(); // there may be more processes to watch now
    }
    return ok;
  }

  private boolean carryOut(Line.Command command) {
    try {
      return command(command.text(), command.words());
    } catch (Mistake | CallTooLong | ActorGone e) {
      screen.mistake(command.text(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // A fault of doqu's own costs the learner one line, not the stage.
      String where = e.getStackTrace().length == 0 ? "" : " in " + e.getStackTrace()[0];
      screen.mistake(command.text(), "a fault of doqu's own: " + e + where);
    }
    return false;
  }

  private boolean command(String text, List<Word> words) {
    String name = words.get(0).text();
    List<Word> rest = words.subList(1, words.size());
    Optional<Control> control = Control.named(name);
    if (control.isPresent()) {
      control.get().run(this, rest);
      return true;
    }
    Optional<Steps.Row> step = Steps.named(name);
    Optional<Looks.Row> look = Looks.named(name);
    // caps is both: alone it looks.
    if (look.isPresent() && (step.isEmpty() || rest.isEmpty())) {
      look(text, look.get(), stage.focus(), rest);
      return true;
    }
    if (step.isPresent()) {
      return step(text, stage.focus(), step.get().parser().apply(rest));
    }
    throw Mistake.unknown("command", name, words());
  }

  private void look(String line, Looks.Row row, Actor actor, List<Word> words) {
    if (row.asksActor()) {
      ready(actor);
    }
    screen.look(line, row.look().show(new Looks.Seen(stage, actor), words));
  }

  private boolean step(String line, Actor actor, Step step) {
    ready(actor);
    if (step.becomesProgram()) {
      programs.prepare(actor);
    }
    Optional<StepRecord> record = lanes.carryOut(stage, actor, line, step);
    if (record.isEmpty()) {
      screen.said(
          blocked(actor)
              + (terminal && Life.of(actor) != Life.STOPPED
                  ? "; switch to another, or press Ctrl-C to interrupt it"
                  : ""));
      return true;
    }
    if (actor.runsProgram()) {
      programs.follow(stage, actor, record.get());
    } else {
      screen.step(record.get(), programs.output(stage));
    }
    return record.get().ok();
  }

  private static String blocked(Actor actor) {
    if (Life.of(actor) == Life.STOPPED) {
      return actor.name() + " is stopped by a signal: kill -CONT lets it go on";
    }
    Call pending = actor.pending();
    return actor.name() + " is blocked" + (pending == null ? "" : " in " + pending);
  }

  /** Waits for an actor that comes back soon; in a script also for what a program may yet free. */
  private void ready(Actor actor) {
    for (int looks = 0; lanes.blocked().contains(actor); looks++) {
      boolean soon = !lanes.isAsleep(actor) && looks < SOON;
      if (!soon && (terminal || !programs.anyRuns(stage))) {
        throw new Mistake(blocked(actor) + ": switch to another actor");
      }
      Wake.pause();
      settle();
    }
    if (!Stage.canAct(actor)) {
      throw Who.cannotAct(actor);
    }
    if (Life.of(actor) == Life.STOPPED) {
      throw new Mistake("'" + actor.name() + "' is stopped by a signal: kill -CONT lets it go on");
    }
  }

  void switchTo(List<Word> words) {
    String usage = "switch " + Control.SWITCH.synopsis();
    Actor actor = Who.is(Args.operands(words, 1, 1, usage).get(0), stage);
    if (!Stage.canAct(actor)) {
      throw Who.cannotAct(actor);
    }
    stage.focus(actor);
  }

  void attach(List<Word> words) {
    List<String> who = Args.operands(words, 0, 1, "attach " + Control.ATTACH.synopsis());
    programs.attach(stage, who.isEmpty() ? programs.youngest(stage) : Who.is(who.get(0), stage));
  }

  void host(List<Word> words) {
    if (words.isEmpty()) {
      throw new Mistake("something is missing: host " + Control.HOST.synopsis());
    }
    String name = words.get(0).text();
    Looks.Row row =
        Looks.named(name)
            .orElseThrow(
                () -> Mistake.unknown("look", name, Looks.rows().map(Looks.Row::name).toList()));
    look("host " + name, row, stage.init(), words.subList(1, words.size()));
  }

  void help(List<Word> words) {
    screen.look("help", Help.lines(words));
  }

  void quit(List<Word> words) {
    Args.operands(words, 0, 0, "quit");
    quit = true;
  }

  /** Whether a step failed that came back after its line was done. */
  synchronized boolean failedLate() {
    return lateFailure;
  }

  /** Interrupts what the focused actor is blocked in. */
  void interrupt() {
    Actor actor = stage.focus();
    for (int tries = 0; actor.pending() != null && tries < 25; tries++) {
      actor.interrupt();
      Wake.pause();
    }
  }

  /** Waits until something happens on the stage that {@link #settle()} has to tell. */
  void await() {
    wake.await(stage, mourned(), FOR_EVER);
  }

  private synchronized Set<Actor> mourned() {
    return Set.copyOf(mourned);
  }

  /** Shows what has happened meanwhile, and moves the focus away from those who have ended. */
  synchronized void settle() {
    if (closed) {
      return;
    }
    String output = programs.output(stage);
    if (!output.isEmpty()) {
      screen.output(output);
    }
    // The focus moves first: what is told is told above the prompt of who acts from now on.
    List<StepRecord> returned = lanes.returned();
    if (!Stage.canAct(stage.focus())) {
      stage.heirOf(stage.focus()).ifPresent(stage::focus);
    }
    for (StepRecord record : returned) {
      screen.step(record, "");
      lateFailure |= !record.ok();
    }
    for (Actor actor : stage.actors()) {
      if (actor.hasEnded() && mourned.add(actor)) {
        screen.said(end(actor));
      }
      if (mourned.contains(actor) && Life.of(actor) == Life.GONE) {
        stage.forget(actor);
      }
    }
    List<Actor> alive = stage.actors().stream().filter(actor -> !actor.hasEnded()).toList();
    if (alive.isEmpty()) {
      startAgain();
    } else if (alive.stream().allMatch(actor -> Life.of(actor) == Life.STOPPED)) {
      // Nobody is left on the stage who could send the signal.
      alive.forEach(Actor::resume);
      screen.said("every actor was stopped by a signal: doqu has sent SIGCONT to all of them");
    }
  }

  private static String end(Actor actor) {
    return actor.name()
        + Life.end(actor).map(status -> " " + status.shownAtEnd()).orElse(" has ended");
  }

  private void startAgain() {
    stage.close();
    try {
      stage = Stage.start();
      lanes = new Lanes(wake::wake);
      rootfsLaid = false;
      mourned.clear();
      screen.said("the stage is empty: its last actor has ended. A fresh one begins; quit leaves.");
    } catch (StageRefused e) {
      e.lines().forEach(screen::said);
      quit = true;
    }
  }

  /**
   * Waits until every program has ended.
   *
   * @return the actors that are blocked then, and the programs that are stopped
   */
  List<String> finish() {
    while (programs.anyRuns(stage)) {
      wake.await(stage, mourned(), LOOK);
      settle();
    }
    // What the last of them ended may have freed an actor.
    for (int tries = 0; !lanes.blocked().isEmpty() && tries < 10; tries++) {
      Wake.pause();
      settle();
    }
    return Stream.concat(lanes.blocked().stream(), programs.stopped(stage).stream())
        .map(actor -> blocked(actor) + ", and the script is at its end")
        .toList();
  }

  private void layRootfs() {
    if (rootfsLaid) {
      return;
    }
    try {
      LearnersRootfs.lay(stage);
      rootfsLaid = true;
    } catch (IOException e) {
      screen.mistake("$" + ROOTFS, "the root file system could not be built: " + e.getMessage());
    }
  }

  /** Ends the stage; nothing is told any more, and who waits for something to tell is told so. */
  synchronized void end() {
    closed = true;
    quit = true;
    wake.wake();
    stage.close();
  }

  /** The same, when nobody waits any more. */
  @Override
  public void close() {
    end();
    wake.close();
  }
}
