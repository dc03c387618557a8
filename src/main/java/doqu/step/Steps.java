package doqu.step;

import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Syscalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The table of steps. Those of one call and its operands are a row; the others a class each. */
public final class Steps {
  /**
   * One row.
   *
   * @param usage the word it is called by, and what may follow it
   * @param says what it does, in one line
   * @param parser makes a step of what follows, or throws a {@link Mistake}
   */
  public record Row(Usage usage, String says, Function<Args, Step> parser) {
    private Row(String usage, String says, Function<Args, Step> parser) {
      this(Usage.of(usage), says, parser);
    }

    /** The word it is called by. */
    public String name() {
      return usage.name();
    }

    /** The step that the words after the name make. */
    public Step parse(List<Word> words) {
      return parser.apply(Args.of(words, usage));
    }
  }

  private static final List<Row> ROWS =
      List.of(
          new Row("fork [NAME]", "make a child process", Fork::parse),
          new Row("exec PROGRAM [ARG...]", "become another program", Exec::parse),
          new Row("wait [PID] [-n,--nohang|-a,--all]", "learn how a child ended", Wait::parse),
          new Row("exit [STATUS]", "end this process", Exit::parse),
          new Row("kill [-SIGNAL|-s SIGNAL] PID", "send a signal", Kill::parse),
          new Row("unshare NAMESPACE... [--no-map]", "get new namespaces", Unshare::parse),
          new Row("setns PID|ACTOR|FILE [NAMESPACE...]", "enter a namespace", Setns::parse),
          text("sethostname NAME", "set the host name", Calls::sethostname),
          text("setdomainname NAME", "set the NIS domain name", Calls::setdomainname),
          new Row(
              "mount [-t,--types TYPE] [-o,--options OPTION,...]"
                  + " [--bind,-B|--rbind,-R|--move,-M|-r,--read-only] [SOURCE] TARGET"
                  + " [--make-[r]private|--make-[r]shared|--make-[r]slave|--make-[r]unbindable]",
              "mount or change a mount",
              Mount::parse),
          new Row("umount [-l,--lazy] [-f,--force] TARGET", "take a mount away", Umount::parse),
          text("chdir DIRECTORY", "change directory", Calls::chdir),
          new Row("mkdir [-m,--mode MODE] DIRECTORY", "make a directory", MakeDirectory::parse),
          new Row("rmdir DIRECTORY", "remove a directory", RemoveDirectory::parse),
          text("chroot DIRECTORY", "change where / is", Calls::chroot),
          new Row("pivot_root NEW_ROOT PUT_OLD", "change the root mount", Steps::pivotRoot),
          id("setuid UID", "become another user", Calls::setuid),
          id("setgid GID", "become another group", Calls::setgid),
          new Row("caps drop|raise all|CAPABILITY...", "give up capabilities", Caps::parse),
          new Row(
              "env [-i,--clear] [-u,--unset VARIABLE] [NAME=VALUE...]",
              "what exec passes on",
              Env::parse),
          new Row("write FILE TEXT", "write a text to a file", WriteFile::parse),
          new Row("syscall CALL [ARG...]", "make any system call", RawSyscall::parse));

  private Steps() {}

  private static Row text(String usage, String says, Function<String, Call> call) {
    return new Row(
        usage,
        says,
        args -> {
          String operand = args.operand(0);
          return run -> run.call(call.apply(operand));
        });
  }

  private static Row id(String usage, String says, Function<Integer, Call> call) {
    return new Row(
        usage,
        says,
        args -> {
          int id = Args.id(args.operand(0));
          return run -> run.call(call.apply(id));
        });
  }

  private static Step pivotRoot(Args args) {
    return run -> run.call(Calls.pivotRoot(args.operand(0), args.operand(1)));
  }

  /** All of them, in the order in which help shows them. */
  public static Stream<Row> rows() {
    return ROWS.stream();
  }

  /** The row of a name. */
  public static Optional<Row> named(String name) {
    return rows().filter(row -> row.name().equals(name)).findFirst();
  }

  /** Steps that make a call of another name. */
  private static final Map<String, String> CALLS =
      Map.of(
          "wait", "wait4",
          "exec", "execve",
          "exit", "exit_group",
          "umount", "umount2",
          "caps", "capset");

  /** The row of the step for a system call, or for another form of it. */
  public static Optional<Row> making(String call) {
    return rows()
        .filter(row -> Syscalls.isSame(CALLS.getOrDefault(row.name(), row.name()), call))
        .findFirst();
  }

  /**
   * The same where there has to be one.
   *
   * @throws Mistake that names the nearest
   */
  public static Row parse(String name) {
    return named(name)
        .orElseThrow(() -> Mistake.unknown("step", name, rows().map(Row::name).toList()));
  }
}
