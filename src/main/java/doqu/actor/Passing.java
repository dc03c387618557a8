package doqu.actor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;

/** How a process is given a descriptor of doqu's: recvmsg(2) with SCM_RIGHTS (unix(7)). */
final class Passing {
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  // struct msghdr, its iovec, a byte to receive, and room for a control message of one descriptor.
  private static final int IOVEC = 56;
  private static final int DATA = IOVEC + 16;
  private static final int CONTROL = DATA + 8;
  private static final int CONTROL_SIZE = 24;
  private static final int CMSG_HEADER = 16;

  private Passing() {}

  /** The call by which a process receives it, closed on exec. */
  static Call recvmsg(int control) {
    ByteBuffer block = ByteBuffer.allocate(CONTROL + CONTROL_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    block.putLong(16, IOVEC).putLong(24, 1);
    block.putLong(32, CONTROL).putLong(40, CONTROL_SIZE);
    block.putLong(IOVEC, DATA).putLong(IOVEC + 8, 1);
    return Call.of(
        "recvmsg",
        Arg.number(control),
        Arg.linked(block.array(), List.of(16, 32, IOVEC)),
        Arg.named(MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"));
  }

  /** Its number there; empty: the limit on open files leaves no room for it. */
  static OptionalInt received(Reply reply) {
    ByteBuffer block = ByteBuffer.wrap(reply.block(1)).order(ByteOrder.LITTLE_ENDIAN);
    return block.getLong(40) < CMSG_HEADER + Integer.BYTES
        ? OptionalInt.empty()
        : OptionalInt.of(block.getInt(CONTROL + CMSG_HEADER));
  }
}
