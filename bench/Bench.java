import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs one bench; {@code bench/run} builds what it needs and says which. */
final class Bench {
  private static final int ROUNDS = 100;

  private Bench() {}

  public static void main(String[] args) throws Exception {
    String folder = args[1];
    switch (args[0]) {
      case "requests" -> Requests.run(folder, ROUNDS / 5);
      case "sequence" -> Sequence.run(folder, ROUNDS, Map.of());
      case "peers" -> Sequence.run(folder, ROUNDS / 5, peers(Path.of(folder, "peers")));
      case "prompt" ->
          Prompt.run(folder, ROUNDS / 5, List.of(args).subList(3, args.length), args[2]);
      case "lessons" -> Lessons.run(Path.of(folder, "lessons"));
      case "why" -> Why.run(ROUNDS);
      case "unpack" -> Unpack.run(Path.of(folder), args[2], List.of(args).subList(3, args.length));
      case "undo" -> Undo.run(ROUNDS / 5, args[2]);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(Turns.status());
  }

  /** A file for each peer, a line for each word of its command. */
  private static Map<String, List<String>> peers(Path folder) throws Exception {
    Map<String, List<String>> commands = new TreeMap<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        commands.put(file.getFileName().toString(), Files.readAllLines(file));
      }
    }
    return commands;
  }
}
