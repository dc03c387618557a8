package doqu.actor;

import doqu.actor.ControlSocket.Received;
import doqu.kernel.Libc;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What came of a fork.
 *
 * @param reply the parent's; {@code null}: the call was not made, because the limit on open files
 *     leaves doqu none for the child
 * @param child {@code null} when there is none
 */
public record Forked(@Nullable Reply reply, @Nullable Actor child) {
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final Forked UNPREPARED = new Forked(null, null);

  static Forked of(Actor parent, Call call, String childName) {
    int[] ends = new int[2];
    long made = Libc.socketPair(ends);
    if (made < 0) {
      throw new ActorGone("doqu itself is out of descriptors: " + Libc.error(made));
    }
    // Before the child can send: the kernel names a sender only to a socket that has asked for it.
    ControlSocket socket = new ControlSocket(ends[0]);
    Forked forked = null;
    try {
      forked = of(parent, call, childName, socket, ends[1]);
      return forked;
    } finally {
      Libc.close(ends[1]);
      if (forked == null || forked.child == null) {
        socket.close();
      }
    }
  }

  private static Forked of(
      Actor parent, Call call, String childName, ControlSocket socket, int childsEnd) {
    OptionalInt control = control(parent, childsEnd);
    if (control.isEmpty()) {
      return UNPREPARED;
    }
    Reply reply = parent.call(call, control.getAsInt());
    parent.plumb(Calls.close(control.getAsInt()));
    return new Forked(
        reply,
        reply.failed()
            ? null
            : parent.child(socket, control.getAsInt(), born(socket, call, childName), childName));
  }

  /** The child's end of the socket among the parent's descriptors, when there is room. */
  private static OptionalInt control(Actor parent, int childsEnd) {
    OptionalInt low = parent.receive(childsEnd);
    if (low.isEmpty()) {
      return low;
    }
    Reply raised =
        parent.plumb(
            Call.of(
                "fcntl",
                Arg.number(low.getAsInt()),
                Arg.named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"),
                Arg.number(parent.lowestControl())));
    parent.plumb(Calls.close(low.getAsInt()));
    return raised.failed() ? OptionalInt.empty() : OptionalInt.of((int) raised.value());
  }

  /** The child's side of the call: its own return from it tells its PID. */
  private static int born(ControlSocket socket, Call call, String name) {
    Layout layout = Layout.of(call);
    Received first = socket.receive(call, layout);
    for (int silences = 1;
        first.kind() == Received.Kind.SILENCE && silences < Actor.SILENCES;
        silences++) {
      first = socket.receive(call, layout);
    }
    if (first.kind() != Received.Kind.REPLY || first.reply().value() != 0) {
      throw new ActorGone("the child " + name + " did not come back from " + call.name());
    }
    return first.sender();
  }
}
