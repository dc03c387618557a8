import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What every bench here needs: programs to compare with, medians, and a bound that is told. */
final class Turns {
  private static boolean exceeded;

  private Turns() {}

  /** The numbers a program prints. */
  static double[] run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": exit status " + process.exitValue());
    }
    return Arrays.stream(out.strip().split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  static double median(List<Double> values) {
    return median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Prints a value beside the most it may be. */
  static void bound(String what, double is, double most, String unit) {
    boolean holds = is <= most;
    exceeded |= !holds;
    System.out.printf(
        "%-44s %6.2f%s, at most %.1f%s: %s%n",
        what, is, unit, most, unit, holds ? "holds" : "EXCEEDED");
  }

  /** The exit status of the bench: 1 when a bound was exceeded. */
  static int status() {
    return exceeded ? 1 : 0;
  }
}
