package doqu.observe;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import java.util.Optional;
import java.util.function.Supplier;

/** A look from inside a namespace that doqu is not in: a hidden process goes there, and back. */
final class Visit {
  private Visit() {}

  /**
   * Looks in a namespace of an actor.
   *
   * @param look what the visitor is asked, or what /proc says of it, while it is there
   * @return empty: the actor has ended, or the visitor may not go there
   */
  static <T> Optional<T> to(Actor actor, Namespace kind, Actor visitor, Supplier<T> look) {
    if (!visitor.take()) {
      return Optional.empty();
    }
    try {
      return inside(actor, kind, visitor, look);
    } finally {
      visitor.leave();
    }
  }

  private static <T> Optional<T> inside(
      Actor actor, Namespace kind, Actor visitor, Supplier<T> look) {
    int there = pass(actor, kind, visitor);
    int home = pass(visitor, kind, visitor);
    Optional<T> seen = Optional.empty();
    if (there >= 0 && home >= 0 && enters(visitor, there, kind)) {
      seen = Optional.of(look.get());
      enters(visitor, home, kind);
    }
    for (int descriptor : new int[] {there, home}) {
      if (descriptor >= 0) {
        visitor.plumb(Calls.close(descriptor));
      }
    }
    return seen;
  }

  private static boolean enters(Actor visitor, int namespace, Namespace kind) {
    return !visitor.plumb(Calls.setns(namespace, kind.flag())).failed();
  }

  /** The descriptor a visitor gets of an actor's namespace; -1: none. Only doqu sees all. */
  private static int pass(Actor actor, Namespace kind, Actor visitor) {
    long opened = Libc.open("/proc/" + actor.pid() + "/ns/" + kind.file(), Flags.O_RDONLY);
    if (opened < 0) {
      return -1;
    }
    try {
      return visitor.receive((int) opened).orElse(-1);
    } finally {
      Libc.close((int) opened);
    }
  }
}
