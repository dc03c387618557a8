package doqu.actor;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Java's end of the socket to one actor. What arrives on it is not trusted: its length is known
 * beforehand, its sender is told by the kernel, and no descriptor is ever taken from it.
 */
final class ControlSocket {
  /** How long a receive waits before it looks whether the process is still there. */
  private static final int PATIENCE_SECONDS = 1;

  // struct msghdr, its iovec and its control data lie behind the message in one block of memory.
  private static final int IOVEC = Wire.SIZE;
  private static final int HEADER = IOVEC + 16;
  private static final int HEADER_SIZE = 56;
  private static final int CONTROL = HEADER + HEADER_SIZE;
  private static final int CONTROL_SIZE = 64;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;
  private static final int CMSG_HEADER = 16;

  private final int descriptor;
  private final Memory memory = new Memory(CONTROL + CONTROL_SIZE);
  private final ByteBuffer bytes;
  private boolean closed;

  ControlSocket(int descriptor) {
    this.descriptor = descriptor;
    this.bytes = memory.getByteBuffer(0, memory.size()).order(ByteOrder.LITTLE_ENDIAN);
    try (Memory option = new Memory(16)) {
      option.setInt(0, 1);
      Libc.setSocketOption(descriptor, Libc.SO_PASSCRED, option, Integer.BYTES);
      option.setLong(0, PATIENCE_SECONDS);
      option.setLong(8, 0);
      Libc.setSocketOption(descriptor, Libc.SO_RCVTIMEO, option, 16);
    }
  }

  /** A message that arrived, or the reason why none did. */
  record Received(Kind kind, int sender, Reply reply) {
    enum Kind {
      REPLY,
      /** Nothing yet. */
      SILENCE,
      /** The other end is closed. */
      END,
      /** It is not the reply that was due. */
      WRONG
    }

    private static Received without(Kind kind) {
      return new Received(kind, 0, new Reply(0, List.of()));
    }
  }

  /**
   * Sends a request.
   *
   * @return a number below 0 is the errno: the actor is gone
   */
  long send(Call call, Layout layout, int childControl) {
    int pointers = 0;
    int relocation = Wire.RELOCATION_TABLE;
    for (int i = 0; i < Call.MOST_ARGS; i++) {
      Arg arg = i < call.args().size() ? call.args().get(i) : Arg.nothing();
      int at = layout.offset(i);
      if (arg.isBlock()) {
        pointers |= 1 << i;
        memory.write(at, arg.block(), 0, arg.block().length);
        for (int word : arg.pointers()) {
          bytes.putLong(at + word, bytes.getLong(at + word) + at);
          bytes.putInt(relocation, at + word);
          relocation += Integer.BYTES;
        }
      }
      bytes.putLong(Wire.ARGUMENTS + Long.BYTES * i, arg.isBlock() ? at : arg.value());
    }
    bytes.putLong(Wire.NUMBER, call.number());
    bytes.putInt(Wire.POINTERS, pointers);
    bytes.putInt(Wire.CHILD_CONTROL, childControl);
    bytes.putInt(Wire.RELOCATIONS, layout.relocations());
    bytes.putInt(Wire.REPLY_LENGTH, layout.replyLength());
    return Libc.send(descriptor, memory, layout.end());
  }

  /** Sends a descriptor of ours in a message of its own; the actor is in recvmsg(2). */
  long sendDescriptor(int passed) {
    bytes.put(0, (byte) 0);
    header(1, CMSG_HEADER + Integer.BYTES);
    bytes.putLong(CONTROL, CMSG_HEADER + Integer.BYTES);
    bytes.putInt(CONTROL + 8, SOL_SOCKET);
    bytes.putInt(CONTROL + 12, SCM_RIGHTS);
    bytes.putInt(CONTROL + CMSG_HEADER, passed);
    return Libc.sendMessage(descriptor, memory.share(HEADER));
  }

  /** Waits for the reply to a request, at most for the patience of the socket. */
  Received receive(Call call, Layout layout) {
    header(Wire.SIZE, CONTROL_SIZE);
    long length = Libc.receiveMessage(descriptor, memory.share(HEADER));
    if (length == -Errno.EAGAIN.number()) {
      return Received.without(Received.Kind.SILENCE);
    }
    if (length <= 0) {
      return Received.without(Received.Kind.END);
    }
    boolean fromKernel =
        bytes.getLong(HEADER + 40) >= CMSG_HEADER + 12
            && bytes.getInt(CONTROL + 8) == SOL_SOCKET
            && bytes.getInt(CONTROL + 12) == SCM_CREDENTIALS;
    if (!fromKernel || length != layout.replyLength()) {
      return Received.without(Received.Kind.WRONG);
    }
    return new Received(
        Received.Kind.REPLY,
        bytes.getInt(CONTROL + CMSG_HEADER),
        new Reply(bytes.getLong(Wire.NUMBER), blocks(call, layout)));
  }

  private void header(int length, int controlLength) {
    bytes.putLong(IOVEC, Pointer.nativeValue(memory));
    bytes.putLong(IOVEC + 8, length);
    bytes.putLong(HEADER, 0);
    bytes.putLong(HEADER + 8, 0);
    bytes.putLong(HEADER + 16, Pointer.nativeValue(memory) + IOVEC);
    bytes.putLong(HEADER + 24, 1);
    bytes.putLong(HEADER + 32, Pointer.nativeValue(memory) + CONTROL);
    bytes.putLong(HEADER + 40, controlLength);
    bytes.putLong(HEADER + 48, 0);
  }

  /** The blocks of a reply lie where the request had them. */
  private List<byte[]> blocks(Call call, Layout layout) {
    List<byte[]> blocks = new ArrayList<>(call.args().size());
    for (int i = 0; i < call.args().size(); i++) {
      byte[] block = call.args().get(i).block();
      if (call.args().get(i).comesBack()) {
        block = new byte[block.length];
        memory.read(layout.offset(i), block, 0, block.length);
      }
      blocks.add(block);
    }
    return blocks;
  }

  synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(descriptor);
    }
  }
}
