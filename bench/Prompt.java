import java.util.ArrayList;
import java.util.List;

/** From exec of ./doqu until its prompt is on the terminal, in turn with a JVM that says hello. */
final class Prompt {
  private Prompt() {}

  static void run(String folder, int rounds, List<String> hello, String doqu) throws Exception {
    List<String> prompt = List.of(folder + "/prompt", "doqu> ", doqu);
    List<String> greeting = new ArrayList<>(List.of(folder + "/prompt", "hello, world"));
    greeting.addAll(hello);
    Turns.run(prompt);
    List<Double> ours = new ArrayList<>();
    List<Double> memory = new ArrayList<>();
    List<Double> floor = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      floor.add(Turns.run(greeting)[0]);
      double[] timeAndMemory = Turns.run(prompt);
      ours.add(timeAndMemory[0]);
      memory.add(timeAndMemory[1]);
    }
    double first = Turns.median(ours);
    double jvm = Turns.median(floor);
    System.out.printf("first prompt %.0f ms, hello world %.0f ms%n", first, jvm);
    Turns.bound("the first prompt to a JVM that says hello", first / jvm, 4.5, "x");
    Turns.bound("its peak of memory", Turns.median(memory) / 1024, 70, " MiB");
  }
}
