package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.CallTooLong;
import doqu.kernel.Tty;
import doqu.lesson.Fault;
import doqu.look.Looks;
import doqu.observe.ActorId;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import doqu.step.Guard;
import doqu.step.Mistake;
import doqu.step.Step;
import doqu.step.Steps;
import doqu.step.Word;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /** How long who tells may take that nothing has happened, in milliseconds. */
  private static final int MOMENT = 100;

  private final Screen screen;
  private final Venue venue;
  private final Tty.@Nullable Modes humans;
  private final BooleanSupplier notices;
  private final Wake wake = new Wake();

  /** Held by who makes something happen on the scene, or tells of it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Scenes scenes;
  private final Controls controls;
  private volatile boolean quit;
  private boolean closed;

  /** Whether it is a lesson that acts. */
  private boolean led;

  /**
   * Begins on a stage.
   *
   * @param venue where it was begun; closed with the session
   * @param humans how the human has the terminal that programs that are exec'd get; null: none
   */
  Session(Screen screen, Settings settings, Venue venue, Stage stage, Tty.@Nullable Modes humans) {
    this.screen = screen;
    this.venue = venue;
    this.humans = humans;
    this.notices = () -> settings.is(Setting.NOTICES, "on");
    this.scenes = new Scenes(scene(stage), () -> scene(venue.begin()), screen);
    this.controls = new Controls(this, scenes, screen, settings, venue, humans != null);
  }

  /** Takes lessons there, instead of those doqu comes with. */
  void attend(Classroom classroom) {
    controls.attend(classroom);
  }

  private Scene scene(Stage stage) {
    return new Scene(stage, venue.hasRootfs(), humans, notices, wake::wake);
  }

  Scene scene() {
    return scenes.now();
  }

  Stage stage() {
    return scene().stage();
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

  /**
   * Where the actor in focus stands, in one line. Not for who has the terminal alone: it waits for
   * who makes something happen on the scene, and that one for the terminal.
   */
  String standing() {
    lock.lock();
    try {
      return Standing.of(stage(), scene().hostname());
    } finally {
      lock.unlock();
    }
  }

  /**
   * The names in a directory as the focused actor sees it, those of directories with a slash; none
   * where there is none, or the actor cannot be asked now.
   */
  List<String> names(String directory) {
    // Who types may hold what the one waits for who tells: so the one who types never waits long.
    try {
      if (!lock.tryLock(MOMENT, TimeUnit.MILLISECONDS)) {
        return List.of();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
    try {
      return scene().names(directory);
    } catch (Mistake | ActorGone e) {
      return List.of();
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
      if (line.length() > LinesRead.LONGEST) {
        throw LinesRead.tooLong("the line");
      }
      for (Line.Command command : scene().split(line)) {
        ok &= carryOut(command);
        settle();
        if (quit || !(ok || keepGoing)) {
          break;
        }
      }
    } catch (Mistake e) {
      mistake(line.length() > LinesRead.LONGEST ? "" : line.strip(), e);
      ok = false;
    } finally {
      lock.unlock();
      wake.wake(); // there may be more processes to watch now
    }
    return ok;
  }

  /** Carries out a line that is a lesson's, and not the learner's. */
  void lead(String line) {
    led = true;
    try {
      line(line, true);
    } finally {
      led = false;
    }
  }

  private boolean carryOut(Line.Command command) {
    try {
      return command(command.text(), command.words());
    } catch (Mistake | CallTooLong | ActorGone e) {
      mistake(command.text(), e);
    } catch (Fault e) {
      screen.mistake(command.text(), e.toLearner());
    } catch (RuntimeException e) {
      // A fault of doqu's own costs the learner one line, not the stage.
      String where = e.getStackTrace().length == 0 ? "" : " in " + e.getStackTrace()[0];
      screen.mistake(command.text(), "a fault of doqu's own: " + e + where);
    }
    return false;
  }

  private void mistake(String line, RuntimeException why) {
    screen.mistake(line, Printable.brief(String.valueOf(why.getMessage())));
  }

  private boolean command(String text, List<Word> words) {
    String name = words.get(0).text();
    List<Word> rest = words.subList(1, words.size());
    Optional<Control> control = Control.named(name);
    if (control.isPresent()) {
      if (led && !control.get().isLed()) {
        throw new Mistake("'" + name + "' is nothing that a lesson may do");
      }
      control.get().run(controls, rest);
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
    controls.permit(row.name(), words);
    if (stage().isBare()) {
      scene().ready(stage().focus()); // it is asked where its files lie
      Guard.whom(stage(), stage().focus(), row, words).ifPresent(whom -> venue.reaches(text, whom));
    }
    boolean ok = scene().step(text, step);
    scenes.goesOtherwise();
    return ok;
  }

  /** Takes a look, and shows it. */
  void look(String line, Looks.Row row, Actor actor, List<Word> words) {
    if (row.asksActor()) {
      scene().ready(actor);
    }
    screen.look(line, row.show(new Looks.Seen(stage(), actor), words));
  }

  /** The names of the lessons there are; none where the course is at fault. */
  List<String> lessons() {
    return controls.lessons();
  }

  /** What may be answered to the question of a lesson, where that is one of several. */
  List<String> choices() {
    return controls.choices();
  }

  /** The numbers of the steps in the history, and that of the state before the first. */
  List<String> steps() {
    return IntStream.rangeClosed(0, scene().deeds().size()).mapToObj(Integer::toString).toList();
  }

  /** Has the human leave: nothing more is carried out. */
  void quit() {
    quit = true;
  }

  /** Whether a step failed that came back after its line was done. */
  boolean failedLate() {
    return scene().failedLate();
  }

  /** Interrupts what is done again, or what the focused actor is blocked in; whether any was. */
  boolean interrupt() {
    return controls.interrupt() || scenes.interrupt() || scene().interrupt();
  }

  /** Waits until something happens on the stage that {@link #settle()} has to tell. */
  void await() {
    await(FOR_EVER);
  }

  private void await(int timeout) {
    Scene watched = scene();
    wake.await(watched.stage(), watched.mourned(), timeout);
  }

  /** Shows what has happened meanwhile, and moves the focus away from those who have ended. */
  void settle() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      scene().settle();
      if (scene().isEmpty()) {
        startAgain();
      }
      controls.judge();
    } finally {
      lock.unlock();
    }
  }

  private void startAgain() {
    try {
      scenes.startAgain();
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
    while (scene().programs().anyRuns(stage())) {
      await(LOOK);
      settle();
    }
    return scene().stuck().stream().map(stuck -> stuck + ", and the script is at its end").toList();
  }

  /** Ends the stage; nothing is told any more, and who waits for something to tell is told so. */
  void end() {
    lock.lock();
    try {
      closed = true;
      quit = true;
      wake.wake();
      scene().close();
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
