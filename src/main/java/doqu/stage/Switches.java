package doqu.stage;

import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/** The settings of a machine that forbid what a stage needs, and the command that changes each. */
final class Switches {
  /**
   * One row.
   *
   * @param name as sysctl(8) has it
   * @param forbids the value that forbids
   * @param allows the value that allows
   * @param concerns the calls it can be the cause of
   */
  private record Switch(
      String name, String forbids, String allows, BiPredicate<Failure, Evidence> concerns) {
    String file() {
      return "/proc/sys/" + name.replace('.', '/');
    }

    Cause cause() {
      return new Cause(file() + " is " + forbids, "as root: sysctl " + name + "=" + allows);
    }
  }

  private static final List<Switch> ALL =
      Stream.concat(
              Arrays.stream(Namespace.values()).map(Switches::most),
              Stream.of(
                  // Debian's, and that of hardened kernels.
                  new Switch(
                      "kernel.unprivileged_userns_clone",
                      "0",
                      "1",
                      (failure, machine) ->
                          failure.ofUserNamespace()
                              && failure.with(Errno.EPERM)
                              && !machine.has(Capability.CAP_SYS_ADMIN)),
                  // Ubuntu's: the namespace can be had, but nothing done in it.
                  new Switch(
                      "kernel.apparmor_restrict_unprivileged_userns",
                      "1",
                      "0",
                      (failure, machine) ->
                          failure.with(Errno.EPERM, Errno.EACCES)
                              && !machine.has(Capability.CAP_SYS_ADMIN)),
                  // With 1 a file may still be made that says it is a program, as doqu's does.
                  new Switch(
                      "vm.memfd_noexec",
                      "2",
                      "0",
                      (failure, machine) ->
                          failure.is("memfd_create") && failure.with(Errno.EACCES))))
          .toList();

  private Switches() {}

  private static Switch most(Namespace kind) {
    return new Switch(
        "user.max_" + kind.file() + "_namespaces",
        "0",
        "10000",
        (failure, machine) ->
            (failure.namespaces() & kind.flag()) != 0 && failure.with(Errno.ENOSPC));
  }

  /** Each that is set so. */
  static Stream<Cause> against(Failure failure, Evidence machine) {
    return ALL.stream()
        .filter(one -> one.concerns.test(failure, machine))
        .filter(one -> machine.says(one.file(), one.forbids))
        .map(Switch::cause);
  }
}
