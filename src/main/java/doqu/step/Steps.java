package doqu.step;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The table of steps. */
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
          new Row("fork", "[NAME]", "make a child: the same process, twice", Processes::fork),
          new Row("exec", "PROGRAM [ARG...]", "become another program", Processes::exec),
          new Row("wait", "[PID] [--nohang|--all]", "wait for a child's end", Processes::await),
          new Row("exit", "[STATUS]", "end this process", Processes::exit),
          new Row("kill", "[-SIGNAL] PID", "send a signal", Processes::kill),
          new Row(
              "unshare",
              "uts|pid|mnt|ipc|net|cgroup|time|user...",
              "leave namespaces for new ones",
              Namespaces::unshare),
          new Row("setns", "PID|ACTOR|FILE [NAMESPACE...]", "enter a namespace", Namespaces::setns),
          new Row("sethostname", "NAME", "set the host name", Namespaces::sethostname),
          new Row("setdomainname", "NAME", "set the NIS domain name", Namespaces::setdomainname),
          new Row(
              "mount",
              "[-t TYPE] [-o OPTIONS] [--bind|--rbind|--make-rprivate|...] [SOURCE] TARGET",
              "mount, or change a mount",
              Mounts::mount),
          new Row("umount", "[-l] TARGET", "take a mount away", Mounts::umount),
          new Row("chdir", "DIRECTORY", "change the current directory", Mounts::chdir),
          new Row("mkdir", "[-m MODE] DIRECTORY", "make a directory", Mounts::mkdir),
          new Row("rmdir", "DIRECTORY", "remove an empty directory", Mounts::rmdir),
          new Row("chroot", "DIRECTORY", "change where / is for this process", Mounts::chroot),
          new Row("pivot_root", "NEW_ROOT PUT_OLD", "change the root mount", Mounts::pivotRoot),
          new Row("setuid", "UID", "become another user", Namespaces::setuid),
          new Row("setgid", "GID", "become another group", Namespaces::setgid),
          new Row("caps", "drop|raise all|CAPABILITY...", "give up capabilities", Namespaces::caps),
          new Row(
              "env", "[NAME=VALUE...] [-u NAME] [--clear]", "what exec passes on", Processes::env),
          new Row("write", "FILE TEXT", "write a text to a file", Namespaces::writeFile),
          new Row("syscall", "NAME [ARG...]", "make any system call", RawSyscall::of));

  /** The steps in which an actor may stay for as long as it likes. */
  private static final Set<String> MAY_BLOCK = Set.of("wait", "syscall", "write", "setns");

  private Steps() {}

  /** All of them, in the order in which help shows them. */
  public static Stream<Row> rows() {
    return ROWS.stream();
  }

  /** The row of a name. */
  public static Optional<Row> named(String name) {
    return rows().filter(row -> row.name().equals(name)).findFirst();
  }

  /** Whether the actor may not come back from the step soon. */
  public static boolean mayBlock(Row row) {
    return MAY_BLOCK.contains(row.name());
  }
}
