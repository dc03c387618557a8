package doqu.shell;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.stage.Stage;
import java.util.Set;
import java.util.stream.IntStream;

/** What a thread waits for that has to tell what happens on the stage: an end, output, a reply. */
final class Wake {
  private static final int TICK = 20;

  private final int reading;
  private final int writing;
  private boolean closed;

  Wake() {
    int[] pipe = new int[2];
    if (Libc.pipe(pipe) < 0) {
      throw new IllegalStateException("doqu is out of descriptors");
    }
    // Where nobody waits, as in a script, nobody empties it: full is awake enough.
    Libc.neverWait(pipe[1]);
    reading = pipe[0];
    writing = pipe[1];
  }

  /** Ends a wait, or the next one. */
  synchronized void wake() {
    if (!closed) {
      Libc.write(writing, new byte[1]);
    }
  }

  /**
   * Waits until something happens on a stage that is not known of yet.
   *
   * @param timeout the most it may take, in milliseconds; -1: for ever
   */
  void await(Stage stage, Set<Actor> knownToHaveEnded, int timeout) {
    IntStream ends =
        stage.actors().stream()
            .filter(actor -> !knownToHaveEnded.contains(actor))
            .mapToInt(Actor::pidfd);
    boolean[] ready =
        Libc.poll(timeout, IntStream.concat(IntStream.of(reading, stage.output()), ends).toArray());
    if (ready[0]) {
      Libc.read(reading, new byte[64]);
    }
  }

  /** A step that comes back later finds nobody to wake, and no descriptor that is another's now. */
  synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(reading);
      Libc.close(writing);
    }
  }

  static void pause() {
    Libc.poll(TICK);
  }
}
