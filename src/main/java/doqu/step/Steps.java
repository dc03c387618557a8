package doqu.step;

import doqu.actor.Call;
import doqu.actor.Calls;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The table of steps. Those of one call and its operands are a row; the others a class each. */
public final class Steps {
  /**
   * One row.
   *
   * @param name the word it is called by
   * @param synopsis what may follow it
   * @param says what it does, in one line
   * @param parser makes a step of the words after the name, or throws a {@link Mistake}
   */
  public record Row(String name, String synopsis, String says, Function<List<Word>, Step> parser) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("fork", "[NAME]", "make a child: the same process, twice", Fork::parse),
          new Row("exec", "PROGRAM [ARG...]", "become another program", Exec::parse),
          new Row("wait", "[PID] [--nohang|--all]", "learn how a child ended", Wait::parse),
          new Row("exit", "[STATUS]", "end this process", Exit::parse),
          new Row("kill", "[-SIGNAL] PID", "send a signal", Kill::parse),
          new Row(
              "unshare",
              "uts|pid|mnt|ipc|net|cgroup|time|user... [--no-map]",
              "leave namespaces for new ones",
              Unshare::parse),
          new Row("setns", "PID|ACTOR|FILE [NAMESPACE...]", "enter a namespace", Setns::parse),
          text("sethostname", "NAME", "set the host name", Calls::sethostname),
          text("setdomainname", "NAME", "set the NIS domain name", Calls::setdomainname),
          new Row(
              "mount",
              "[-t TYPE] [-o OPTIONS] [--bind|--rbind|--make-rprivate|...] [SOURCE] TARGET",
              "mount, or change a mount",
              Mount::parse),
          new Row("umount", "[-l] TARGET", "take a mount away", Umount::parse),
          text("chdir", "DIRECTORY", "change the current directory", Calls::chdir),
          new Row("mkdir", "[-m MODE] DIRECTORY", "make a directory", MakeDirectory::parse),
          new Row("rmdir", "DIRECTORY", "remove an empty directory", RemoveDirectory::parse),
          text("chroot", "DIRECTORY", "change where / is for this process", Calls::chroot),
          new Row("pivot_root", "NEW_ROOT PUT_OLD", "change the root mount", Steps::pivotRoot),
          id("setuid", "UID", "become another user", Calls::setuid),
          id("setgid", "GID", "become another group", Calls::setgid),
          new Row("caps", "drop|raise all|CAPABILITY...", "give up capabilities", Caps::parse),
          new Row("env", "[--clear] [-u NAME] [NAME=VALUE...]", "what exec passes on", Env::parse),
          new Row("write", "FILE TEXT", "write a text to a file", WriteFile::parse),
          new Row("syscall", "NAME [ARG...]", "make any system call", RawSyscall::parse));

  private Steps() {}

  private static Row text(String name, String synopsis, String says, Function<String, Call> call) {
    return new Row(
        name,
        synopsis,
        says,
        words -> {
          String operand = Args.operands(words, 1, 1, name + " " + synopsis).get(0);
          return run -> run.call(call.apply(operand));
        });
  }

  private static Row id(String name, String synopsis, String says, Function<Integer, Call> call) {
    return new Row(
        name,
        synopsis,
        says,
        words -> {
          String operand = Args.operands(words, 1, 1, name + " " + synopsis).get(0);
          int id = Args.id(operand);
          return run -> run.call(call.apply(id));
        });
  }

  private static Step pivotRoot(List<Word> words) {
    List<String> paths = Args.operands(words, 2, 2, "pivot_root NEW_ROOT PUT_OLD");
    return run -> run.call(Calls.pivotRoot(paths.get(0), paths.get(1)));
  }

  /** All of them, in the order in which help shows them. */
  public static Stream<Row> rows() {
    return ROWS.stream();
  }

  /** The row of a name. */
  public static Optional<Row> named(String name) {
    return rows().filter(row -> row.name().equals(name)).findFirst();
  }
}
