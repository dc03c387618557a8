package doqu.precondition;

import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import java.util.List;

/** What sethostname(2) and setdomainname(2) need; in the order of kernel/sys.c. */
final class Names {
  private static final int MOST = 64;

  private Names() {}

  static List<Precondition> set() {
    return List.of(
        Precondition.of(
            Errno.EPERM,
            "CAP_SYS_ADMIN over its UTS namespace",
            (now, call) ->
                Privilege.over(now, Capability.CAP_SYS_ADMIN, Namespace.UTS, "unshare uts")),
        Precondition.of(
            Errno.EINVAL,
            "the name has " + MOST + " bytes at most",
            (now, call) ->
                Verdict.of(
                    call.number(1) >= 0 && call.number(1) <= MOST,
                    Errno.EINVAL,
                    "it has " + call.number(1),
                    "")));
  }
}
