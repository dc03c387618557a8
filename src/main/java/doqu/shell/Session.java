package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.CallTooLong;
import doqu.look.Files;
import doqu.look.Looks;
import doqu.look.Names;
import doqu.observe.ActorId;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import doqu.step.Args;
import doqu.step.Guard;
import doqu.step.Mistake;
import doqu.step.Step;
import doqu.step.Steps;
import doqu.step.Word;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * One learner: carries out lines on a scene and shows what came of them.
 *
 * <p>What happens besides, an end or a late reply, is shown by {@link #settle()}, which may be
 * called from another thread; {@link #interrupt()} may be called at any time.
 */
public final class Session implements AutoCloseable {
  private static final int FOR_EVER = -1;

  /** How soon a script notices that a program has been stopped, in milliseconds. */
  private static final int LOOK = 200;

  private final Screen screen;
  private final Settings settings;
  private final Venue venue;
  private final boolean terminal;
  private final Wake wake = new Wake();

  /** Held by who makes something happen on the scene, or tells of it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Past past = new Past(this::fresh);
  private volatile Scene scene;
  private volatile boolean quit;
  private boolean loading;
  private boolean closed;

  /**
   * Begins on a stage.
   *
   * @param venue where it was begun; closed with the session
   * @param terminal whether programs that are exec'd get doqu's terminal
   */
  Session(Screen screen, Settings settings, Venue venue, Stage stage, boolean terminal) {
    this.screen = screen;
    this.settings = settings;
    this.venue = venue;
    this.terminal = terminal;
    this.scene = new Scene(stage, terminal, wake::wake);
    scene.screen().raise(screen);
  }

  private Scene fresh() throws StageRefused {
    return new Scene(venue.begin(), terminal, wake::wake);
  }

  Scene scene() {
    return scene;
  }

  Stage stage() {
    return scene.stage();
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
    Actor actor = stage().focus();
    String who =
        actor.name().equals("doqu")
            ? ""
            : "[" + ActorId.of(actor).pidInside() + " " + actor.name() + "]";
    return "doqu" + (stage().isBare() ? "(bare)" : "") + who + "> ";
  }

  /** Where the actor in focus stands, in one line. */
  String standing() {
    // Who types may hold what the one waits for who tells: neither waits here.
    if (!lock.tryLock()) {
      return Standing.of(stage(), "");
    }
    try {
      Actor actor = stage().focus();
      boolean canBeAsked = Stage.canAct(actor) && !scene.blocked().contains(actor);
      return Standing.of(stage(), canBeAsked ? Names.hostname(actor) : "");
    } catch (ActorGone e) {
      return Standing.of(stage(), "");
    } finally {
      lock.unlock();
    }
  }

  /** Carries out the commands of a line up to the first that fails; whether none did. */
  boolean line(String line) {
    return line(line, false);
  }

  /** The same, where a step that fails need not be the last: whether none did. */
  boolean line(String line, boolean keepGoing) {
    boolean ok = true;
    lock.lock();
    try {
      for (Line.Command command : scene.split(line)) {
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
      lock.unlock();
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
      look(text, look.get(), stage().focus(), rest);
      return true;
    }
    if (step.isPresent()) {
      return step(text, step.get(), rest);
    }
    throw Mistake.unknown("command", name, words());
  }

  private boolean step(String text, Steps.Row row, List<Word> words) {
    Step step = row.parse(words);
    scene.ready(stage().focus());
    if (stage().isBare()) {
      Guard.whom(stage(), stage().focus(), row, words).ifPresent(whom -> venue.reaches(text, whom));
    }
    past.goesOtherwise();
    return scene.step(text, step);
  }

  /** What goes back by doing again goes back on a stage only. */
  private void onAStage(String control) {
    if (stage().isBare()) {
      throw new Mistake(
          "'" + control + "' is for the stage: on the machine itself nothing can be taken back");
    }
  }

  private void look(String line, Looks.Row row, Actor actor, List<Word> words) {
    if (row.asksActor()) {
      scene.ready(actor);
    }
    screen.look(line, row.show(new Looks.Seen(stage(), actor), words));
  }

  /**
   * The names in a directory as the focused actor sees it, those of directories with a slash.
   *
   * @throws Mistake when there is none, or the actor cannot be asked now
   */
  List<String> names(String directory) {
    Actor actor = stage().focus();
    if (!lock.tryLock()) {
      throw new Mistake("'" + actor.name() + "' cannot be asked now");
    }
    try {
      if (!Stage.canAct(actor) || scene.blocked().contains(actor)) {
        throw Who.cannotAct(actor);
      }
      return Files.names(actor, scene.path(directory));
    } finally {
      lock.unlock();
    }
  }

  void switchTo(Args args) {
    Actor actor = Who.is(args.words().get(0), stage());
    if (!Stage.canAct(actor)) {
      throw Who.cannotAct(actor);
    }
    stage().focus(actor);
  }

  void attach(Args args) {
    Programs programs = scene.programs();
    programs.attach(
        stage(),
        args.operands().isEmpty()
            ? programs.youngest(stage())
            : Who.is(args.words().get(0), stage()));
  }

  void host(Args args) {
    String name = args.operand(0);
    Looks.Row row =
        Looks.named(name)
            .orElseThrow(
                () -> Mistake.unknown("look", name, Looks.rows().map(Looks.Row::name).toList()));
    look("host " + name, row, stage().init(), args.words().subList(1, args.words().size()));
  }

  void diff(Args args) {
    List<Word> who = args.words();
    screen.look(
        "diff",
        args.has("-l", "--last")
            ? Diff.sinceTheLastStep(scene, args)
            : Diff.between(
                scene,
                who.isEmpty() ? stage().focus() : Who.orHost(who.get(0), stage()),
                who.size() < 2 ? stage().init() : Who.orHost(who.get(1), stage())));
  }

  void undo(Args args) {
    onAStage("undo");
    goTo(past.before(scene, steps(args)));
  }

  void redo(Args args) {
    onAStage("redo");
    past.again(scene, steps(args));
  }

  private static int steps(Args args) {
    int steps = args.operands().isEmpty() ? 1 : Args.number(args.operand(0), "a number of steps");
    if (steps < 1) {
      throw new Mistake("'" + steps + "' is not a number of steps: one at least");
    }
    return steps;
  }

  void reset(Args args) {
    onAStage("reset");
    goTo(past.beginning(scene));
  }

  private void goTo(Past.Moment moment) {
    Scene left = scene;
    scene = moment.scene();
    left.close();
    scene.screen().raise(screen);
    screen.said(moment.words());
  }

  void history(Args args) {
    screen.look("history", past.lines(scene));
  }

  void save(Args args) {
    Saved.write(scene.deeds(), args.operand(0), args.has("-f", "--force"));
    screen.said(Past.steps(scene.deeds().size()) + " written to " + args.operand(0));
  }

  void load(Args args) {
    if (loading) {
      throw new Mistake("'" + args.operand(0) + "': a file that is loaded cannot load another");
    }
    onAStage("load");
    List<String> lines = Saved.read(args.operand(0));
    goTo(past.beginning(scene));
    loading = true;
    int failed = 0;
    try {
      for (String line : lines) {
        failed += line(line) || quit ? 0 : 1;
      }
    } finally {
      loading = false;
    }
    screen.said(
        args.operand(0)
            + ": "
            + Past.steps(scene.deeds().size())
            + (failed == 0 ? "" : ", " + failed + " failed"));
  }

  void set(Args args) {
    List<String> words = args.operands();
    if (words.isEmpty()) {
      screen.look("set", settings.lines());
      return;
    }
    Setting setting = Settings.parse(words.get(0));
    if (words.size() == 2) {
      settings.set(setting, words.get(1));
    }
    screen.look("set " + setting.word(), List.of(settings.line(setting)));
  }

  void help(Args args) {
    screen.look("help", Help.lines(args.operands()));
  }

  void errno(Args args) {
    screen.look("errno", ErrnoTable.lines(args.operands()));
  }

  void man(Args args) {
    Manual manual = new Manual("man", args.operands());
    if (terminal) {
      manual.open();
    } else {
      screen.look("man", manual.lines());
    }
  }

  void quit(Args args) {
    quit = true;
  }

  /** Whether a step failed that came back after its line was done. */
  boolean failedLate() {
    lock.lock();
    try {
      return scene.failedLate();
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts what the focused actor is blocked in. */
  void interrupt() {
    scene.interrupt();
  }

  /** Waits until something happens on the stage that {@link #settle()} has to tell. */
  void await() {
    await(FOR_EVER);
  }

  private void await(int timeout) {
    Scene watched = scene;
    Set<Actor> mourned;
    lock.lock();
    try {
      mourned = watched.mourned();
    } finally {
      lock.unlock();
    }
    wake.await(watched.stage(), mourned, timeout);
  }

  /** Shows what has happened meanwhile, and moves the focus away from those who have ended. */
  void settle() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      scene.settle();
      if (scene.isEmpty()) {
        startAgain();
      }
    } finally {
      lock.unlock();
    }
  }

  private void startAgain() {
    try {
      Scene left = scene;
      scene = past.empty(left);
      left.close();
      scene.screen().raise(screen);
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
    while (scene.programs().anyRuns(stage())) {
      await(LOOK);
      settle();
    }
    return scene.stuck().stream().map(stuck -> stuck + ", and the script is at its end").toList();
  }

  /** Ends the stage; nothing is told any more, and who waits for something to tell is told so. */
  void end() {
    lock.lock();
    try {
      closed = true;
      quit = true;
      wake.wake();
      scene.close();
    } finally {
      lock.unlock();
    }
  }

  /** The same, when nobody waits any more. */
  @Override
  public void close() {
    end();
    wake.close();
    venue.close();
  }
}
