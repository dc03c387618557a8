package doqu.actor;

import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A process on the stage that makes the system calls it is told to make.
 *
 * <p>One thread at a time may drive it; {@link #interrupt()}, {@link #end()} and the questions may
 * come from any.
 */
public final class Actor {

  /** Learns of every call an actor made, in order. */
  @FunctionalInterface
  public interface Trace {
    /**
     * A call returned, or the process ended in it.
     *
     * @param reply {@code null} when no reply came: exit_group, or the actor was killed
     * @param plumbing whether doqu made the call for its own purposes
     */
    void called(Actor actor, Call call, @Nullable Reply reply, boolean plumbing);
  }

  private static final Trace NOBODY = (actor, call, reply, plumbing) -> {};

  /** How often the patience of the socket is tried before an actor is given up. */
  private static final int SILENCES = 5;

  /** How long the end of a process that has closed its socket may take, in milliseconds. */
  private static final int ENDING = 2000;

  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int MSGHDR = 56;

  private final ControlSocket socket;
  private final int control;
  private final int pid;
  private final int pidfd;
  private final @Nullable Actor parent;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private volatile String name;
  private volatile Trace trace = NOBODY;
  private volatile @Nullable Call pending;
  private volatile boolean runsProgram;
  private volatile @Nullable PseudoTerminal terminal;

  private Actor(ControlSocket socket, int control, int pid, @Nullable Actor parent, String name) {
    this.socket = socket;
    this.control = control;
    this.pid = pid;
    this.pidfd = (int) Libc.pidfdOpen(pid);
    this.parent = parent;
    this.name = name;
  }

  /** An actor that was started with that end of a socket as its control. */
  static Actor started(int descriptor, int control, int pid, String name) {
    return new Actor(new ControlSocket(descriptor), control, pid, null, name);
  }

  /** What the learner calls it. */
  public String name() {
    return name;
  }

  /** Gives it another name. */
  public void rename(String newName) {
    name = newName;
  }

  /**
   * Its PID in doqu's own PID namespace, which is the machine's unless doqu itself is contained.
   */
  public int pid() {
    return pid;
  }

  /** A descriptor of doqu's that becomes readable when the process ends; below 0: it has ended. */
  public int pidfd() {
    return pidfd;
  }

  /** The actor it was forked from; {@code null} for the first one of all. */
  public @Nullable Actor parent() {
    return parent;
  }

  /** What exec passes on as the environment. The order is that in which variables were set. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Whether the process runs a program instead of an actor: an exec has worked. */
  public boolean runsProgram() {
    return runsProgram;
  }

  /** Whether the process has ended, be it a zombie or gone. */
  public boolean hasEnded() {
    return pidfd < 0 || Libc.poll(0, pidfd)[0];
  }

  /** The call it is in and has not returned from; {@code null}: none. */
  public @Nullable Call pending() {
    return pending;
  }

  /** The terminal of its own it was given for the sake of a program; {@code null}: none yet. */
  public @Nullable PseudoTerminal terminal() {
    return terminal;
  }

  /** Names who is told of its calls from now on; its children inherit that. */
  public void trace(@Nullable Trace listener) {
    trace = listener == null ? NOBODY : listener;
  }

  /**
   * Makes a call and waits for its return, however long that takes.
   *
   * @throws ActorGone when the process ends instead of returning
   */
  public Reply call(Call call) {
    return make(call, false, Wire.NO_CHILD);
  }

  /**
   * Makes a call for doqu's own purposes, one that cannot block.
   *
   * @throws ActorGone when the process ends instead of returning
   */
  public Reply plumb(Call call) {
    return make(call, true, Wire.NO_CHILD);
  }

  private Reply make(Call call, boolean plumbing, int childControl) {
    Layout layout = Layout.of(call);
    send(call, layout, childControl);
    pending = call;
    try {
      return await(call, layout, plumbing);
    } finally {
      pending = null;
    }
  }

  private void send(Call call, Layout layout, int childControl) {
    long sent = socket.send(call, layout, childControl);
    if (sent < 0) {
      throw gone("has ended");
    }
  }

  private Reply await(Call call, Layout layout, boolean plumbing) {
    for (int silences = 0; ; ) {
      ControlSocket.Received received = socket.receive(call, layout);
      switch (received.kind()) {
        case REPLY -> {
          if (received.sender() != pid) {
            throw broke("an answer came from another process, " + received.sender());
          }
          trace.called(this, call, received.reply(), plumbing);
          return received.reply();
        }
        case SILENCE -> {
          silences++;
          if (hasEnded()) {
            trace.called(this, call, null, plumbing);
            throw gone("has ended");
          }
          if (plumbing && silences >= SILENCES) {
            throw broke("it does not answer");
          }
        }
        case WRONG -> throw broke("its answer is not one to " + call.name());
        case END -> {
          if (call.name().equals("execve")) {
            runsProgram = true;
            socket.close();
            Reply worked = new Reply(0, call.args().stream().map(Arg::block).toList());
            trace.called(this, call, worked, plumbing);
            return worked;
          }
          trace.called(this, call, null, plumbing);
          throw gone("has ended");
        }
      }
    }
  }

  /** The actor broke the protocol: whatever it is now, it is ended, and nothing else. */
  private ActorGone broke(String how) {
    end();
    return gone("was ended: " + how);
  }

  private ActorGone gone(String why) {
    socket.close();
    // Its descriptors are closed some time before the process counts as ended.
    Libc.poll(ENDING, pidfd);
    return new ActorGone(name + " (PID " + pid + " on the machine) " + why);
  }

  /**
   * Interrupts the call it is blocked in, which then fails with EINTR.
   *
   * <p>The signal is lost when it comes just before the call is entered, so it has to be repeated
   * until the reply is there.
   */
  public void interrupt() {
    Libc.pidfdSendSignal(pidfd, Signals.SIGURG);
  }

  /** Ends the process, whatever it runs. */
  public void end() {
    Libc.pidfdSendSignal(pidfd, Signals.SIGKILL);
  }

  /** Lets go of the descriptors doqu holds of a process that is no longer needed. */
  public void release() {
    socket.close();
    PseudoTerminal held = terminal;
    if (held != null) {
      held.close();
    }
    if (pidfd >= 0) {
      Libc.close(pidfd);
    }
  }

  /** What came of a fork: the parent's reply, and the child when there is one. */
  public record Forked(Reply reply, @Nullable Actor child) {}

  /**
   * Makes a call that returns twice: fork, or clone without CLONE_VM.
   *
   * @param call the call
   * @param childName what the child is to be called
   * @throws ActorGone when either process ends instead of returning
   */
  public Forked fork(Call call, String childName) {
    int[] ends = new int[2];
    long made = Libc.socketPair(ends);
    if (made < 0) {
      throw new ActorGone("doqu itself is out of descriptors: " + Libc.error(made));
    }
    // Before the child can send: the kernel names a sender only to a socket that has asked for it.
    ControlSocket childSocket = new ControlSocket(ends[0]);
    int low = receive(ends[1]);
    Libc.close(ends[1]);
    // The control descriptor lies high, out of the learner's sight.
    int childControl =
        number(
            plumb(
                Call.of(
                    "fcntl",
                    Arg.number(low),
                    Arg.named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"),
                    Arg.number(control))));
    plumb(Calls.close(low));

    Reply reply = make(call, false, childControl);
    plumb(Calls.close(childControl));
    if (reply.failed()) {
      childSocket.close();
      return new Forked(reply, null);
    }
    return new Forked(reply, adopt(childSocket, childControl, call, childName));
  }

  /** The child's side of the call: its own return from it tells who it is. */
  private Actor adopt(ControlSocket childSocket, int childControl, Call call, String childName) {
    ControlSocket.Received first = childSocket.receive(call, Layout.of(call));
    if (first.kind() != ControlSocket.Received.Kind.REPLY || first.reply().value() != 0) {
      childSocket.close();
      throw new ActorGone("the child " + childName + " did not come back from " + call.name());
    }
    Actor child = new Actor(childSocket, childControl, first.sender(), this, childName);
    child.environment.putAll(environment);
    child.trace = trace;
    child.plumb(Calls.close(control));
    return child;
  }

  /**
   * Passes a descriptor of doqu's on to the process.
   *
   * @return its number there; it is closed on exec
   */
  private int receive(int descriptor) {
    // struct msghdr, its iovec, a byte to receive, and room for the descriptor.
    int iovec = MSGHDR;
    int data = iovec + 16;
    int ancillary = data + 8;
    ByteBuffer block = ByteBuffer.allocate(ancillary + 24).order(ByteOrder.LITTLE_ENDIAN);
    block.putLong(16, iovec).putLong(24, 1);
    block.putLong(32, ancillary).putLong(40, 24);
    block.putLong(iovec, data).putLong(iovec + 8, 1);
    Call recvmsg =
        Call.of(
            "recvmsg",
            Arg.number(control),
            Arg.linked(block.array(), List.of(16, 32, iovec)),
            Arg.named(MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"));
    Layout layout = Layout.of(recvmsg);
    send(recvmsg, layout, Wire.NO_CHILD);
    socket.sendDescriptor(descriptor);
    Reply reply = await(recvmsg, layout, true);
    number(reply);
    return ByteBuffer.wrap(reply.block(1)).order(ByteOrder.LITTLE_ENDIAN).getInt(ancillary + 16);
  }

  /** Makes a descriptor of doqu's the process's own under that number, kept over exec. */
  public void give(int descriptor, int as) {
    int low = receive(descriptor);
    if (low == as) {
      throw new IllegalStateException("descriptor " + as + " was not open");
    }
    number(plumb(Call.of("dup3", Arg.number(low), Arg.number(as), Arg.number(0))));
    plumb(Calls.close(low));
  }

  /** Remembers the terminal that was made the process's controlling terminal. */
  void terminal(PseudoTerminal given) {
    terminal = given;
  }

  /** The result of a call of doqu's own that can only fail when the machine is out of something. */
  private int number(Reply reply) {
    if (reply.failed()) {
      throw broke(
          "doqu could not prepare it: " + Errno.of(reply.errno()).map(Enum::name).orElse("?"));
    }
    return (int) reply.value();
  }
}
