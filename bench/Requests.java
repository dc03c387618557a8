import doqu.actor.Actor;
import doqu.actor.ActorProgram;
import doqu.actor.Call;
import doqu.kernel.Libc;
import java.util.ArrayList;
import java.util.List;

/** A request to an actor and its reply, in turn with the same messages between two C programs. */
final class Requests {
  private static final int COUNT = 10_000;

  private Requests() {}

  static void run(String folder, int rounds) throws Exception {
    Actor actor = ActorProgram.spawn("bench", 0);
    List<Double> ours = new ArrayList<>();
    List<Double> floor = new ArrayList<>();
    try {
      // The JVM compiles what runs often: it is to be warm.
      requests(actor);
      for (int round = 0; round < rounds; round++) {
        floor.add(Turns.run(List.of(folder + "/pingpong", Integer.toString(COUNT)))[0]);
        ours.add(requests(actor));
      }
    } finally {
      actor.end();
      Libc.reap(actor.pid());
      actor.release();
    }
    double request = Turns.median(ours);
    double pingpong = Turns.median(floor);
    System.out.printf("request %.2f us, ping-pong in C %.2f us%n", request / 1e3, pingpong / 1e3);
    Turns.bound("a request to the ping-pong", request / pingpong, 1.5, "x");
  }

  /** Nanoseconds of one, the median; what a step does for each of its calls is in it. */
  private static double requests(Actor actor) {
    double[] times = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      long begin = System.nanoTime();
      actor.plumb(Call.of("getppid"));
      times[i] = System.nanoTime() - begin;
    }
    return Turns.median(times);
  }
}
