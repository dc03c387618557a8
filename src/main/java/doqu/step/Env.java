package doqu.step;

import java.util.List;
import java.util.Map;

/**
 * {@code env [--clear] [-u NAME] [NAME=VALUE...]}: what exec passes on, listed or changed. The
 * environment is no business of the kernel's: until exec it is a list that doqu keeps.
 */
record Env(boolean clear, List<String> unset, List<String> assignments) implements Step {
  static Env parse(Args args) {
    List<String> assignments = args.operands();
    for (String assignment : assignments) {
      if (assignment.indexOf('=') < 1) {
        throw new Mistake("'" + assignment + "' is not NAME=VALUE");
      }
    }
    return new Env(args.has("-i", "--clear"), args.values("-u", "--unset"), assignments);
  }

  @Override
  public void run(Run run) {
    Map<String, String> environment = run.environment();
    if (!clear && unset.isEmpty() && assignments.isEmpty()) {
      environment.forEach((name, value) -> run.note(name + "=" + value));
      return;
    }
    Map<String, String> before = Map.copyOf(environment);
    if (clear) {
      environment.clear();
    }
    unset.forEach(environment::remove);
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    if (!before.equals(environment)) {
      run.changed("exec will pass on " + environment.size() + " variables");
    }
  }
}
