package doqu.step;

/** {@code write FILE TEXT}: opens, writes once, closes; the way id maps and sysctls are set. */
record WriteFile(String file, String text) implements Step {
  static WriteFile parse(Args args) {
    return new WriteFile(args.operand(0), args.operand(1));
  }

  @Override
  public void run(Run run) {
    run.write(file, text);
    run.changed("written to " + file);
  }
}
