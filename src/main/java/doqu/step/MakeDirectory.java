package doqu.step;

import doqu.actor.Calls;

/** {@code mkdir [-m MODE] DIRECTORY}; what the umask forbids is taken from the mode. */
record MakeDirectory(String path, int mode) implements Step {
  static MakeDirectory parse(Args args) {
    String mode = args.value("755", "-m", "--mode");
    if (!mode.matches("[0-7]{1,5}")) {
      throw new Mistake("'" + mode + "' is not an octal mode");
    }
    return new MakeDirectory(args.operand(0), Integer.parseInt(mode, 8));
  }

  @Override
  public void run(Run run) {
    run.call(Calls.mkdir(path, mode));
    run.changed("+ directory " + path);
  }
}
