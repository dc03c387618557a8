package doqu.precondition;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What execve(2) puts on the stack of a program: the path, argv and envp. They have to fit into
 * RLIMIT_STACK. Of a large one that is no more than a quarter, and a string has 128 KiB at most;
 * both is more than an actor takes.
 */
final class ProgramArguments {
  private static final int ARGV = 1;
  private static final int ENVP = 2;

  private ProgramArguments() {}

  static Verdict fit(Situation now, Call call) {
    OptionalLong limit = now.limit("Max stack size");
    if (limit.isEmpty()) {
      return Verdict.holds("/proc/PID/limits has no limit");
    }
    Optional<List<String>> argv = strings(call, ARGV);
    Optional<List<String>> envp = strings(call, ENVP);
    if (argv.isEmpty() || envp.isEmpty()) {
      return Verdict.unknown("they are strings in its own memory, given by their addresses");
    }
    List<String> all = new ArrayList<>(argv.get());
    all.addAll(envp.get());
    call.text(0).ifPresent(all::add);
    long bytes = all.stream().mapToLong(ProgramArguments::size).sum();
    // The stack is of whole pages, the first is there in any case, and its last word stays empty.
    long pages = Math.max(1, limit.getAsLong() / Libc.pageSize());
    long room = pages * Libc.pageSize() - Long.BYTES;
    return Verdict.of(
        bytes <= room,
        Errno.E2BIG,
        "Max stack size is "
            + limit.getAsLong()
            + " in /proc/PID/limits, room for "
            + room
            + " bytes; they have "
            + bytes,
        bytes <= room ? "" : withoutTheLargest(envp.get(), bytes - room));
  }

  private static Optional<List<String>> strings(Call call, int argument) {
    return argument < call.args().size()
        ? call.args().get(argument).strings()
        : Arg.nothing().strings();
  }

  private static long size(String string) {
    return string.getBytes(StandardCharsets.UTF_8).length + 1L;
  }

  /** The step that takes a variable away, when that is enough. */
  private static String withoutTheLargest(List<String> envp, long excess) {
    return envp.stream()
        .max(Comparator.comparing(ProgramArguments::size))
        .filter(variable -> size(variable) >= excess)
        .map(variable -> "env -u " + variable.split("=", 2)[0])
        .orElse("");
  }
}
