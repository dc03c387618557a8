package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Libc;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The learner's world: its actors, which of them has the focus, and the walls around it. */
public final class Stage implements AutoCloseable {
  private final Layers.Built layers;
  private final List<Actor> actors = new CopyOnWriteArrayList<>();
  private final int output;
  private volatile Actor focus;

  private Stage(Layers.Built layers, int output) {
    this.layers = layers;
    this.output = output;
    this.focus = layers.first();
    actors.add(layers.first());
  }

  /**
   * Builds a stage.
   *
   * @throws StageRefused when the machine forbids it
   */
  public static Stage start() throws StageRefused {
    Layers.Built layers = Layers.build();
    int[] pipe = new int[2];
    long made = Libc.pipe(pipe);
    if (made < 0) {
      throw new StageRefused(List.of("doqu: pipe2: " + Libc.error(made)));
    }
    // What an actor writes to its standard output comes to doqu; its input is at its end.
    layers.first().give(pipe[1], 1);
    layers.first().give(pipe[1], 2);
    Libc.close(pipe[1]);
    layers
        .first()
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    layers
        .first()
        .environment()
        .put("TERM", Optional.ofNullable(System.getenv("TERM")).orElse("dumb"));
    return new Stage(layers, pipe[0]);
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

  /** The actor that lays files into the work area: its mounts are out of the learner's reach. */
  public Actor outer() {
    return layers.outer();
  }

  /** The directory of the stage that can be written to. */
  public String workArea() {
    return layers.workArea();
  }

  /** The descriptor on which what actors and their programs print arrives. */
  public int output() {
    return output;
  }

  /** Whether an actor can be told to make calls, now or when the call it is in returns. */
  public static boolean canAct(Actor actor) {
    return !actor.runsProgram() && !actor.hasEnded();
  }

  /** Forks an actor; the child is on the stage from then on. */
  public Actor.Forked fork(Actor parent, Call call, String name) {
    Actor.Forked forked = parent.fork(call, name);
    if (forked.child() != null) {
      actors.add(forked.child());
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
  public void close() {
    layers.wall().end();
    try {
      // The kernel lets PID 1 go only after everything in its namespace is gone.
      layers.outer().plumb(Calls.wait4(-1, 0));
    } catch (ActorGone e) {
      // Then nothing is left to wait for.
    }
    layers.outer().end();
    Libc.reap(layers.outer().pid());
    actors.forEach(Actor::release);
    List.of(layers.init(), layers.wall(), layers.outer()).forEach(Actor::release);
    Libc.close(output);
  }
}
