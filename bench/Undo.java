import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The article's sequence done again on a fresh stage, as undo does it in a doqu of its own: by what
 * it says itself, from the build of the stage on.
 */
final class Undo {
  private static final Pattern TOOK = Pattern.compile("done again on a fresh stage in (\\d+) ms");

  /** The step that is undone, after those of the article. */
  private static final String LAST = "chdir /";

  private Undo() {}

  /** The article's steps; what runs in the container needs nobody who types. */
  private static String article() throws IOException {
    String steps = Files.readString(Path.of("lessons/article.doqu"));
    String shell = "exec /bin/sh\n";
    if (!steps.contains(shell)) {
      throw new IllegalStateException("the article's container runs no shell any more");
    }
    return steps.replace(shell, "exec /bin/probe /bin/probe\n") + "\n";
  }

  static void run(int rounds, String doqu) throws Exception {
    StringBuilder steps = new StringBuilder(article());
    steps.append(LAST).append("\nundo\n");
    for (int i = 1; i < rounds; i++) {
      steps.append("redo\nundo\n");
    }
    Process process = new ProcessBuilder(doqu, "-c", steps.toString()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<Double> took = new ArrayList<>();
    for (Matcher matcher = TOOK.matcher(output); matcher.find(); ) {
      took.add(Double.valueOf(matcher.group(1)));
    }
    if (process.waitFor() != 0 || took.size() != rounds) {
      throw new IllegalStateException(took.size() + " undos of " + rounds + ": " + output);
    }
    System.out.printf("the first undo of the article in a doqu %.0f ms%n", took.get(0));
    Turns.bound("undo of the article, the median", Turns.median(took), 50, " ms");
  }
}
