package doqu.step;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Signals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps that make, become, await and end processes. */
final class Processes {
  private Processes() {}

  /** {@code fork [NAME]}. */
  static Step fork(List<Word> words) {
    List<String> names = Args.operands(words, 0, 1, "fork [NAME]");
    if (!names.isEmpty() && !names.get(0).matches("[A-Za-z][A-Za-z0-9_-]*")) {
      throw new Mistake("'" + names.get(0) + "' is no name: letters and digits, a letter first");
    }
    return run ->
        run.fork(Calls.fork(), run.stage().freeName(names.isEmpty() ? "child" : names.get(0)));
  }

  /** {@code exec PROGRAM [ARG...]}, searched in PATH as execvp(3) does. */
  static Step exec(List<Word> words) {
    if (words.isEmpty()) {
      throw new Mistake("something is missing: exec PROGRAM [ARG...]");
    }
    List<String> argv = words.stream().map(Word::text).toList();
    return run -> {
      Map<String, String> environment = run.actor().environment();
      List<String> envp = new ArrayList<>();
      environment.forEach((name, value) -> envp.add(name + "=" + value));
      String searched = environment.getOrDefault("PATH", "/bin:/usr/bin");
      List<String> candidates = new ArrayList<>();
      if (argv.get(0).contains("/")) {
        candidates.add(argv.get(0));
      } else {
        for (String folder : searched.split(":", -1)) {
          candidates.add((folder.isEmpty() ? "." : folder) + "/" + argv.get(0));
        }
      }
      for (String candidate : candidates) {
        Reply reply = run.attempt(Calls.execve(candidate, argv, envp));
        if (!reply.failed()) {
          run.changed(run.actor().name() + " is " + candidate + " now; its PID is the same");
          return;
        }
        // As execvp(3): these say that there is no such program here, not that it does not work.
        Set<Integer> goOn =
            Set.of(Errno.ENOENT.number(), Errno.ENOTDIR.number(), Errno.EACCES.number());
        if (!goOn.contains(reply.errno())) {
          break;
        }
      }
      run.fail();
    };
  }

  /** {@code wait [PID] [--nohang] [--all]}. */
  static Step await(List<Word> words) {
    Args args = Args.of(words, Set.of("--all", "-a", "--nohang", "-n"), Set.of());
    List<String> operands = args.operands(0, 1, "wait [PID] [--nohang | --all]");
    int pid = operands.isEmpty() ? -1 : Args.number(operands.get(0), "a PID");
    boolean all = args.has("--all", "-a");
    long options = args.has("--nohang", "-n") ? Flags.WNOHANG : 0;
    return run -> {
      Reply reply;
      do {
        reply = run.attempt(Calls.wait4(pid, options));
        if (reply.value() > 0) {
          run.note("[pid " + reply.value() + "] " + Calls.status(reply).shownAtEnd());
        }
      } while (all && reply.value() > 0);
      // An init waits until there is nobody left to wait for.
      if (reply.failed() && !(all && reply.errno() == Errno.ECHILD.number())) {
        run.fail();
      }
    };
  }

  /** {@code exit [STATUS]}. */
  static Step exit(List<Word> words) {
    List<String> operands = Args.operands(words, 0, 1, "exit [STATUS]");
    int status = operands.isEmpty() ? 0 : Args.number(operands.get(0), "an exit status");
    return new Step() {
      @Override
      public void run(Run run) {
        run.call(Calls.exitGroup(status));
      }

      @Override
      public boolean endsActor() {
        return true;
      }
    };
  }

  /** {@code kill [-SIGNAL | -s SIGNAL] PID}; the PID is the one the actor's kernel knows. */
  static Step kill(List<Word> words) {
    String usage = "kill [-SIGNAL] PID";
    List<Word> rest = new ArrayList<>(words);
    int signal = Signals.parse("TERM").orElseThrow();
    if (rest.size() > 1 && rest.get(0).text().startsWith("-")) {
      String name = rest.remove(0).text().substring(1);
      if (name.equals("s") && rest.size() > 1) {
        name = rest.remove(0).text();
      }
      String wanted = name;
      signal =
          Signals.parse(name)
              .orElseThrow(() -> Mistake.unknown("signal", wanted, Signals.shortNames().toList()));
    }
    int pid = Args.number(Args.operands(rest, 1, 1, usage).get(0), "a PID");
    int number = signal;
    return run -> {
      List<Actor> alive = run.stage().actors().stream().filter(actor -> !actor.hasEnded()).toList();
      run.call(Calls.kill(pid, number));
      alive.stream()
          .filter(actor -> actor != run.actor() && actor.hasEnded())
          .forEach(actor -> run.changed("- " + actor.name() + " has ended"));
    };
  }

  /** {@code env [NAME=VALUE...] [-u NAME] [--clear]}: what exec passes on. */
  static Step env(List<Word> words) {
    Args args = Args.of(words, Set.of("-i", "--clear"), Set.of("-u", "--unset"));
    List<String> assignments = args.operands(0, Integer.MAX_VALUE, "env [NAME=VALUE...]");
    for (String assignment : assignments) {
      if (assignment.indexOf('=') < 1) {
        throw new Mistake("'" + assignment + "' is not NAME=VALUE");
      }
    }
    return run -> {
      Map<String, String> environment = run.actor().environment();
      if (args.has("-i", "--clear")) {
        environment.clear();
      }
      environment.remove(args.value("", "-u", "--unset"));
      for (String assignment : assignments) {
        int equals = assignment.indexOf('=');
        environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
      }
      if (words.isEmpty()) {
        environment.forEach((name, value) -> run.note(name + "=" + value));
      } else {
        run.changed("exec will pass on " + environment.size() + " variables");
      }
    };
  }

  /** {@code clone} and its like return twice: they take the way of fork. */
  static Step cloned(long flags) {
    if ((flags & (Flags.CLONE_VM | Flags.CLONE_VFORK | Flags.CLONE_FILES)) != 0) {
      throw new Mistake(
          "'"
              + Flags.CLONE.show(flags & ~0xffL)
              + "': an actor cannot share memory or descriptors with its child");
    }
    return run -> run.fork(Calls.clone(flags), run.stage().freeName("child"));
  }

  /** A call made as it is written. */
  static Step raw(Call call) {
    boolean ends = call.name().equals("exit_group") || call.name().equals("exit");
    return new Step() {
      @Override
      public void run(Run run) {
        Reply reply = run.call(call);
        for (int i = 0; i < call.args().size(); i++) {
          if (call.args().get(i).comesBack()) {
            run.note("argument " + (i + 1) + ": " + Arg.quoted(reply.block(i)));
          }
        }
      }

      @Override
      public boolean endsActor() {
        return ends;
      }
    };
  }
}
