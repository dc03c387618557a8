package doqu.precondition;

import doqu.kernel.Errno;
import doqu.observe.FdInfo;
import doqu.observe.StageProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * Who has a file open for writing: meanwhile execve(2) makes no program of it (deny_write_access of
 * include/linux/fs.h). Of the processes on the stage the descriptors are looked at, not the memory.
 */
final class Writers {
  private Writers() {}

  /** That nobody has. */
  static Verdict nobodyWrites(Situation now, Place file) {
    if (!file.isRegular()) {
      return Verdict.notNeeded();
    }
    List<String> writers = new ArrayList<>();
    List<String> own = new ArrayList<>();
    for (StageProcess process : now.processes()) {
      for (int number : descriptors(process, file)) {
        writers.add("descriptor " + number + " of " + process.numbered(now.stage()));
        if (process.pid() == now.actor().pid()) {
          own.add("syscall close " + number);
        }
      }
    }
    return Verdict.of(
        writers.isEmpty(),
        Errno.ETXTBSY,
        writers.isEmpty()
            ? "no descriptor " + now.lookedAt() + " is, by the flags in /proc/PID/fdinfo"
            : "'" + file.path() + "' is open for writing: " + String.join(", ", writers),
        own.size() == writers.size() ? String.join("; ", own) : "");
  }

  private static List<Integer> descriptors(StageProcess process, Place file) {
    String folder = "/proc/" + process.pid();
    return FdInfo.all(folder).entrySet().stream()
        .filter(one -> one.getValue().writes())
        .filter(one -> file.isSame(folder + "/fd/" + one.getKey()))
        .map(one -> one.getKey())
        .toList();
  }
}
