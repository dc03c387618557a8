package doqu.shell;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.observe.Asleep;
import doqu.stage.Stage;
import doqu.step.Run;
import doqu.step.Step;
import doqu.step.StepRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Steps being carried out, each on a lane of its own: an actor that blocks holds up no other. */
final class Lanes {
  /** How often an actor that does not come back is looked at, in milliseconds. */
  private static final int LOOK = 20;

  /** After so many looks one of which nothing can be known counts as blocked. */
  private static final int PATIENCE = 15;

  /** The same of one that ends: ten seconds. */
  private static final int LAST_PATIENCE = 500;

  private record Lane(Actor actor, String line, CompletableFuture<StepRecord> record) {}

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "lane");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<Actor, Lane> blocked = new LinkedHashMap<>();
  private final Runnable comesBack;

  /** Tells by {@code comesBack}, from a thread of its own, that a step is done. */
  Lanes(Runnable comesBack) {
    this.comesBack = comesBack;
  }

  /** Carries out a step; empty: the actor is blocked in it, and will be {@link #returned}. */
  Optional<StepRecord> carryOut(Stage stage, Actor actor, String line, Step step) {
    CompletableFuture<StepRecord> record = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            record.complete(Run.of(stage, actor, line, step));
          } catch (RuntimeException | OutOfMemoryError e) {
            record.completeExceptionally(e);
          }
          comesBack.run();
        });
    Call asleepIn = null;
    for (int looks = 1; ; looks++) {
      try {
        return Optional.of(record.get(LOOK, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        Call pending = actor.pending();
        boolean asleep = pending != null && isAsleep(actor, pending, looks);
        // One look may have met it on its way in or out.
        if (asleep && Objects.equals(pending, asleepIn)) {
          blocked.put(actor, new Lane(actor, line, record));
          return Optional.empty();
        }
        asleepIn = asleep ? pending : null;
      } catch (InterruptedException e) {
        // Ctrl-C that came too late for the line reader: the step is on its way all the same.
        asleepIn = null;
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
      }
    }
  }

  private static boolean isAsleep(Actor actor, Call pending, int looks) {
    // In its last call it sleeps while the kernel ends who is in a PID namespace with it.
    return pending.name().equals("exit_group")
        ? looks >= LAST_PATIENCE
        : Asleep.in(actor, pending).orElse(looks >= PATIENCE);
  }

  /** Whether an actor sleeps in a call; otherwise it comes back by itself. */
  boolean isAsleep(Actor actor) {
    Call pending = actor.pending();
    return pending != null && isAsleep(actor, pending, PATIENCE);
  }

  /** The actors that are blocked in a step. */
  Set<Actor> blocked() {
    return blocked.keySet();
  }

  /** The records of those that have come back since, once. */
  Map<Actor, StepRecord> returned() {
    Map<Actor, StepRecord> records = new LinkedHashMap<>();
    for (Lane lane : List.copyOf(blocked.values())) {
      if (lane.record.isDone()) {
        blocked.remove(lane.actor);
        records.put(
            lane.actor,
            lane.record
                .exceptionally(
                    e -> Run.failed(lane.actor, lane.line, String.valueOf(e.getMessage())))
                .join());
      }
    }
    return records;
  }
}
