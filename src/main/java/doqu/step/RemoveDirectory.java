package doqu.step;

import doqu.actor.Calls;

/** {@code rmdir DIRECTORY}. */
record RemoveDirectory(String path) implements Step {
  static RemoveDirectory parse(Args args) {
    return new RemoveDirectory(args.operand(0));
  }

  @Override
  public void run(Run run) {
    run.call(Calls.rmdir(path));
    run.changed("- directory " + path);
  }
}
