package doqu.stage;

import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Limits that are reached: processes, open files, namespaces. */
final class Limits {
  private static final long ALL_IDS = 4294967295L;

  private Limits() {}

  static Stream<Cause> against(Failure failure, Evidence machine) {
    List<Cause> causes = new ArrayList<>();
    if (failure.with(Errno.EAGAIN)) {
      processesOfCgroup(machine).or(() -> processes(machine)).ifPresent(causes::add);
    }
    // posix_spawn(3) cannot give the actor a descriptor beyond the limit: EBADF.
    boolean spawn = failure.is("posix_spawn") && failure.with(Errno.EBADF);
    if (failure.with(Errno.EMFILE) || spawn) {
      causes.add(
          new Cause(
              "ulimit -n (RLIMIT_NOFILE) is " + machine.limit(Libc.RLIMIT_NOFILE),
              "ulimit -n 4096, as root where the hard limit is lower"));
    }
    if (failure.with(Errno.ENOSPC) && failure.namespaces() != 0) {
      namespaces(failure, machine).ifPresent(causes::add);
    }
    return causes.stream();
  }

  private static Optional<Cause> processes(Evidence machine) {
    long most = machine.limit(Libc.RLIMIT_NPROC);
    // setrlimit(2): the machine's own root is exempt, that of a user namespace is not.
    boolean exempt =
        machine.has(Capability.CAP_SYS_ADMIN)
            && IdMap.parse(machine.file("/proc/self/uid_map").orElse("")).has(0, ALL_IDS);
    return most < 0 || exempt
        ? Optional.empty()
        : Optional.of(
            new Cause(
                "ulimit -u (RLIMIT_NPROC) is " + most + ", and each thread of this user counts",
                "ulimit -u 4096, as root where the hard limit is lower"));
  }

  /** The pids controller (cgroups(7)), where the usual folders show it. */
  private static Optional<Cause> processesOfCgroup(Evidence machine) {
    return machine.file("/proc/self/cgroup").stream()
        .flatMap(String::lines)
        .map(line -> line.split(":", 3))
        .filter(fields -> fields[1].isEmpty() || fields[1].equals("pids"))
        .map(fields -> "/sys/fs/cgroup/" + fields[1] + fields[2])
        .map(folder -> folder.replaceAll("/+", "/").replaceAll("/$", ""))
        .filter(folder -> isFull(folder, machine))
        .map(
            folder ->
                new Cause(
                    folder + "/pids.max is reached: " + machine.file(folder + "/pids.max").get(),
                    "as root: echo max >" + folder + "/pids.max"))
        .findFirst();
  }

  private static boolean isFull(String folder, Evidence machine) {
    Optional<String> most = machine.file(folder + "/pids.max").filter(max -> !max.equals("max"));
    Optional<String> now = machine.file(folder + "/pids.current");
    return most.isPresent()
        && now.isPresent()
        && Long.parseLong(now.get()) >= Long.parseLong(most.get());
  }

  /** Limits above 0 that are reached all the same; those of 0 are switches. */
  private static Optional<Cause> namespaces(Failure failure, Evidence machine) {
    List<String> limits =
        Arrays.stream(Namespace.values())
            .filter(kind -> (failure.namespaces() & kind.flag()) != 0)
            .map(kind -> "/proc/sys/user/max_" + kind.file() + "_namespaces")
            .toList();
    return limits.stream().anyMatch(file -> machine.says(file, "0"))
        ? Optional.empty()
        : Optional.of(
            new Cause(
                limits.get(0)
                    + " is "
                    + machine.file(limits.get(0)).orElse("not there")
                    + ": all in use, or a user namespace around this one allows fewer",
                "raise it as root, in each user namespace around this one"));
  }
}
