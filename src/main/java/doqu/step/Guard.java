package doqu.step;

import doqu.actor.Actor;
import doqu.kernel.FileSystems;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import doqu.precondition.Paths;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The table that says of each step whom it would reach; what it needs say its calls' preconditions.
 * On the stage the walls hold and nobody asks it; on the machine itself a step that would reach
 * others is asked about.
 */
public final class Guard {
  /** Finds out, now and for these words, whom a step would reach; empty: only doqu's own. */
  @FunctionalInterface
  private interface Test {
    Optional<String> whom(Reach reach, Args args);
  }

  /**
   * One row.
   *
   * @param step its name
   * @param reaches whom it reaches at most
   */
  public record Row(String step, String reaches, Test test) {}

  private static final String ITSELF = "only who takes it";
  private static final String SEEN = "all who see those files";
  private static final String THERE = "all in that namespace";

  private static final List<Row> ROWS =
      List.of(
          alone("fork"),
          new Row("exec", "what the program reaches", Guard::exec),
          alone("wait"),
          alone("exit"),
          new Row("kill", "that process", Guard::kill),
          alone("unshare"),
          new Row("setns", "from then on all in that namespace", Guard::setns),
          new Row("sethostname", THERE, Guard::names),
          new Row("setdomainname", THERE, Guard::names),
          new Row("mount", THERE + ", and by propagation", Guard::mount),
          new Row("umount", THERE + ", and by propagation", Guard::umount),
          alone("chdir"),
          new Row("mkdir", SEEN, (reach, args) -> file(reach, Paths.parent(args.operand(0)))),
          new Row("rmdir", SEEN, (reach, args) -> file(reach, args.operand(0))),
          alone("chroot"),
          new Row("pivot_root", THERE, Guard::pivotRoot),
          alone("setuid"),
          alone("setgid"),
          alone("caps"),
          alone("env"),
          new Row("write", SEEN, (reach, args) -> file(reach, args.operand(0))),
          new Row("syscall", "as the call", Guard::syscall));

  /** Calls that touch only who makes them, or are steps that do. */
  private static final Set<String> HARMLESS =
      Set.of(
          "uname",
          "pause",
          "umask",
          "setsid",
          "setpgid",
          "nanosleep",
          "sched_yield",
          "capget",
          "capset",
          "unshare",
          "fork",
          "clone",
          "wait4",
          "waitid",
          "chdir",
          "fchdir",
          "chroot",
          "setuid",
          "setgid",
          "setresuid",
          "setresgid",
          "exit",
          "exit_group",
          "read",
          "close",
          "dup",
          "dup2",
          "dup3",
          "pipe",
          "pipe2",
          "alarm",
          "stat",
          "fstat",
          "lstat",
          "newfstatat",
          "statx",
          "access",
          "readlink",
          "readlinkat",
          "lseek",
          "poll");

  private Guard() {}

  private static Row alone(String step) {
    return new Row(step, ITSELF, (reach, args) -> Optional.empty());
  }

  /** All rows, one a step. */
  public static Stream<Row> rows() {
    return ROWS.stream();
  }

  /** The row of a step; empty: the command is none. */
  public static Optional<Row> row(String step) {
    return rows().filter(row -> row.step.equals(step)).findFirst();
  }

  /**
   * Whom a step would reach of those who are not doqu's own.
   *
   * @param words what follows the step's name
   * @return in words that can follow "it reaches"; empty: nobody
   */
  public static Optional<String> whom(Stage stage, Actor actor, Steps.Row step, List<Word> words) {
    Row row = row(step.name()).orElseThrow();
    return row.test.whom(new Reach(stage, actor), Args.of(words, step.usage()));
  }

  private static Optional<String> names(Reach reach, Args args) {
    return inTheMachines(reach, Namespace.UTS, "UTS", "so the name is the machine's");
  }

  /** What comes of being in a namespace of the machine's; empty: it is in another. */
  private static Optional<String> inTheMachines(
      Reach reach, Namespace kind, String called, String soWhat) {
    return reach.isInTheHosts(kind)
        ? Optional.of(
            "the machine: it is in the machine's %s namespace, %s; unshare %s first"
                .formatted(called, soWhat, kind.file()))
        : Optional.empty();
  }

  private static Optional<String> mount(Reach reach, Args args) {
    Mount mount = Mount.parse(args);
    return inTheMachines(reach, Namespace.MNT, "mount", "so all see it")
        .or(() -> mountFromAnother(reach, mount))
        .or(() -> backed(reach, mount));
  }

  /** What a new file system would be written to: the layers of an overlay, or a device. */
  private static Optional<String> backed(Reach reach, Mount mount) {
    if (mount.type().equals("overlay")) {
      return Arrays.stream(mount.data().split(","))
          .filter(option -> option.startsWith("upperdir=") || option.startsWith("workdir="))
          .flatMap(option -> file(reach, option.substring(option.indexOf('=') + 1)).stream())
          .findFirst();
    }
    return FileSystems.needsDevice(mount.type())
        ? Optional.of(
            "the machine: " + mount.type() + " is read from and written to " + mount.source())
        : Optional.empty();
  }

  /** Whether a mount made in another mount namespace is the machine's all the same. */
  private static Optional<String> mountFromAnother(Reach reach, Mount mount) {
    long flags = mount.flags();
    Optional<Reach.Place> target = reach.place(mount.target());
    if (target.isEmpty() || isPropagation(flags)) {
      return Optional.empty();
    }
    if ((flags & Flags.MS_REMOUNT) != 0) {
      return target
          .flatMap(Reach.Place::mount)
          .filter(mounted -> (flags & Flags.MS_BIND) == 0 && reach.isTheHosts(mounted))
          .map(
              mounted ->
                  "the machine: a remount without bind changes the file system itself, and "
                      + mounted.shownSource()
                      + " is mounted on the machine too");
    }
    return target.flatMap(Reach.Place::mount).flatMap(mounted -> propagates(reach, mounted));
  }

  private static boolean isPropagation(long flags) {
    return (flags & (Flags.MS_PRIVATE | Flags.MS_SHARED | Flags.MS_SLAVE | Flags.MS_UNBINDABLE))
        != 0;
  }

  private static Optional<String> propagates(Reach reach, doqu.observe.Mount on) {
    return reach.propagatesToTheHost(on)
        ? Optional.of(
            "the machine: "
                + on.point()
                + " is shared with it (peer group "
                + on.peers()
                + "), so it happens there too; mount --make-rprivate / first")
        : Optional.empty();
  }

  private static Optional<String> umount(Reach reach, Args args) {
    return inTheMachines(reach, Namespace.MNT, "mount", "so the mount goes for all")
        .or(
            () ->
                reach.place(args.operand(0)).flatMap(Reach.Place::mount).stream()
                    .flatMap(mount -> reach.whatItLiesOn(mount).stream())
                    .flatMap(on -> propagates(reach, on).stream())
                    .findFirst());
  }

  private static Optional<String> setns(Reach reach, Args args) {
    return reach.namespaces(Setns.parse(args)).stream()
        .filter(namespace -> !reach.isOurs(namespace))
        .map(
            namespace ->
                "whoever is in "
                    + namespace
                    + ", with all that is done there; none of doqu's processes is")
        .findFirst();
  }

  private static Optional<String> pivotRoot(Reach reach, Args args) {
    return inTheMachines(
        reach, Namespace.MNT, "mount", "and the root of every process there would move");
  }

  private static Optional<String> kill(Reach reach, Args args) {
    int pid = Kill.parse(args).pid();
    if (pid == -1) {
      return Optional.of("every process it may signal (PID -1)");
    }
    if (pid <= 0) {
      return Optional.of("a process group, and not only doqu's own may be in it");
    }
    return reach.isOurs(pid) || !reach.exists(pid)
        ? Optional.empty()
        : Optional.of("PID " + pid + ", which is none of doqu's processes");
  }

  private static Optional<String> file(Reach reach, String path) {
    return reach.place(path).flatMap(reach::whose);
  }

  private static Optional<String> exec(Reach reach, Args args) {
    List<String> shared = new ArrayList<>();
    if (reach.place("/").filter(reach::isOurs).isEmpty()) {
      shared.add("root");
    }
    for (Namespace kind : List.of(Namespace.MNT, Namespace.PID)) {
      if (reach.isInTheHosts(kind)) {
        shared.add(kind.file());
      }
    }
    return shared.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "whatever the program reaches: it runs with your rights and has the machine's "
                + String.join(", ", shared));
  }

  private static Optional<String> syscall(Reach reach, Args args) {
    String call = args.operand(0);
    return HARMLESS.contains(call) || call.startsWith("get")
        ? Optional.empty()
        : Optional.of("others, as far as doqu can tell: " + call + " is made as it is written");
  }
}
