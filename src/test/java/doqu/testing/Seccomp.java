package doqu.testing;

import doqu.actor.Actor;
import doqu.actor.ActorProgram;
import doqu.actor.Arg;
import doqu.actor.Calls;
import doqu.kernel.Arch;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Syscalls;
import doqu.kernel.WaitStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A seccomp(2) filter, and programs that run below it. All calls it does not name are allowed. */
public final class Seccomp {
  private static final int LOAD_WORD = 0x20;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int JUMP_IF_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  // struct seccomp_data
  private static final int NUMBER = 0;
  private static final int ARCHITECTURE = 4;
  private static final int FIRST_ARGUMENT = 16;

  private static final int ALLOW = 0x7fff0000;
  private static final int FAIL = 0x00050000;
  private static final int KILL_PROCESS = 0x80000000;

  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SET_MODE_FILTER = 1;
  private static final int PATIENCE = 60_000;

  /** What Docker's default profile forbids without CAP_SYS_ADMIN, as far as it concerns doqu. */
  private static final List<String> DOCKERS =
      List.of(
          "add_key",
          "bpf",
          "fsconfig",
          "fsmount",
          "fsopen",
          "fspick",
          "keyctl",
          "mount",
          "mount_setattr",
          "move_mount",
          "open_tree",
          "perf_event_open",
          "pivot_root",
          "request_key",
          "setdomainname",
          "sethostname",
          "setns",
          "syslog",
          "umount2",
          "unshare");

  /** CLONE_NEWNS and the other six that clone(2) takes. */
  private static final int NAMESPACES = 0x7e020000;

  private final List<long[]> program = new ArrayList<>();

  public Seccomp() {
    add(LOAD_WORD, 0, 0, ARCHITECTURE);
    add(JUMP_IF_EQUAL, 1, 0, Arch.current() == Arch.X86_64 ? 0xc000003e : 0xc00000b7);
    add(RETURN, 0, 0, KILL_PROCESS);
    add(LOAD_WORD, 0, 0, NUMBER);
  }

  /** Docker's default profile. */
  public static Seccomp docker() {
    Seccomp filter = new Seccomp();
    DOCKERS.forEach(call -> filter.fails(call, Errno.EPERM));
    return filter.fails("clone3", Errno.ENOSYS).failsWithAnyOf("clone", NAMESPACES, Errno.EPERM);
  }

  /** A call that fails from now on. */
  public Seccomp fails(String call, Errno errno) {
    add(JUMP_IF_EQUAL, 0, 1, number(call));
    add(RETURN, 0, 0, FAIL | errno.number());
    return this;
  }

  /** A call that ends the process that makes it. */
  public Seccomp kills(String call) {
    add(JUMP_IF_EQUAL, 0, 1, number(call));
    add(RETURN, 0, 0, KILL_PROCESS);
    return this;
  }

  /** A call that fails when its first argument has any of these bits. */
  public Seccomp failsWithAnyOf(String call, int bits, Errno errno) {
    add(JUMP_IF_EQUAL, 0, 4, number(call));
    add(LOAD_WORD, 0, 0, FIRST_ARGUMENT);
    add(JUMP_IF_ANY_BIT, 0, 1, bits);
    add(RETURN, 0, 0, FAIL | errno.number());
    add(LOAD_WORD, 0, 0, NUMBER);
    return this;
  }

  private static int number(String call) {
    return (int) Syscalls.on(Arch.current()).number(call).orElseThrow();
  }

  private void add(int code, int then, int otherwise, int value) {
    program.add(new long[] {code, then, otherwise, value});
  }

  /** Runs a command of sh(1) below the filter, its input /dev/null; how it ended. */
  public WaitStatus run(String command, List<String> arguments) throws Exception {
    Actor actor = ActorProgram.spawn("filtered", 0);
    installIn(actor);
    List<String> argv = new ArrayList<>(List.of("sh", "-c", command, "sh"));
    argv.addAll(arguments);
    Stream<String> environment =
        System.getenv().entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue());
    actor.call(Calls.execve("/bin/sh", argv, environment.toList()));
    if (!Libc.poll(PATIENCE, actor.pidfd())[0]) {
      actor.end();
    }
    actor.release();
    return Libc.reap(actor.pid());
  }

  /** From now on an actor and its children are below the filter. */
  public void installIn(Actor actor) {
    Syscall.value(actor, "prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    Syscall.value(actor, "seccomp", SET_MODE_FILTER, 0, Arg.linked(filter(), List.of(8)));
  }

  /** struct sock_fprog, and behind it what it points to: an array of struct sock_filter. */
  private byte[] filter() {
    int count = program.size() + 1;
    ByteBuffer block = ByteBuffer.allocate(16 + 8 * count).order(ByteOrder.LITTLE_ENDIAN);
    block.putShort((short) count).putLong(8, 16).position(16);
    for (long[] line : program) {
      block.putShort((short) line[0]).put((byte) line[1]).put((byte) line[2]).putInt((int) line[3]);
    }
    block.putShort((short) RETURN).putShort((short) 0).putInt(ALLOW);
    return block.array();
  }
}
