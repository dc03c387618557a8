package doqu.shell;

import doqu.actor.Actor;
import doqu.lesson.Course;
import doqu.lesson.Fault;
import doqu.lesson.Lesson;
import doqu.lesson.Progress;
import doqu.lesson.Source;
import doqu.look.Looks;
import doqu.rootfs.store.Store;
import doqu.rootfs.store.Stored;
import doqu.stage.Stage;
import doqu.step.Args;
import doqu.step.Guard;
import doqu.step.Mistake;
import doqu.step.Run;
import doqu.step.Step;
import doqu.step.Steps;
import doqu.step.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the commands do that are about doqu itself, each of {@link Control}. */
final class Controls {
  private final Session session;
  private final Scenes scenes;
  private final Screen screen;
  private final Settings settings;
  private final Venue venue;
  private final boolean terminal;
  private boolean loading;

  /** Of long work that goes on; null: none does. */
  private volatile @Nullable Bar bar;

  /** Where lessons are taken; null: where doqu's own are. */
  private @Nullable Classroom classroom;

  private @Nullable Guide guide;

  Controls(
      Session session,
      Scenes scenes,
      Screen screen,
      Settings settings,
      Venue venue,
      boolean terminal) {
    this.session = session;
    this.scenes = scenes;
    this.screen = screen;
    this.settings = settings;
    this.venue = venue;
    this.terminal = terminal;
  }

  private Scene scene() {
    return scenes.now();
  }

  private Stage stage() {
    return scene().stage();
  }

  void switchTo(Args args) {
    Actor actor = Who.is(args.words().get(0), stage());
    if (!Stage.canAct(actor)) {
      throw Who.cannotAct(actor);
    }
    stage().focus(actor);
  }

  void attach(Args args) {
    Programs programs = scene().programs();
    programs.attach(
        stage(),
        args.operands().isEmpty()
            ? programs.youngest(stage())
            : Who.is(args.words().get(0), stage()));
  }

  void host(Args args) {
    Looks.Row row = Looks.parse(args.operand(0));
    session.look("host " + row.name(), row, stage().init(), behind(args));
  }

  private static List<Word> behind(Args args) {
    return args.words().subList(1, args.words().size());
  }

  void both(Args args) {
    Looks.Row row = Looks.parse(args.operand(0));
    Actor actor = stage().focus();
    if (row.asksActor()) {
      scene().ready(actor);
    }
    List<Mistake> mistakes = new ArrayList<>();
    List<String> own = seen(row, actor, behind(args), mistakes);
    List<String> hosts = seen(row, stage().init(), behind(args), mistakes);
    if (mistakes.size() == 2) {
      throw mistakes.get(0);
    }
    screen.both("both " + row.name(), SideBySide.of(actor.name(), own, Who.HOST, hosts));
  }

  /** What a look shows; why it cannot be taken, when that is so of one of two it differs too. */
  private List<String> seen(Looks.Row row, Actor actor, List<Word> words, List<Mistake> mistakes) {
    try {
      return row.showBeside(new Looks.Seen(stage(), actor), words);
    } catch (Mistake e) {
      mistakes.add(e);
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  void diff(Args args) {
    screen.diff(Diff.of(scene(), args));
  }

  void why(Args args) {
    screen.text("why", Why.lines(scene().deeds()));
  }

  void predict(Args args) {
    String name = args.operand(0);
    Steps.Row row = Steps.parse(name);
    Step step = row.parse(behind(args));
    Actor actor = stage().focus();
    scene().ready(actor);
    List<String> lines = new ArrayList<>(Why.foreseen(Run.foresee(stage(), actor, step)));
    if (stage().isBare()) {
      Guard.whom(stage(), actor, row, behind(args))
          .ifPresent(whom -> lines.add("it is asked about first, for it would reach " + whom));
    }
    screen.text("predict " + name, lines);
  }

  void undo(Args args) {
    onAStage("undo");
    scenes.undo(steps(args));
  }

  void redo(Args args) {
    onAStage("redo");
    scenes.redo(steps(args));
  }

  static int steps(Args args) {
    int steps = args.operands().isEmpty() ? 1 : Args.number(args.operand(0), "a number of steps");
    if (steps < 1) {
      throw new Mistake("'" + steps + "' is not a number of steps: one at least");
    }
    return steps;
  }

  void reset(Args args) {
    onAStage("reset");
    if (guide != null && !guide.isPlaying()) {
      guide.reset();
    } else {
      scenes.reset();
    }
  }

  void history(Args args) {
    screen.look("history", scenes.history());
  }

  void save(Args args) {
    Saved.write(scene().deeds(), args.operand(0), args.has("-f", "--force"));
    screen.said(Scenes.steps(scene().deeds().size()) + " written to " + args.operand(0));
  }

  void load(Args args) {
    if (loading) {
      throw new Mistake("'" + args.operand(0) + "': a file that is loaded cannot load another");
    }
    onAStage("load");
    List<String> lines = Saved.read(args.operand(0));
    scenes.reset();
    loading = true;
    int failed = 0;
    try {
      for (String line : lines) {
        failed += session.line(line) || session.hasQuit() ? 0 : 1;
      }
    } finally {
      loading = false;
    }
    screen.said(
        args.operand(0)
            + ": "
            + Scenes.steps(scene().deeds().size())
            + (failed == 0 ? "" : ", " + failed + " failed"));
  }

  void rootfs(Args args) {
    try {
      new Shelf(new AtPrompt()).carryOut(args.words());
    } finally {
      bar = null;
    }
  }

  /** Gives up long work, from another thread; whether there is any. */
  boolean interrupt() {
    Bar working = bar;
    if (working != null) {
      working.giveUp();
    }
    return working != null;
  }

  /** The store as it is changed from the prompt. */
  private final class AtPrompt implements Shelf.User {
    @Override
    public void told(String word, List<String> lines) {
      screen.look("rootfs " + word, lines);
    }

    @Override
    public void said(String line) {
      screen.said(line);
    }

    @Override
    public void uses(Optional<Stored> one, boolean kept) throws IOException {
      onAStage("rootfs use");
      if (guide != null && !guide.isPlaying()) {
        throw new Mistake("a lesson has the root file system doqu builds: play leaves it alone");
      }
      venue.choose(one, kept);
      boolean begun = false;
      try {
        scenes.begin(() -> {});
        begun = true;
      } finally {
        if (!begun) {
          venue.choose(Optional.empty(), false);
        }
      }
      if (settings.areKept() && !kept) {
        Store.here().choose(one);
      }
    }

    @Override
    public Bar bar() {
      screen.lend();
      Bar shown = new Bar(System.err, terminal);
      bar = shown;
      return shown;
    }

    @Override
    public Optional<Shelf.Pipe> pipe() {
      return Optional.empty();
    }
  }

  /** Where lessons are taken from now on. */
  void attend(Classroom other) {
    classroom = other;
  }

  void lesson(Args args) {
    onAStage("lesson");
    venue.buildRootfs();
    String name = args.operands().isEmpty() ? "" : args.operand(0);
    Guide taken = guide == null ? begun(name) : guide;
    guide = taken;
    if (name.isEmpty()) {
      taken.resume();
    } else {
      taken.lesson(name);
    }
  }

  /** Others than the lesson that is wanted may be at fault. */
  private Guide begun(String name) {
    Classroom room = room();
    Course course = room.course();
    Progress progress = room.progress(course);
    Lesson first =
        course.lessons().contains(name)
            ? course.lesson(name)
            : progress.in(course).orElseGet(() -> course.lesson(course.lessons().get(0)));
    return new Guide(session, scenes, screen, course, progress, first);
  }

  private Classroom room() {
    return classroom == null ? Classroom.of(Source.shipped()) : classroom;
  }

  List<String> lessons() {
    try {
      return guide == null ? room().course().lessons() : guide.lessons();
    } catch (Fault e) {
      return List.of(); // whoever takes it up is told
    }
  }

  List<String> choices() {
    return guide == null ? List.of() : guide.choices();
  }

  /** Who leads through the lessons, for a word of theirs. */
  Guide guide(String word) {
    Guide taken = guide;
    if (taken == null) {
      throw new Mistake("'" + word + "' is for lessons: lesson takes them up");
    }
    return taken;
  }

  /** A step is to be carried out: a lesson may not want it. */
  void permit(String step, List<Word> words) {
    if (guide != null) {
      guide.permit(step, words.stream().map(Word::text).toList());
    }
  }

  /** A command has been carried out: it may have reached the goal of a lesson. */
  void judge() {
    if (guide != null) {
      guide.judge();
    }
  }

  void set(Args args) {
    screen.text("set", settings.carryOut(args.operands()));
  }

  void help(Args args) {
    screen.text("help", Help.lines(args.operands(), screen.width()));
  }

  void errno(Args args) {
    screen.text("errno", ErrnoTable.lines(args.operands()));
  }

  void man(Args args) {
    Manual manual = new Manual("man", args.operands());
    if (terminal) {
      screen.lend();
      manual.open();
    } else {
      screen.look("man", manual.lines());
    }
  }

  void quit(Args args) {
    session.quit();
  }

  /** What goes back by doing again goes back on a stage only. */
  private void onAStage(String control) {
    if (stage().isBare()) {
      throw new Mistake(
          "'" + control + "' is for the stage: on the machine itself nothing can be taken back");
    }
  }
}
