package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Forked;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The learner's world: its actors, which of them has the focus, and the walls around it. */
public final class Stage implements AutoCloseable {
  private static final int GONE_IN_SIGHT = 16;

  private final Layers.Built layers;
  private final List<Actor> actors = new CopyOnWriteArrayList<>();
  private final Map<Namespace, String> hostNamespaces;
  private final UserNamespace hostIds;
  private final UserNamespace outerIds;
  private final AtomicInteger stepsBegun = new AtomicInteger();
  private final int output;
  private final int outputForActors;
  private final @Nullable Journal journal;
  private volatile Actor focus;
  private boolean closed;

  private Stage(Layers.Built layers, @Nullable Journal journal, int output, int outputForActors) {
    this.layers = layers;
    this.journal = journal;
    this.output = output;
    this.outputForActors = outputForActors;
    this.focus = layers.first();
    this.hostNamespaces = namespaces(layers.init());
    this.hostIds = UserNamespace.of(layers.init().pid());
    this.outerIds = UserNamespace.of(layers.outer().pid());
    actors.add(layers.first());
    if (journal != null) {
      journal.folder(layers.workArea());
      journal.process(layers.init());
      journal.process(layers.first());
    }
  }

  /**
   * Builds a stage.
   *
   * @throws StageRefused when the machine forbids it
   */
  public static Stage start() throws StageRefused {
    return start(() -> Layers.build(Optional.empty()), null);
  }

  /**
   * Builds a stage whose work area shows a directory.
   *
   * @throws StageRefused when the machine forbids it
   */
  public static Stage on(Underlay underlay) throws StageRefused {
    return start(() -> Layers.build(Optional.of(underlay)), null);
  }

  /**
   * The machine itself as a stage without walls.
   *
   * @param journal told of what may survive
   * @throws StageRefused when not even a process can be started
   */
  public static Stage bare(Journal journal) throws StageRefused {
    return start(Bare::build, journal);
  }

  private interface Builder {
    Layers.Built build() throws StageRefused;
  }

  private static Stage start(Builder builder, @Nullable Journal journal) throws StageRefused {
    int[] pipe = new int[2];
    long made = Libc.pipe(pipe);
    if (made < 0) {
      throw Asking.refused("pipe2", Failure.of("pipe2", (int) -made));
    }
    Stage stage;
    try {
      stage = new Stage(builder.build(), journal, pipe[0], pipe[1]);
    } catch (StageRefused e) {
      Libc.close(pipe[0]);
      Libc.close(pipe[1]);
      throw e;
    }
    try {
      stage.furnish();
      return stage;
    } catch (ActorGone e) {
      stage.close();
      throw new StageRefused(Refusal.because("it did not last: " + e.getMessage(), List.of()));
    }
  }

  private void furnish() {
    // What an actor writes to its standard output comes to doqu; its input is at its end. A program
    // may open the pipe and take what poll(2) has promised.
    Libc.neverWait(output);
    layers.first().give(outputForActors, 1);
    layers.first().give(outputForActors, 2);
    Map<String, String> environment = layers.first().environment();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    if (journal != null) {
      environment.put(Journal.MARK, journal.mark());
    }
    environment.put("TERM", Optional.ofNullable(System.getenv("TERM")).orElse("dumb"));
  }

  /** Whether there are no walls: the host is the machine. */
  public boolean isBare() {
    return journal != null;
  }

  /** How many PID namespaces lie between doqu's and the stage's. */
  public int level() {
    return layers.init().stageLevel();
  }

  /** The learner's actors in the order in which they came to be, those that have ended included. */
  public List<Actor> actors() {
    return actors;
  }

  /** The one that carries out the steps. */
  public Actor focus() {
    return focus;
  }

  /** Moves the focus. */
  public void focus(Actor actor) {
    focus = actor;
  }

  /** PID 1 of the stage, which the learner never drives. */
  public Actor init() {
    return layers.init();
  }

  /** The links of the host's namespaces, as {@code uts:[4026531838]}; they never change. */
  public Map<Namespace, String> hostNamespaces() {
    return hostNamespaces;
  }

  /** Whether a process is in the host's namespace of a kind. */
  public boolean sharesWithHost(Actor actor, Namespace kind) {
    return Objects.equals(link(actor, kind), hostNamespaces.get(kind));
  }

  private static @Nullable String link(Actor actor, Namespace kind) {
    return Libc.readLink("/proc/" + actor.pid() + "/ns/" + kind.file());
  }

  /** The host's user namespace; nothing in it can change, its maps are written. */
  public UserNamespace hostIds() {
    return hostIds;
  }

  /** What lies around the host's: the outer layer's. */
  public UserNamespace outerIds() {
    return outerIds;
  }

  private static Map<Namespace, String> namespaces(Actor actor) {
    Map<Namespace, String> links = new EnumMap<>(Namespace.class);
    for (Namespace kind : Namespace.values()) {
      String link = link(actor, kind);
      if (link != null) {
        links.put(kind, link);
      }
    }
    return links;
  }

  /** The actor that lays files into the work area: its mounts are out of the learner's reach. */
  public Actor outer() {
    return layers.outer();
  }

  /** The directory of the stage that can be written to. */
  public String workArea() {
    return layers.workArea();
  }

  /**
   * The descriptor on which what actors and their programs print arrives. It never is at its end:
   * doqu holds the other end too.
   */
  public int output() {
    return output;
  }

  /** Counts a step that begins; how many have begun now. */
  public int beginStep() {
    return stepsBegun.incrementAndGet();
  }

  /** How many steps have begun. */
  public int stepsBegun() {
    return stepsBegun.get();
  }

  /** Whether an actor can be told to make calls, now or when the call it is in returns. */
  public static boolean canAct(Actor actor) {
    return !actor.runsProgram() && !actor.hasEnded() && !actor.isLeaving();
  }

  /** Lets go of an actor that is gone; the last ones gone stay in sight. */
  public void forget(Actor gone) {
    gone.release();
    List<Actor> released = actors.stream().filter(actor -> actor.pidfd() < 0).toList();
    if (released.size() > GONE_IN_SIGHT) {
      actors.remove(released.get(0));
    }
  }

  /** Forks an actor; the child is on the stage from then on. */
  public Forked fork(Actor parent, Call call, String name) {
    Forked forked = parent.fork(call, name);
    if (forked.child() != null) {
      actors.add(forked.child());
      if (journal != null) {
        journal.process(forked.child());
      }
    }
    return forked;
  }

  /** A name no actor on the stage has: {@code child}, {@code child2}, ... */
  public String freeName(String wish) {
    String name = wish;
    for (int n = 2; named(name).isPresent(); n++) {
      name = wish + n;
    }
    return name;
  }

  /** The actor of that name, ended or not. */
  public Optional<Actor> named(String name) {
    return actors.stream().filter(actor -> actor.name().equals(name)).findFirst();
  }

  /** The youngest actor forked from another that has not ended. */
  public Optional<Actor> childOf(Actor parent) {
    return actors.stream()
        .filter(actor -> actor.parent() == parent && !actor.hasEnded())
        .reduce((older, younger) -> younger);
  }

  /** The nearest ancestor that can act, else any actor that can. */
  public Optional<Actor> heirOf(Actor actor) {
    for (Actor a = actor.parent(); a != null; a = a.parent()) {
      if (actors.contains(a) && canAct(a)) {
        return Optional.of(a);
      }
    }
    return actors.stream().filter(Stage::canAct).findFirst();
  }

  /** Ends everything on the stage, and returns when it is gone. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (journal == null) {
      endLayers();
    } else {
      Bare.end(layers.outer(), Path.of(layers.workArea()));
    }
    actors.forEach(Actor::release);
    Libc.close(output);
    Libc.close(outputForActors);
  }

  private void endLayers() {
    layers.wall().end();
    try {
      // The kernel lets PID 1 go only after everything in its namespace is gone.
      layers.outer().plumb(Calls.wait4(-1, 0));
    } catch (ActorGone e) {
      // Then nothing is left to wait for.
    }
    layers.outer().end();
    Libc.reap(layers.outer().pid());
    List.of(layers.init(), layers.wall(), layers.outer()).forEach(Actor::release);
  }
}
