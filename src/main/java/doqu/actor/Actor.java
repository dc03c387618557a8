package doqu.actor;

import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A process on the stage that makes the system calls it is told to make.
 *
 * <p>One thread at a time drives it, who else tries is told so; {@link #interrupt()}, {@link
 * #end()} and the questions may come from any.
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
  static final int SILENCES = 5;

  /**
   * So many bytes of replies wait in the socket at most, what the kernel charges for a message
   * included: an actor that can send no more would not take the next request either (unix(7), the
   * send buffer is 208 KiB).
   */
  private static final int MOST_DUE = 64 * 1024;

  private static final int MESSAGE_OVERHEAD = 1024;

  /** The pidfd of a process that has been let go of. */
  private static final int ENDED = -1;

  private final ControlSocket socket;
  private final int control;

  /** From where on the control descriptor of a child is looked for: that of the first actor. */
  private final int lowestControl;

  private final int pid;

  /** How many PID namespaces lie between doqu's and the stage's. */
  private final int stageLevel;

  /** 0: nobody has asked for it yet. */
  private volatile int pidStage;

  private volatile int pidfd;
  private final @Nullable Actor parent;
  private final Map<String, String> environment = new LinkedHashMap<>();

  /** Held by the thread that drives it. */
  private final ReentrantLock driven = new ReentrantLock();

  private volatile String name;
  private volatile Trace trace = NOBODY;
  private volatile @Nullable Call pending;
  private volatile boolean interrupted;
  private volatile boolean runsProgram;
  private volatile boolean leaves;

  /**
   * Whether an answer has come since the pidfd was opened. A child's PID is told by a message that
   * may be older: only an answer proves that no stranger has got that PID meanwhile.
   */
  private volatile boolean hasAnswered;

  private volatile @Nullable PseudoTerminal terminal;

  private Actor(
      ControlSocket socket,
      int control,
      int pid,
      int stageLevel,
      @Nullable Actor parent,
      String name) {
    this.socket = socket;
    this.control = control;
    this.lowestControl = parent == null ? control : parent.lowestControl;
    this.pid = pid;
    this.stageLevel = stageLevel;
    this.pidfd = (int) Libc.pidfdOpen(pid);
    this.parent = parent;
    this.name = name;
  }

  /** An actor that was started with that end of a socket as its control. */
  static Actor started(int descriptor, int control, int pid, int stageLevel, String name) {
    return new Actor(new ControlSocket(descriptor), control, pid, stageLevel, null, name);
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

  /** Which of the PIDs in its NSpid is that on the stage, from 0, which is {@link #pid()}. */
  public int stageLevel() {
    return stageLevel;
  }

  /** That PID, found out by who knows how when it is asked for first. */
  public int pidStage(IntSupplier found) {
    if (pidStage == 0) {
      pidStage = found.getAsInt();
    }
    return pidStage;
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

  /**
   * Whether the process runs a program instead of an actor: its socket closed in an exec. An actor
   * that is killed in the middle of one cannot be told from a program that ends at once.
   */
  public boolean runsProgram() {
    return runsProgram;
  }

  /** Whether the process has ended, be it a zombie or gone. */
  public boolean hasEnded() {
    return pidfd < 0 || Libc.poll(0, pidfd)[0];
  }

  /** Whether it is on its way to its end and makes no call any more, though it has not ended. */
  public boolean isLeaving() {
    return leaves && !hasEnded();
  }

  /** The learner's call it is in and has not returned from; {@code null}: none. */
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
   * Keeps it for the calling thread until {@link #leave()}, over more than one call.
   *
   * @return whether no other thread drives it
   */
  public boolean take() {
    return driven.tryLock();
  }

  /** Lets others drive it again. */
  public void leave() {
    driven.unlock();
  }

  /**
   * Has the calling thread alone drive it over some calls.
   *
   * @throws IllegalStateException when another drives it
   */
  public <T> T alone(Supplier<T> calls) {
    if (!take()) {
      throw new IllegalStateException(name + " is driven by two at once");
    }
    try {
      return calls.get();
    } finally {
      leave();
    }
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
   * Makes a call for doqu's own purposes, one that comes back soon: an actor that is silent for
   * some seconds is ended.
   *
   * @throws ActorGone when the process ends instead of returning
   */
  public Reply plumb(Call call) {
    return make(call, true, Wire.NO_CHILD);
  }

  /**
   * Makes calls of doqu's own in their order, each sent before the one ahead of it has returned: a
   * call that relies on another having worked has to be one that harms nothing if it has not.
   *
   * @throws ActorGone when the process ends instead of returning
   */
  public List<Reply> plumb(List<Call> calls) {
    return alone(() -> pipelined(calls));
  }

  private List<Reply> pipelined(List<Call> calls) {
    List<Layout> layouts = calls.stream().map(Layout::of).toList();
    List<Reply> replies = new ArrayList<>(calls.size());
    int due = 0; // bytes of replies that have not been received
    for (int sent = 0; replies.size() < calls.size(); ) {
      if (sent < calls.size() && due < MOST_DUE) {
        if (socket.send(calls.get(sent), layouts.get(sent), Wire.NO_CHILD) < 0) {
          throw gone("has ended");
        }
        due += layouts.get(sent++).replyLength() + MESSAGE_OVERHEAD;
      } else {
        int next = replies.size();
        replies.add(await(calls.get(next), layouts.get(next), true));
        due -= layouts.get(next).replyLength() + MESSAGE_OVERHEAD;
      }
    }
    return replies;
  }

  private Reply make(Call call, boolean plumbing, int childControl) {
    return alone(() -> madeAlone(call, plumbing, childControl));
  }

  private Reply madeAlone(Call call, boolean plumbing, int childControl) {
    Layout layout = Layout.of(call);
    if (!plumbing) {
      interrupted = false;
    }
    send(call, layout, childControl);
    if (!plumbing) {
      pending = call;
    }
    try {
      return await(call, layout, plumbing);
    } finally {
      pending = null;
    }
  }

  private void send(Call call, Layout layout, int childControl) {
    if (socket.hasUnasked()) {
      throw broke("it spoke without being asked");
    }
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
          hasAnswered = true;
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
          if (call.executes()) {
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
    if (hasAnswered) {
      end();
    }
    return gone("was ended: " + how);
  }

  private ActorGone gone(String why) {
    socket.close();
    // Its descriptors are closed some time before the process counts as ended. One that goes on
    // without its socket is beyond anyone's control.
    if (hasAnswered && !Ending.comes(this)) {
      end();
      Ending.comes(this);
    }
    leaves = !hasEnded();
    return new ActorGone(name + " (PID " + pid + " on the machine) " + why);
  }

  /**
   * Interrupts the call it is blocked in, which then fails with EINTR.
   *
   * <p>The signal is lost when it comes just before the call is entered, so it has to be repeated
   * until the reply is there.
   */
  public void interrupt() {
    interrupted = true;
    Libc.pidfdSendSignal(pidfd, Signals.SIGURG);
  }

  /** Whether {@link #interrupt()} came since the learner's last call began. */
  public boolean wasInterrupted() {
    return interrupted;
  }

  /** Lets the process go on that a signal has stopped. */
  public void resume() {
    Libc.pidfdSendSignal(pidfd, Signals.SIGCONT);
  }

  /** Ends the process, whatever it runs. */
  public void end() {
    Libc.pidfdSendSignal(pidfd, Signals.SIGKILL);
  }

  /**
   * Lets go of the descriptors doqu holds of a process that has ended; from then on it counts as
   * one that has.
   */
  public synchronized void release() {
    socket.close();
    PseudoTerminal held = terminal;
    if (held != null) {
      held.close();
    }
    int descriptor = pidfd;
    pidfd = ENDED;
    if (descriptor >= 0) {
      Libc.close(descriptor);
    }
  }

  /**
   * Makes a call that returns twice: fork, or clone without CLONE_VM.
   *
   * @param call the call
   * @param childName what the child is to be called
   * @throws ActorGone when either process ends instead of returning
   */
  public Forked fork(Call call, String childName) {
    return Forked.of(this, call, childName);
  }

  /** Makes a call that returns in a child too, which finds its socket under that number. */
  Reply call(Call call, int childControl) {
    return make(call, false, childControl);
  }

  /**
   * A child of this one that has just answered.
   *
   * @param itsSocket doqu's end of the socket to it
   * @param itsControl the number of the other end in the child
   */
  Actor child(ControlSocket itsSocket, int itsControl, int itsPid, String itsName) {
    Actor child = new Actor(itsSocket, itsControl, itsPid, stageLevel, this, itsName);
    child.environment.putAll(environment);
    child.trace = trace;
    try {
      child.plumb(Calls.close(control)); // what it has inherited of its parent's
    } catch (ActorGone gone) {
      child.release();
      throw gone;
    }
    return child;
  }

  /** From where on a control descriptor is looked for: out of the learner's sight. */
  int lowestControl() {
    return lowestControl;
  }

  /** Passes a descriptor of doqu's on to the process; its number there, when there is room. */
  public OptionalInt receive(int descriptor) {
    return alone(() -> received(descriptor));
  }

  private OptionalInt received(int descriptor) {
    Call recvmsg = Passing.recvmsg(control);
    Layout layout = Layout.of(recvmsg);
    send(recvmsg, layout, Wire.NO_CHILD);
    socket.sendDescriptor(descriptor);
    Reply reply = await(recvmsg, layout, true);
    number(reply);
    return Passing.received(reply);
  }

  /** Makes a descriptor of doqu's the process's own under that number, kept over exec. */
  public void give(int descriptor, int as) {
    int low = receive(descriptor).orElseThrow(() -> broke("its limit on open files is too low"));
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
