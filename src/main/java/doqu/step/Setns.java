package doqu.step;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import doqu.observe.OwnProc;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * {@code setns PID|ACTOR|FILE [NAMESPACE...]}: enters namespaces of another process, each by a file
 * of its /proc/PID/ns.
 *
 * @param who a PID as the actor's own /proc has it, an actor's name, or a file
 * @param kinds in the order in which to enter them; of a file, what it must be: it is one namespace
 */
record Setns(String who, List<Namespace> kinds) implements Step {
  static Setns parse(Args args) {
    String who = args.operand(0);
    List<Namespace> kinds = new ArrayList<>();
    for (String word : args.operands().subList(1, args.operands().size())) {
      long flags = NamespaceWords.flags(word);
      Arrays.stream(Namespace.values()).filter(n -> (n.flag() & flags) != 0).forEach(kinds::add);
    }
    if (!isFile(who) && kinds.isEmpty()) {
      throw new Mistake("something is missing: setns " + who + " NAMESPACE...");
    }
    return new Setns(who, List.copyOf(kinds));
  }

  private static boolean isFile(String who) {
    return who.contains("/");
  }

  @Override
  public void run(Run run) {
    List<String> files = files(run.stage(), run.actor());
    if (isFile(who)) {
      enter(run, who, kinds.stream().mapToLong(Namespace::flag).reduce(0, (a, b) -> a | b));
      return;
    }
    for (int i = 0; i < files.size(); i++) {
      enter(run, files.get(i), kinds.get(i).flag());
    }
  }

  /**
   * The files of the namespaces, as an actor has them: one for each kind, or the one that is given.
   */
  List<String> files(Stage stage, Actor actor) {
    if (isFile(who)) {
      return List.of(who);
    }
    String pid = stage.named(who).map(target -> seenAs(actor, target)).orElse(who);
    if (!pid.matches("\\d+")) {
      throw Mistake.unknown("actor", who, stage.actors().stream().map(Actor::name).toList());
    }
    return kinds.stream().map(kind -> "/proc/" + pid + "/ns/" + kind.file()).toList();
  }

  /** The PID under which the one finds the other in its own /proc. */
  private static String seenAs(Actor viewer, Actor target) {
    Optional<OwnProc> proc = OwnProc.of(viewer.pid());
    if (proc.isEmpty()) {
      throw new Mistake("'" + target.name() + "': no proc file system is mounted on /proc here");
    }
    return Integer.toString(
        proc.get()
            .pidOf(target.pid())
            .orElseThrow(
                () -> new Mistake("'" + target.name() + "' is not in this actor's /proc")));
  }

  private static void enter(Run run, String file, long kind) {
    int descriptor = run.open(file, Flags.O_RDONLY);
    boolean entered = !run.attempt(Calls.setns(descriptor, kind)).failed();
    run.call(Calls.close(descriptor));
    if (!entered) {
      run.fail();
    }
  }
}
