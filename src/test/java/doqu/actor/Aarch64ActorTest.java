package doqu.actor;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.kernel.Arch;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import doqu.kernel.Spawn;
import doqu.testing.Needs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The actor that ships for aarch64, run by an emulator of that machine's programs and driven over
 * doqu's own wire.
 *
 * <p>{@link Actor} makes the calls of the machine it runs on; so what fork does of doqu's own
 * around the call is made here, with the numbers of the other architecture.
 */
@Needs("qemu-aarch64")
class Aarch64ActorTest {
  private static final int CONTROL = 1000;
  private static final int CHILD_CONTROL = 1001;
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  @TempDir Path folder;
  private ControlSocket parent;
  private int pid;

  @BeforeEach
  void start() throws Exception {
    Path program = program("actor");
    int[] ends = new int[2];
    assertThat(Libc.socketPair(ends)).isZero();
    parent = new ControlSocket(ends[0]);
    List<String> argv = List.of("qemu-aarch64", program.toString());
    pid = (int) Spawn.start(emulator(), argv, ends[1], CONTROL);
    assertThat(pid).isPositive();
    Libc.close(ends[1]);
  }

  @AfterEach
  void end() {
    parent.close();
    Libc.kill(pid, Signals.SIGKILL);
    Libc.reap(pid);
  }

  @Test
  void takesAStringAndFillsABuffer() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("where it points"));
    Reply reply =
        ask(
            parent,
            Call.on(
                Arch.AARCH64,
                "readlinkat",
                Arg.named(-100, "AT_FDCWD"),
                Arg.text(link.toString()),
                Arg.buffer(100),
                Arg.number(100)));
    assertThat(reply.value()).isEqualTo("where it points".length());
    assertThat(Calls.cString(reply.block(2), 0)).isEqualTo("where it points");

    Reply names = ask(parent, Call.on(Arch.AARCH64, "uname", Calls.uname().args().get(0)));
    assertThat(Calls.unameField(names, 4)).isEqualTo("aarch64");
  }

  @Test
  void tellsTheErrno() {
    Call call = Call.on(Arch.AARCH64, "chdir", Arg.text("/no/such"));
    assertThat(ask(parent, call).errno()).isEqualTo(Errno.ENOENT.number());
  }

  @Test
  void forkReturnsTwice() {
    int[] ends = new int[2];
    assertThat(Libc.socketPair(ends)).isZero();
    ControlSocket child = new ControlSocket(ends[0]);
    pass(ends[1], CHILD_CONTROL);
    Call clone =
        Call.on(Arch.AARCH64, "clone", Calls.clone(Signals.SIGCHLD).args().toArray(Arg[]::new));
    parent.send(clone, Layout.of(clone), CHILD_CONTROL);
    ControlSocket.Received inParent = received(parent, clone);
    ControlSocket.Received inChild = received(child, clone);

    assertThat(inParent.sender()).isEqualTo(pid);
    assertThat(inParent.reply().value()).isEqualTo(inChild.sender()).isNotEqualTo(pid);
    assertThat(inChild.reply().value()).isZero();
    assertThat(ask(child, Call.on(Arch.AARCH64, "getppid")).value()).isEqualTo(pid);
    assertThat(ask(parent, Call.on(Arch.AARCH64, "getpid")).value()).isEqualTo(pid);

    // The child leaves when its socket ends, and its parent can wait for it.
    ask(parent, Call.on(Arch.AARCH64, "close", Arg.number(CHILD_CONTROL)));
    child.close();
    Call wait = Call.on(Arch.AARCH64, "wait4", Calls.wait4(-1, 0).args().toArray(Arg[]::new));
    assertThat(ask(parent, wait).value()).isEqualTo(inChild.sender());
  }

  /** The kernel here runs no program of another machine, so the emulator is what is exec'd. */
  @Test
  void execEndsTheSocketAndRunsTheProgram() throws Exception {
    int[] pipe = new int[2];
    assertThat(Libc.pipe(pipe)).isZero();
    pass(pipe[1], 1);
    List<String> argv = List.of("qemu-aarch64", program("probe").toString(), "/no/such");
    assertThat(exec("/no/such/emulator", argv).reply().errno()).isEqualTo(Errno.ENOENT.number());

    assertThat(exec(emulator(), argv).kind()).isEqualTo(ControlSocket.Received.Kind.END);
    byte[] output = new byte[1000];
    StringBuilder text = new StringBuilder();
    for (long count; (count = Libc.read(pipe[0], output)) > 0; ) {
      text.append(new String(output, 0, (int) count, StandardCharsets.UTF_8));
    }
    assertThat(text.toString())
        .startsWith("pid " + pid + ", parent " + ProcessHandle.current().pid() + ", hostname ")
        .endsWith("/no/such is not there\n");
    Libc.close(pipe[0]);
  }

  @Test
  void aBlockedCallIsInterrupted() throws Exception {
    Arg nothing = Arg.nothing();
    Call forEver = Call.on(Arch.AARCH64, "ppoll", nothing, nothing, nothing, nothing);
    parent.send(forEver, Layout.of(forEver), Wire.NO_CHILD);
    CompletableFuture<Reply> reply =
        CompletableFuture.supplyAsync(() -> received(parent, forEver).reply());
    for (int tries = 0; !reply.isDone() && tries < 100; tries++) {
      Libc.kill(pid, Signals.SIGURG);
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(reply.get(5, TimeUnit.SECONDS).errno()).isEqualTo(Errno.EINTR.number());
    assertThat(ask(parent, Call.on(Arch.AARCH64, "getpid")).value()).isEqualTo(pid);
  }

  private ControlSocket.Received exec(String path, List<String> argv) {
    Call execve =
        Call.on(
            Arch.AARCH64, "execve", Calls.execve(path, argv, List.of()).args().toArray(Arg[]::new));
    parent.send(execve, Layout.of(execve), Wire.NO_CHILD);
    return received(parent, execve);
  }

  /** Passes a descriptor on, under that number and closed on exec unless it is a standard one. */
  private void pass(int descriptor, int as) {
    ByteBuffer header = ByteBuffer.allocate(104).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(16, 56).putLong(24, 1).putLong(32, 80).putLong(40, 24);
    header.putLong(56, 72).putLong(64, 1);
    Call recvmsg =
        Call.on(
            Arch.AARCH64,
            "recvmsg",
            Arg.number(CONTROL),
            Arg.linked(header.array(), List.of(16, 32, 56)),
            Arg.named(MSG_CMSG_CLOEXEC, "MSG_CMSG_CLOEXEC"));
    parent.send(recvmsg, Layout.of(recvmsg), Wire.NO_CHILD);
    parent.sendDescriptor(descriptor);
    Libc.close(descriptor);
    Reply reply = received(parent, recvmsg).reply();
    assertThat(reply.value()).isEqualTo(1);
    int low = ByteBuffer.wrap(reply.block(1)).order(ByteOrder.LITTLE_ENDIAN).getInt(96);
    Call move =
        as <= 2
            ? Call.on(Arch.AARCH64, "dup3", Arg.number(low), Arg.number(as), Arg.number(0))
            : Call.on(
                Arch.AARCH64,
                "fcntl",
                Arg.number(low),
                Arg.named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"),
                Arg.number(as));
    assertThat(ask(parent, move).value()).isEqualTo(as);
    ask(parent, Call.on(Arch.AARCH64, "close", Arg.number(low)));
  }

  private static Reply ask(ControlSocket socket, Call call) {
    socket.send(call, Layout.of(call), Wire.NO_CHILD);
    return received(socket, call).reply();
  }

  private static ControlSocket.Received received(ControlSocket socket, Call call) {
    ControlSocket.Received received;
    int silences = 0;
    do {
      received = socket.receive(call, Layout.of(call));
    } while (received.kind() == ControlSocket.Received.Kind.SILENCE && silences++ < 10);
    return received;
  }

  private static String emulator() {
    for (String directory : System.getenv("PATH").split(":")) {
      Path emulator = Path.of(directory, "qemu-aarch64");
      if (Files.isExecutable(emulator)) {
        return emulator.toString();
      }
    }
    throw new AssertionError("qemu-aarch64 is not on PATH");
  }

  private Path program(String name) throws Exception {
    Path program = Files.write(folder.resolve(name), ActorProgram.bytes(name, Arch.AARCH64));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }
}
