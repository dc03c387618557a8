package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.ActorProgram;
import doqu.actor.Call;
import doqu.actor.CallTooLong;
import doqu.actor.PseudoTerminal;
import doqu.kernel.Arch;
import doqu.kernel.Libc;
import doqu.look.Looks;
import doqu.observe.Exit;
import doqu.rootfs.Description;
import doqu.rootfs.Entry;
import doqu.rootfs.Laying;
import doqu.rootfs.Machine;
import doqu.rootfs.MachineRootfs;
import doqu.rootfs.Plan;
import doqu.rootfs.Source;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import doqu.step.Mistake;
import doqu.step.Run;
import doqu.step.Step;
import doqu.step.StepRecord;
import doqu.step.Steps;
import doqu.step.Word;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One learner at one stage: carries out lines and shows what came of them. */
public final class Session implements AutoCloseable {
  /** How long a call may take before its actor counts as blocked, in milliseconds. */
  private static final long GRACE = 300;

  private static final int TICK = 20;
  private static final int MOST_OUTPUT = 1 << 20;
  private static final List<String> WORDS =
      List.of("switch", "attach", "host", "help", "quit", "bye");

  private final Screen screen;
  private final boolean terminal;
  private final Map<String, String> variables = new HashMap<>();
  private final Map<Actor, CompletableFuture<StepRecord>> blocked = new LinkedHashMap<>();
  private final Set<Actor> mourned = new HashSet<>();
  private Stage stage;
  private boolean rootfsLaid;
  private boolean quit;

  /**
   * Begins on a stage.
   *
   * @param terminal whether programs that are exec'd get doqu's terminal
   */
  Session(Screen screen, Stage stage, boolean terminal) {
    this.screen = screen;
    this.stage = stage;
    this.terminal = terminal;
    enter(stage);
  }

  private void enter(Stage fresh) {
    stage = fresh;
    rootfsLaid = false;
    blocked.clear();
    mourned.clear();
    variables.put("ROOTFS", fresh.workArea() + "/rootfs");
  }

  Stage stage() {
    return stage;
  }

  boolean hasQuit() {
    return quit;
  }

  /** Every word a command may begin with. */
  static List<String> words() {
    List<String> words = new ArrayList<>(WORDS);
    Steps.rows().forEach(row -> words.add(row.name()));
    Looks.rows().forEach(row -> words.add(row.name()));
    return words;
  }

  /** The prompt: who acts, and with which PID as it sees itself. */
  String prompt() {
    Actor actor = stage.focus();
    if (actor.name().equals("doqu")) {
      return "doqu> ";
    }
    return "doqu[" + Run.idOf(actor).pidInside() + " " + actor.name() + "]> ";
  }

  /** Carries out the commands of a line up to the first that fails; whether none did. */
  boolean line(String line) {
    String text = line.strip();
    try {
      if (Line.uses(text, "ROOTFS")) {
        layRootfs();
      }
      for (List<Word> command : Line.split(text, variables)) {
        if (!command(command) || quit) {
          return quit;
        }
      }
      return true;
    } catch (Mistake | CallTooLong | ActorGone e) {
      screen.mistake(text, String.valueOf(e.getMessage()));
    } finally {
      settle();
    }
    return false;
  }

  private boolean command(List<Word> words) {
    String name = words.get(0).text();
    List<Word> rest = words.subList(1, words.size());
    String line = String.join(" ", words.stream().map(Word::text).toList());
    switch (name) {
      case "quit", "bye" -> quit = true;
      case "help" -> screen.look(line, Help.lines(rest));
      case "switch" -> switchTo(rest);
      case "attach" -> attach(rest);
      case "host" -> {
        if (rest.isEmpty() || Looks.named(rest.get(0).text()).isEmpty()) {
          throw Mistake.unknown(
              "look",
              rest.isEmpty() ? "" : rest.get(0).text(),
              Looks.rows().map(Looks.Row::name).toList());
        }
        look(line, stage.init(), rest);
      }
      default -> {
        boolean looksAtCaps = name.equals("caps") && rest.isEmpty();
        Optional<Steps.Row> step = looksAtCaps ? Optional.empty() : Steps.named(name);
        if (step.isPresent()) {
          return step(line, step.get(), rest);
        }
        if (Looks.named(name).isEmpty()) {
          throw Mistake.unknown("command", name, words());
        }
        look(line, stage.focus(), words);
      }
    }
    return true;
  }

  private void look(String line, Actor actor, List<Word> words) {
    String name = words.get(0).text();
    if (!Set.of("ps", "ns", "mounts", "caps", "actors").contains(name)) {
      freed(actor);
    }
    Looks.Row row = Looks.named(name).orElseThrow();
    screen.look(
        line, row.look().show(new Looks.Seen(stage, actor), words.subList(1, words.size())));
  }

  private boolean step(String line, Steps.Row row, List<Word> words) {
    Step step = row.parser().apply(words);
    Actor actor = stage.focus();
    freed(actor);
    if (row.name().equals("exec")) {
      return exec(line, actor, step);
    }
    if (!Steps.mayBlock(row)) {
      return shown(Run.of(stage, actor, line, step));
    }
    CompletableFuture<StepRecord> record = new CompletableFuture<>();
    Thread lane = new Thread(() -> complete(record, line, actor, step), "step of " + actor.name());
    lane.setDaemon(true);
    lane.start();
    try {
      return shown(record.get(GRACE, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      blocked.put(actor, record);
      Call pending = actor.pending();
      screen.said(
          actor.name()
              + " is blocked in "
              + (pending == null ? line : pending)
              + (terminal ? "; switch to another, or press Ctrl-C to interrupt it" : ""));
      return true;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void complete(CompletableFuture<StepRecord> record, String line, Actor actor, Step step) {
    try {
      record.complete(Run.of(stage, actor, line, step));
    } catch (RuntimeException e) {
      record.completeExceptionally(e);
    }
  }

  private boolean shown(StepRecord record) {
    screen.step(record, drained());
    return record.ok();
  }

  /** Waits, in a script, until an actor can act again; refuses at the prompt. */
  private void freed(Actor actor) {
    while (blocked.containsKey(actor)) {
      if (terminal || stage.actors().stream().noneMatch(a -> a.runsProgram() && !a.hasEnded())) {
        settle();
        if (blocked.containsKey(actor)) {
          throw new Mistake(
              actor.name() + " is blocked in " + actor.pending() + ": switch to another actor");
        }
        return;
      }
      pause();
      settle();
    }
    if (!Stage.canAct(actor) && actor != stage.init()) {
      throw new Mistake(
          actor.name() + " cannot act: it " + (actor.hasEnded() ? "has ended" : "runs a program"));
    }
  }

  private boolean exec(String line, Actor actor, Step step) {
    Optional<PseudoTerminal> own = terminal ? PseudoTerminal.forProgram(actor) : Optional.empty();
    StepRecord record = Run.of(stage, actor, line, step);
    if (!actor.runsProgram()) {
      return shown(record);
    }
    if (own.isPresent()) {
      shown(record);
      relay(actor, own.get());
      return true;
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    while (!actor.hasEnded()) {
      Libc.poll(-1, actor.pidfd(), stage.output());
      gather(output);
    }
    gather(output);
    screen.step(record, output.toString(StandardCharsets.UTF_8));
    return true;
  }

  private void relay(Actor actor, PseudoTerminal own) {
    if (!new Relay(actor, own).run()) {
      screen.said(actor.name() + " is detached and goes on; attach " + actor.name() + " returns");
      stage.heirOf(actor).ifPresent(stage::focus);
    }
  }

  private void attach(List<Word> words) {
    Actor actor =
        words.isEmpty()
            ? stage.actors().stream()
                .filter(a -> a.runsProgram() && !a.hasEnded())
                .reduce((older, younger) -> younger)
                .orElseThrow(() -> new Mistake("no program runs that could be attached"))
            : find(words.get(0).text());
    PseudoTerminal own = actor.terminal();
    if (!actor.runsProgram() || actor.hasEnded() || own == null) {
      throw new Mistake("'" + actor.name() + "' runs no program with a terminal");
    }
    relay(actor, own);
  }

  private void switchTo(List<Word> words) {
    if (words.size() != 1) {
      throw new Mistake("something is missing: switch child|parent|NAME|PID");
    }
    Actor actor = find(words.get(0).text());
    if (!Stage.canAct(actor)) {
      throw new Mistake(
          "'"
              + words.get(0)
              + "' cannot act: it "
              + (actor.hasEnded() ? "has ended" : "runs a program"));
    }
    stage.focus(actor);
  }

  private Actor find(String who) {
    Actor focus = stage.focus();
    if (who.equals("child")) {
      return stage
          .childOf(focus)
          .orElseThrow(() -> new Mistake("'child': " + focus.name() + " has none that lives"));
    }
    if (who.equals("parent")) {
      Actor parent = focus.parent();
      if (parent == null || !stage.actors().contains(parent)) {
        throw new Mistake("'parent': that of " + focus.name() + " is not yours to drive");
      }
      return parent;
    }
    return stage
        .named(who)
        .or(
            () ->
                stage.actors().stream()
                    .filter(a -> Integer.toString(Run.idOf(a).pidStage()).equals(who))
                    .findFirst())
        .orElseThrow(
            () -> Mistake.unknown("actor", who, stage.actors().stream().map(Actor::name).toList()));
  }

  /** Interrupts what the focused actor is blocked in. */
  void interrupt() {
    Actor actor = stage.focus();
    for (int tries = 0; actor.pending() != null && tries < 100; tries++) {
      actor.interrupt();
      pause();
    }
    settle();
  }

  /** Shows what has happened meanwhile, and moves the focus away from those who have ended. */
  void settle() {
    String output = drained();
    if (!output.isEmpty()) {
      screen.output(output);
    }
    blocked
        .entrySet()
        .removeIf(
            entry -> {
              boolean done = entry.getValue().isDone();
              if (done) {
                shown(entry.getValue().join());
              }
              return done;
            });
    for (Actor actor : stage.actors()) {
      if (actor.hasEnded() && mourned.add(actor)) {
        String end =
            Exit.of(actor.pid()).map(status -> " " + status.shownAtEnd()).orElse(" has ended");
        screen.said(actor.name() + end);
      }
    }
    if (!Stage.canAct(stage.focus())) {
      Actor was = stage.focus();
      stage.heirOf(was).ifPresentOrElse(stage::focus, this::startAgain);
    }
  }

  private void startAgain() {
    if (stage.actors().stream().anyMatch(actor -> !actor.hasEnded())) {
      return;
    }
    screen.said("the stage is empty: its last actor has ended. A fresh one begins.");
    stage.close();
    try {
      enter(Stage.start());
    } catch (StageRefused e) {
      e.lines().forEach(screen::said);
      quit = true;
    }
  }

  /**
   * Waits until every program has ended.
   *
   * @return the actors that are blocked and that nothing will free
   */
  List<String> finish() {
    while (stage.actors().stream().anyMatch(a -> a.runsProgram() && !a.hasEnded())) {
      pause();
      settle();
    }
    for (long waited = 0; !blocked.isEmpty() && waited < GRACE; waited += TICK) {
      pause();
      settle();
    }
    return blocked.keySet().stream().map(a -> a.name() + " is blocked in " + a.pending()).toList();
  }

  private static void pause() {
    Libc.poll(TICK);
  }

  private String drained() {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    gather(output);
    return output.toString(StandardCharsets.UTF_8);
  }

  private void gather(ByteArrayOutputStream output) {
    byte[] buffer = new byte[65536];
    while (Libc.poll(0, stage.output())[0]) {
      int count = (int) Libc.read(stage.output(), buffer);
      if (count <= 0) {
        return;
      }
      if (output.size() < MOST_OUTPUT) {
        output.writeBytes(Arrays.copyOf(buffer, count));
      }
    }
  }

  private void layRootfs() {
    if (rootfsLaid) {
      return;
    }
    rootfsLaid = true;
    try {
      Plan planned = MachineRootfs.plan(Description.standard(), Machine.here());
      List<Entry> entries = new ArrayList<>(planned.entries());
      byte[] probe = ActorProgram.bytes("probe", Arch.current());
      String bin =
          entries.stream().anyMatch(e -> e.path().equals("/bin") && e instanceof Entry.Symlink)
              ? "/usr/bin"
              : "/bin";
      entries.add(new Entry.RegularFile(bin + "/probe", 0755, Source.of(probe)));
      Plan plan =
          new Plan(
              entries, planned.missingPrograms(), planned.missingLibraries(), planned.problems());
      Laying.lay(plan, stage.outer(), variables.getOrDefault("ROOTFS", ""));
    } catch (IOException e) {
      screen.mistake("$ROOTFS", "the root file system could not be built: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    stage.close();
  }
}
