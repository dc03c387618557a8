package doqu.shell;

import doqu.stage.StageRefused;
import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.Usage;
import doqu.step.Word;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What may follow {@code rootfs}, at the prompt and from the shell. */
public enum RootfsWord {
  LIST("list [-j,--json]", "which root file systems you keep", Shelf::list),
  SHOW("show [-j,--json] ROOTFS", "all that is known of one", Shelf::show),
  USE("use [-k,--keep] ROOTFS", "have $ROOTFS be that one; machine is the built one", Shelf::use),
  BUILD("build [-f,--force] NAME", "make one of this machine's own programs", Shelf::build),
  IMPORT(
      "import [-f,--force] NAME PATH",
      "make one of an archive or image; - is the input",
      Shelf::take),
  EXPORT(
      "export [-f,--force] ROOTFS PATH",
      "write one to a tar archive; - is the output",
      Shelf::export),
  VERIFY("verify ROOTFS", "whether anything in one has changed since", Shelf::verify),
  RM("rm ROOTFS...", "remove some", Shelf::remove);

  /** What one of them does. */
  @FunctionalInterface
  interface Action {
    void run(Shelf shelf, Args args) throws IOException, StageRefused;
  }

  private final Usage usage;
  private final String says;
  private final Action action;

  RootfsWord(String usage, String says, Action action) {
    Usage own = Usage.of(usage);
    this.usage = new Usage("rootfs " + own.name(), own.text(), own.options(), own.operands());
    this.says = says;
    this.action = action;
  }

  /** It alone. */
  public String word() {
    return usage.name().substring("rootfs ".length());
  }

  /** How it is written, {@code rootfs} included. */
  public Usage usage() {
    return usage;
  }

  /** What it does, in one line. */
  public String says() {
    return says;
  }

  /** Which one a word is. */
  static RootfsWord of(String word) {
    return named(word).orElseThrow(() -> Mistake.unknown("word of rootfs", word, words()));
  }

  /** The one of a word, if it is one. */
  static Optional<RootfsWord> named(String word) {
    return Stream.of(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  private static List<String> words() {
    return Stream.of(values()).map(RootfsWord::word).toList();
  }

  /** Checks what follows it, as far as that can be done without the store. */
  void check(List<Word> words) {
    Args.of(words, usage);
  }

  void run(Shelf shelf, List<Word> words) throws IOException, StageRefused {
    action.run(shelf, Args.of(words, usage));
  }
}
