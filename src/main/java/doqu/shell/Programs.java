package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.PseudoTerminal;
import doqu.kernel.Libc;
import doqu.kernel.Tty;
import doqu.observe.Life;
import doqu.stage.Stage;
import doqu.step.Mistake;
import doqu.step.StepRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The programs actors have become: who has the terminal, and where goes what they print. */
final class Programs {
  /** What is kept of one step's output, in bytes. */
  private static final int MOST_OUTPUT = 1 << 20;

  private static final int MOST_READS = 64;

  /** How soon it is noticed that a program has been stopped, in milliseconds. */
  private static final int LOOK = 200;

  private final Curtain screen;
  private final Tty.@Nullable Modes humans;
  private final Map<Actor, Relay> relays = new HashMap<>();
  private volatile boolean givenUp;

  /** How long a program may take that is run again for a replay, in looks of {@link #LOOK}. */
  private static final int MOST_LOOKS = 50;

  /**
   * Shows them on a screen.
   *
   * @param humans how the human has the terminal that is lent to them; null: there is none
   */
  Programs(Curtain screen, Tty.@Nullable Modes humans) {
    this.screen = screen;
    this.humans = humans;
  }

  /** Gives an actor that is about to exec a terminal of its own, when there is one to lend. */
  void prepare(Actor actor) {
    if (humans != null) {
      PseudoTerminal.forProgram(actor).ifPresent(own -> Relay.fit(own, humans));
    }
  }

  /** An exec has worked: lends the program the terminal, or waits for its end. */
  void follow(Stage stage, Actor actor, StepRecord record) {
    PseudoTerminal own = actor.terminal();
    if (own != null && screen.isDown()) {
      runUnseen(actor, own);
      return;
    }
    if (own != null) {
      screen.step(record, output(stage));
      relay(stage, actor, own);
      return;
    }
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    while (!actor.hasEnded() && Life.of(actor) != Life.STOPPED && !givenUp) {
      Libc.poll(LOOK, actor.pidfd(), stage.output());
      gather(stage, output);
    }
    gather(stage, output);
    screen.step(record, output.toString(StandardCharsets.UTF_8));
  }

  /** Whether no program is waited for any more. May be called from another thread. */
  void giveUp(boolean whether) {
    givenUp = whether;
  }

  /** Of a program into which nobody typed: it ends by itself, as it did before. */
  private void runUnseen(Actor actor, PseudoTerminal own) {
    byte[] buffer = new byte[65536];
    for (int looks = 0; !actor.hasEnded() && looks < MOST_LOOKS && !givenUp; ) {
      if (Libc.poll(LOOK, own.master(), actor.pidfd())[0]) {
        Libc.read(own.master(), buffer);
      } else {
        looks++;
      }
    }
  }

  /** Whether a program did what it did by itself, and has ended: run again it does the same. */
  boolean canBeRunAgain(Actor actor) {
    Relay relay = relays.get(actor);
    return actor.hasEnded() && (relay == null || !relay.typedInto());
  }

  private void relay(Stage stage, Actor actor, PseudoTerminal own) {
    screen.lend();
    if (!relays.computeIfAbsent(actor, key -> new Relay(key, own)).run()) {
      screen.said(
          Life.of(actor) == Life.STOPPED
              ? actor.name() + " is stopped by a signal; kill -CONT lets it go on"
              : actor.name() + " is detached and goes on; attach " + actor.name() + " returns");
      stage.heirOf(actor).ifPresent(stage::focus);
    }
  }

  /** Lends the terminal to a program again. */
  void attach(Stage stage, Actor actor) {
    PseudoTerminal own = actor.terminal();
    if (!actor.runsProgram() || actor.hasEnded() || own == null) {
      throw new Mistake("'" + actor.name() + "' runs no program with a terminal");
    }
    screen.said("attached to " + actor.name() + "; Ctrl-] leaves it again");
    relay(stage, actor, own);
  }

  boolean anyRuns(Stage stage) {
    return stage.actors().stream().anyMatch(actor -> runs(actor) && Life.of(actor) != Life.STOPPED);
  }

  /** The actor that became a program last. */
  Actor youngest(Stage stage) {
    return stage.actors().stream()
        .filter(Programs::runs)
        .reduce((older, younger) -> younger)
        .orElseThrow(() -> new Mistake("no program runs that could be attached"));
  }

  private static boolean runs(Actor actor) {
    return actor.runsProgram() && !actor.hasEnded();
  }

  /** The programs that a signal has stopped: they will not end by themselves. */
  List<Actor> stopped(Stage stage) {
    return stage.actors().stream()
        .filter(actor -> runs(actor) && Life.of(actor) == Life.STOPPED)
        .toList();
  }

  /** What actors and programs without a terminal have printed since. */
  String output(Stage stage) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    gather(stage, output);
    return output.toString(StandardCharsets.UTF_8);
  }

  private static void gather(Stage stage, ByteArrayOutputStream output) {
    byte[] buffer = new byte[65536];
    // A job that never stops printing does not keep doqu here.
    for (int reads = 0; reads < MOST_READS && Libc.poll(0, stage.output())[0]; reads++) {
      int count = (int) Libc.read(stage.output(), buffer);
      if (count <= 0) {
        return;
      }
      int room = MOST_OUTPUT - output.size();
      output.write(buffer, 0, Math.min(count, Math.max(room, 0)));
      if (room > 0 && count >= room) {
        output.writeBytes("\n... (more than 1 MiB)\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
