package doqu.precondition;

import doqu.kernel.Flags;
import doqu.kernel.Libc;
import java.util.ArrayList;
import java.util.List;

/**
 * A user namespace among those around it, as far as doqu can see (ioctl_ns(2)).
 *
 * @param link as in /proc/PID/ns, {@code user:[4026531837]}
 * @param owner the user id of who made it, as doqu has it
 */
record UserNs(String link, long owner) {
  /** That which owns a namespace, then the one around it, and so on; empty: doqu may not know. */
  static List<UserNs> owning(String file) {
    return from(file, true);
  }

  /** A user namespace itself, then the one around it, and so on. */
  static List<UserNs> around(String file) {
    return from(file, false);
  }

  private static List<UserNs> from(String file, boolean owned) {
    List<UserNs> chain = new ArrayList<>();
    long at = Libc.open(file, Flags.O_RDONLY);
    if (owned && at >= 0) {
      long owner = Libc.owningUserNamespace((int) at);
      Libc.close((int) at);
      at = owner;
    }
    while (at >= 0) {
      String link = Libc.readLink("/proc/self/fd/" + at);
      chain.add(new UserNs(link == null ? "?" : link, Libc.ownerOfUserNamespace((int) at)));
      long parent = Libc.parentNamespace((int) at);
      Libc.close((int) at);
      at = parent;
    }
    return chain;
  }
}
