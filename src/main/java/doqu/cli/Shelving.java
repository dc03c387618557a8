package doqu.cli;

import doqu.kernel.Libc;
import doqu.rootfs.store.Store;
import doqu.rootfs.store.Stored;
import doqu.shell.Bar;
import doqu.shell.RootfsWord;
import doqu.shell.Shelf;
import doqu.step.Mistake;
import doqu.step.Word;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code doqu rootfs}. */
@Command(name = "rootfs", description = "The root file systems you keep, and which one is used.")
final class Shelving implements Callable<Integer>, Shelf.User {
  /** The exit status for a command line that is wrong, as picocli has it. */
  private static final int WRONG = 2;

  @Unmatched private final List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    return run(words);
  }

  /** Without picocli, which takes memory that an archive may want; its words are doqu's own. */
  static int run(List<String> words) {
    if (words.isEmpty() || words.contains("-h") || words.contains("--help")) {
      System.out.println("Usage: doqu rootfs WORD [ARG...]");
      for (RootfsWord word : RootfsWord.values()) {
        System.out.printf("  %-38s %s%n", word.usage().line(), word.says());
      }
      return words.isEmpty() ? WRONG : 0;
    }
    try {
      new Shelf(new Shelving()).carryOut(words.stream().map(w -> new Word(w, false)).toList());
      return 0;
    } catch (Mistake e) {
      System.err.println("doqu: " + e.getMessage());
      return 1;
    }
  }

  @Override
  public void told(String word, List<String> lines) {
    lines.forEach(System.out::println);
  }

  @Override
  public void said(String line) {
    System.err.println(line);
  }

  @Override
  public Bar bar() {
    return new Bar(System.err, Libc.isTerminal(2));
  }

  @Override
  public void uses(Optional<Stored> one, boolean kept) throws IOException {
    if (kept) {
      throw new Mistake("--keep is for rootfs use at the prompt: it is not remembered");
    }
    Store.here().choose(one);
  }

  @Override
  public Optional<Shelf.Pipe> pipe() {
    return Optional.of(new Shelf.Pipe(System.in, System.out));
  }
}
