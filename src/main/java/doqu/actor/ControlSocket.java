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

  /**
   * Room for the credentials of the sender and for nothing else: where a descriptor finds no room,
   * the kernel does not hand it over.
   */
  private static final int CONTROL_SIZE = 32;

  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_TRUNC = 0x20;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;
  private static final int CMSG_HEADER = 16;

  private final int descriptor;
  private final Memory memory = new Memory(CONTROL + CONTROL_SIZE);
  private final Pointer header = memory.share(HEADER);
  private final ByteBuffer bytes;
  private volatile boolean closed;

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
    if (closed) {
      return -Errno.EPIPE.number(); // the number of the descriptor may be somebody else's by now
    }
    int pointers = 0;
    int relocation = Wire.RELOCATION_TABLE;
    for (int i = 0; i < call.args().size(); i++) {
      Arg arg = call.args().get(i);
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
    for (int i = call.args().size(); i < Call.MOST_ARGS; i++) {
      bytes.putLong(Wire.ARGUMENTS + Long.BYTES * i, 0); // not what the request before had there
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
    return Libc.sendMessage(descriptor, header);
  }

  /** Waits for the reply to a request, at most for the patience of the socket. */
  Received receive(Call call, Layout layout) {
    long length = message(0);
    if (length == -Errno.EAGAIN.number()) {
      return Received.without(Received.Kind.SILENCE);
    }
    // The end of file has no sender; an empty message has one.
    if (length < 0 || (length == 0 && !hasSender())) {
      return Received.without(Received.Kind.END);
    }
    boolean cut = (bytes.getInt(HEADER + 48) & (MSG_TRUNC | MSG_CTRUNC)) != 0;
    if (!hasSender() || cut || length != layout.replyLength()) {
      return Received.without(Received.Kind.WRONG);
    }
    return new Received(
        Received.Kind.REPLY,
        bytes.getInt(CONTROL + CMSG_HEADER),
        new Reply(bytes.getLong(Wire.NUMBER), blocks(call, layout)));
  }

  /** Whether a message lies there although no request is out: it would be taken for a reply. */
  boolean hasUnasked() {
    return message(MSG_DONTWAIT) >= 0 && hasSender();
  }

  private long message(int flags) {
    if (closed) {
      return -Errno.EBADF.number();
    }
    header(Wire.SIZE, CONTROL_SIZE);
    return Libc.receiveMessage(descriptor, header, flags);
  }

  /** Whether the kernel has named the sender of what was received last. */
  private boolean hasSender() {
    return bytes.getLong(HEADER + 40) >= CMSG_HEADER + 12
        && bytes.getInt(CONTROL + 8) == SOL_SOCKET
        && bytes.getInt(CONTROL + 12) == SCM_CREDENTIALS;
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
    bytes.putInt(HEADER + 48, 0);
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
