package doqu.step;

import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code exec PROGRAM [ARG...]}: becomes another program, searched in PATH as execvp(3) does. */
record Exec(List<String> argv) implements Step {
  /** What execvp(3) of glibc searches when there is no PATH. */
  private static final String NO_PATH = "/bin:/usr/bin";

  /** As execvp(3): these say that there is no such program here, not that it does not work. */
  private static final Set<Integer> SEARCH_ON =
      Set.of(Errno.ENOENT.number(), Errno.ENOTDIR.number(), Errno.EACCES.number());

  static Exec parse(Args args) {
    return new Exec(args.operands());
  }

  @Override
  public void run(Run run) {
    Map<String, String> environment = run.actor().environment();
    List<String> envp = new ArrayList<>();
    environment.forEach((name, value) -> envp.add(name + "=" + value));
    for (String path : candidates(environment.getOrDefault("PATH", NO_PATH))) {
      Reply reply = run.attempt(Calls.execve(path, argv, envp));
      if (!reply.failed()) {
        run.changed(run.actor().name() + " is " + path + " now, and its PID the same");
        return;
      }
      if (!SEARCH_ON.contains(reply.errno())) {
        break;
      }
    }
    run.fail();
  }

  @Override
  public boolean becomesProgram() {
    return true;
  }

  private List<String> candidates(String searched) {
    String program = argv.get(0);
    if (program.contains("/") || program.isEmpty()) {
      return List.of(program);
    }
    List<String> candidates = new ArrayList<>();
    for (String folder : searched.split(":", -1)) {
      candidates.add((folder.isEmpty() ? "." : folder) + "/" + program);
    }
    return candidates;
  }
}
