import doqu.actor.Actor;
import doqu.actor.ActorProgram;
import doqu.actor.Calls;
import doqu.kernel.Arch;
import doqu.kernel.Libc;
import doqu.rootfs.Entry;
import doqu.rootfs.Laying;
import doqu.rootfs.Plan;
import doqu.rootfs.Source;
import doqu.stage.Stage;
import doqu.step.Run;
import doqu.step.Step;
import doqu.step.StepRecord;
import doqu.step.Steps;
import doqu.step.Word;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sequence of the article, from unshare to the last wait, in turn with its twin in C.
 *
 * <p>Each turn is on a fresh stage, which is built before the clock starts; both begin from a child
 * of the stage's first actor.
 */
final class Sequence {
  /** So many rounds are thrown away: the sequence is to be warm. */
  private static final int WARMING = 40;

  /** Sequences in one turn: the first pays for what a fresh stage has not been used for yet. */
  private static final int TIMES = 3;

  private static final String STEPS =
      """
      unshare uts pid mnt
      sethostname doqueru
      mount --make-rprivate /
      mount --bind ROOTFS ROOTFS
      fork
      chdir ROOTFS
      mkdir oldroot
      pivot_root . oldroot
      chdir /
      mount -t proc proc /proc
      umount -l /oldroot
      rmdir /oldroot
      fork
      exec /bin/probe /bin/probe
      wait
      exit
      wait
      """;

  private final String folder;
  private final List<Double> twin = new ArrayList<>();
  private final List<Double> unobserved = new ArrayList<>();
  private final List<double[]> steps = new ArrayList<>();

  private Sequence(String folder) {
    this.folder = folder;
  }

  /** Carries out a step: with a look before and after it or without. */
  @FunctionalInterface
  private interface Manner {
    StepRecord run(Stage stage, Actor actor, String line, Step step);
  }

  static void run(String folder, int rounds, Map<String, List<String>> peers) throws Exception {
    Sequence sequence = new Sequence(folder);
    for (int i = 0; i < WARMING; i++) {
      sequence.turn();
    }
    sequence.forget();
    Map<String, List<Double>> others = new LinkedHashMap<>();
    for (int i = 0; i < rounds; i++) {
      sequence.turn();
      for (var peer : peers.entrySet()) {
        List<String> command = new ArrayList<>(List.of(folder + "/spawn"));
        command.addAll(peer.getValue());
        others.computeIfAbsent(peer.getKey(), name -> new ArrayList<>()).add(Turns.run(command)[0]);
      }
    }
    if (peers.isEmpty()) {
      sequence.tell();
    }
    double ours = Turns.median(sequence.unobserved);
    others.forEach(
        (name, times) ->
            System.out.printf(
                "%-44s %6.2fx the sequence, %.2f ms%n",
                name + ", its own start included",
                Turns.median(times) / ours,
                Turns.median(times) / 1e6));
  }

  private void turn() throws Exception {
    try (Stage stage = stage()) {
      twin.addAll(twins(stage));
      for (int i = 0; i < TIMES; i++) {
        unobserved.add(Arrays.stream(sequence(stage, Run::unobserved)).sum());
      }
    }
    try (Stage stage = stage()) {
      steps.add(sequence(stage, Run::of));
    }
  }

  private void forget() {
    twin.clear();
    unobserved.clear();
    steps.clear();
  }

  private void tell() {
    double floor = Turns.median(twin);
    double ours = Turns.median(unobserved);
    System.out.printf("sequence %.2f ms, its twin in C %.2f ms%n", ours / 1e6, floor / 1e6);
    Turns.bound("the sequence, observation off, to the twin", ours / floor, 2, "x");
    String[] lines = STEPS.split("\n");
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      int step = i;
      List<Double> times = steps.stream().map(turn -> turn[step] / 1e6).toList();
      System.out.printf("  %6.3f ms  %s%n", Turns.median(times), lines[i]);
      all.addAll(times);
    }
    Turns.bound("a step, observation on", Turns.median(all), 1, " ms");
  }

  private static String rootfs(Stage stage) {
    return stage.workArea() + "/rootfs";
  }

  private Stage stage() throws Exception {
    Stage stage = Stage.start();
    byte[] program = Files.readAllBytes(Path.of(folder, "twin"));
    List<Entry> entries =
        List.of(
            new Entry.Directory("/bin", 0755),
            new Entry.Directory("/proc", 0755),
            new Entry.RegularFile(
                "/bin/probe", 0755, Source.of(ActorProgram.bytes("probe", Arch.current()))),
            new Entry.RegularFile("/twin", 0755, Source.of(program)));
    Laying.lay(new Plan(entries, List.of(), List.of(), List.of()), stage.outer(), rootfs(stage));
    return stage;
  }

  /** Nanoseconds of each sequence of the twin, which a child of the stage's first actor becomes. */
  private List<Double> twins(Stage stage) throws IOException {
    Actor actor = stage.fork(stage.focus(), Calls.fork(), "twin").child();
    List<String> argv = List.of("twin", rootfs(stage), Integer.toString(TIMES));
    actor.plumb(Calls.execve(rootfs(stage) + "/twin", argv, List.of()));
    Libc.poll(-1, actor.pidfd());
    stage.focus().plumb(Calls.wait4(-1, 0));
    byte[] output = new byte[65536];
    int length = (int) Libc.read(stage.output(), output);
    List<Double> times =
        new String(output, 0, length, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("twin "))
            .map(line -> Double.valueOf(line.substring("twin ".length())))
            .toList();
    if (times.size() != TIMES) {
      throw new IOException("the twin failed: " + new String(output, 0, length));
    }
    return times;
  }

  /** Nanoseconds of each step; together they are the sequence, made by a fresh actor. */
  private static double[] sequence(Stage stage, Manner manner) {
    List<String> lines = STEPS.replace("ROOTFS", rootfs(stage)).lines().toList();
    double[] times = new double[lines.size()];
    Actor fresh = stage.fork(stage.focus(), Calls.fork(), stage.freeName("fresh")).child();
    Actor actor = fresh;
    long before = System.nanoTime();
    for (int i = 0; i < times.length; i++) {
      List<String> words = Arrays.asList(lines.get(i).split(" "));
      String name = words.get(0);
      List<Word> rest = words.stream().skip(1).map(word -> new Word(word, false)).toList();
      Step step = Steps.named(name).orElseThrow().parse(rest);
      StepRecord record = manner.run(stage, actor, lines.get(i), step);
      if (!record.ok()) {
        throw new IllegalStateException(lines.get(i) + ": " + record.syscalls());
      }
      actor =
          switch (name) {
            case "fork" -> stage.childOf(actor).orElseThrow();
            case "exec", "exit" -> actor.parent();
            default -> actor;
          };
      long now = System.nanoTime();
      times[i] = now - before;
      before = now;
    }
    fresh.end();
    stage.focus().plumb(Calls.wait4(-1, 0));
    return times;
  }
}
