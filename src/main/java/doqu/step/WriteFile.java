package doqu.step;

import java.util.List;

/** {@code write FILE TEXT}: opens, writes once, closes; the way id maps and sysctls are set. */
record WriteFile(String file, String text) implements Step {
  static WriteFile parse(List<Word> words) {
    List<String> operands = Args.operands(words, 2, 2, "write FILE TEXT");
    return new WriteFile(operands.get(0), operands.get(1));
  }

  @Override
  public void run(Run run) {
    run.write(file, text);
    run.changed("written to " + file);
  }
}
