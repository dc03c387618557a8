package doqu.step;

import doqu.actor.Calls;
import java.util.List;
import java.util.Set;

/** {@code mkdir [-m MODE] DIRECTORY}; what the umask forbids is taken from the mode. */
record MakeDirectory(String path, int mode) implements Step {
  static MakeDirectory parse(List<Word> words) {
    Args args = Args.of(words, Set.of(), Set.of("-m", "--mode"));
    String path = args.operands(1, 1, "mkdir [-m MODE] DIRECTORY").get(0);
    String mode = args.value("755", "-m", "--mode");
    if (!mode.matches("[0-7]{1,5}")) {
      throw new Mistake("'" + mode + "' is not an octal mode");
    }
    return new MakeDirectory(path, Integer.parseInt(mode, 8));
  }

  @Override
  public void run(Run run) {
    run.call(Calls.mkdir(path, mode));
    run.changed("+ directory " + path);
  }
}
