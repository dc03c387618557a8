package doqu.step;

import doqu.actor.Calls;
import java.util.List;

/** {@code rmdir DIRECTORY}. */
record RemoveDirectory(String path) implements Step {
  static RemoveDirectory parse(List<Word> words) {
    return new RemoveDirectory(Args.operands(words, 1, 1, "rmdir DIRECTORY").get(0));
  }

  @Override
  public void run(Run run) {
    run.call(Calls.rmdir(path));
    run.changed("- directory " + path);
  }
}
