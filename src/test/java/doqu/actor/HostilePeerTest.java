package doqu.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import doqu.kernel.Arch;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import doqu.kernel.Syscalls;
import doqu.stage.Stage;
import doqu.testing.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What reaches Java over the socket of an actor is not trusted.
 *
 * <p>One actor on the stage takes hold of the control socket of another, as any program there can,
 * and speaks in its place. Each time the victim is ended and says so in one line, and everybody
 * else goes on.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePeerTest {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SHUT_RDWR = 2;
  private static final int CHUNK = 4096;

  /** What doqu itself holds of the pipe on which the output of the stage arrives. */
  private static final int BOTH_ENDS = 2;

  private Stage stage;
  private Actor victim;
  private Actor attacker;
  private long victimPid;
  private long stolen;

  @BeforeEach
  void anAttackerHoldsTheSocketOfTheVictim() throws Exception {
    stage = Stage.start();
    attacker = stage.focus();
    victim = stage.fork(attacker, Calls.fork(), "victim").child();
    victimPid = Syscall.value(victim, "getpid");
    long pidfd = Syscall.value(attacker, "pidfd_open", victimPid, 0);
    int control = Syscall.descriptors(victim.pid()).max().orElseThrow();
    stolen = Syscall.value(attacker, "pidfd_getfd", pidfd, control, 0);
    assertThat(heldOfOutput()).isEqualTo(BOTH_ENDS);
  }

  @AfterEach
  void everybodyElseGoesOn() {
    assertThat(victim.hasEnded()).isTrue();
    assertThat(heldOfOutput()).isEqualTo(BOTH_ENDS);
    Syscall.value(attacker, "sethostname", "still-here", 10);
    Actor child = stage.fork(attacker, Calls.fork(), "child").child();
    assertThat(Calls.unameField(child.plumb(Calls.uname()), 1)).isEqualTo("still-here");
    stage.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "an empty one,                    0,     true,  0,  its answer is not one to ppoll",
    "one that is too short,           7,     true,  0,  its answer is not one to ppoll",
    "one that is too long,            9,     true,  0,  its answer is not one to ppoll",
    "one that fills the message,      65536, true,  0,  its answer is not one to ppoll",
    "one longer than doqu has room,   90112, true,  0,  its answer is not one to ppoll",
    "one with a descriptor,           8,     true,  1,  its answer is not one to ppoll",
    "one with many descriptors,       8,     true,  50, its answer is not one to ppoll",
    "one from another process,        8,     false, 0,  an answer came from another process",
    "none from another process either, 0,    false, 0,  its answer is not one to ppoll",
  })
  void aWrongAnswerEndsTheActor(
      String which, int length, boolean forged, int passed, String because) throws Exception {
    CompletableFuture<Reply> blocked = blockVictim();
    assertThat(speak(length, forged ? victimPid : Syscall.value(attacker, "getpid"), passed))
        .isEqualTo(length);
    assertThat(gone(blocked)).contains("victim (PID " + victim.pid(), "was ended: " + because);
  }

  @Test
  void whatWasSaidBeforeTheQuestionIsNoAnswer() {
    long said = 0;
    while (speak(Wire.RESULT_ONLY, victimPid, 0) == Wire.RESULT_ONLY) {
      said++;
    }
    // The kernel limits what may lie in a socket; doqu reads no more than one message of it.
    assertThat(said).isBetween(1L, 10_000L);
    assertThat(gone(() -> victim.plumb(Call.of("getpid"))))
        .endsWith("it spoke without being asked");
  }

  @Test
  void aForgedAnswerIsFoundOutByTheNextQuestion() {
    CompletableFuture<Reply> blocked = blockVictim();
    speak(Wire.RESULT_ONLY, victimPid, 0);
    // Root of the stage may forge its PID (unix(7), SCM_CREDENTIALS): it fools nobody but itself.
    assertThat(blocked.join().value()).isZero();
    victim.interrupt();
    awaitItsReturn();
    assertThat(gone(() -> victim.plumb(Call.of("getpid"))))
        .endsWith("it spoke without being asked");
  }

  @Test
  void aSocketTornOutOfItsHandEndsTheActor() {
    CompletableFuture<Reply> blocked = blockVictim();
    Syscall.value(attacker, "shutdown", stolen, SHUT_RDWR);
    assertThat(gone(blocked)).endsWith("has ended");
  }

  /** A PID in a message may have got another owner before doqu looks who that is. */
  @Test
  void aStrangerWhoHasThePidOfAnActorIsNotEnded() throws Exception {
    endVictim();
    Process stranger = new ProcessBuilder("sleep", "60").start();
    int[] ends = new int[2];
    assertThat(Libc.socketPair(ends)).isZero();
    try {
      Actor mistaken = Actor.started(ends[0], 1000, (int) stranger.pid(), 0, "mistaken");
      Libc.write(ends[1], new byte[1]);
      assertThat(gone(() -> mistaken.plumb(Call.of("getpid")))).contains("was ended");
      mistaken.release();
      assertThat(stranger.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
    } finally {
      Libc.close(ends[1]);
      stranger.destroy();
    }
  }

  @Test
  void anActorKilledInACallIsGone() {
    CompletableFuture<Reply> blocked = blockVictim();
    Syscall.value(attacker, "kill", victimPid, Signals.SIGKILL);
    assertThat(gone(blocked)).endsWith("has ended");
  }

  @Test
  void anActorThatIsSilentIsGivenUp() {
    Syscall.value(attacker, "kill", victimPid, Signals.parse("STOP").orElseThrow());
    long begun = System.nanoTime();
    assertThat(gone(() -> victim.plumb(Call.of("getpid")))).endsWith("it does not answer");
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)).isLessThan(10);
  }

  /** How many ends of the pipe that the attacker passes along doqu has: the one it reads from. */
  private long heldOfOutput() {
    String pipe = Libc.readLink("/proc/" + attacker.pid() + "/fd/1");
    return Syscall.descriptors(ProcessHandle.current().pid())
        .filter(descriptor -> pipe.equals(Libc.readLink("/proc/self/fd/" + descriptor)))
        .count();
  }

  @Test
  void whoStealsTheOutputDoesNotStopDoqu() {
    Syscall.value(attacker, "write", 1, "word", 4);
    assertThat(Libc.poll(1000, stage.output())[0]).isTrue();
    Reply stolenPipe = Syscall.reply(attacker, "openat", -100, "/proc/self/fd/1", 0);
    if (!stolenPipe.failed()) { // an ordinary user's stage may open what its user has made
      assertThat(Syscall.value(attacker, "read", stolenPipe.value(), new byte[4], 4)).isEqualTo(4);
    } else {
      assertThat(Libc.read(stage.output(), new byte[100])).isEqualTo(4);
    }
    assertThat(Libc.read(stage.output(), new byte[100])).isEqualTo(-Errno.EAGAIN.number());
    endVictim();
  }

  private void endVictim() {
    victim.end();
    Libc.poll(5000, victim.pidfd());
  }

  private CompletableFuture<Reply> blockVictim() {
    CompletableFuture<Reply> blocked =
        CompletableFuture.supplyAsync(() -> victim.call(Syscall.of("ppoll", 0, 0, 0, 0)));
    while (victim.pending() == null) {
      Thread.onSpinWait();
    }
    return blocked;
  }

  /** Until the victim, its call over and answered, waits for the next one. */
  private void awaitItsReturn() {
    String waits = Syscalls.on(Arch.current()).number("recvfrom").orElseThrow() + " ";
    for (int tries = 0; tries < 500; tries++) {
      byte[] in = Libc.readFile("/proc/" + victim.pid() + "/syscall");
      if (new String(in, StandardCharsets.US_ASCII).startsWith(waits)) {
        return;
      }
      Libc.poll(10);
    }
  }

  private static String gone(CompletableFuture<Reply> call) {
    return gone(
        () -> {
          try {
            call.orTimeout(10, TimeUnit.SECONDS).join();
          } catch (CompletionException e) {
            throw e.getCause();
          }
        });
  }

  private static String gone(ThrowingCallable call) {
    String message = catchThrowableOfType(ActorGone.class, call).getMessage();
    assertThat(message).doesNotContain("\n");
    return message;
  }

  /** Sends a message to doqu on the victim's socket; what sendmsg(2) returned. */
  private long speak(int length, long claimedPid, int passed) {
    List<Integer> pointers = new ArrayList<>();
    int vectors = Math.max(1, (length + CHUNK - 1) / CHUNK);
    int vector = 56;
    int data = vector + 16 * vectors;
    int credentials = data + CHUNK;
    int rights = credentials + 32;
    int end = rights + (passed == 0 ? 0 : 16 + 4 * passed + 7 & ~7);
    ByteBuffer block = ByteBuffer.allocate(end).order(ByteOrder.LITTLE_ENDIAN);
    block.putLong(16, vector).putLong(24, vectors);
    block.putLong(32, credentials).putLong(40, end - credentials);
    pointers.addAll(List.of(16, 32));
    for (int i = 0; i < vectors; i++) {
      block.putLong(vector + 16 * i, data);
      block.putLong(vector + 16 * i + 8, Math.min(CHUNK, length - CHUNK * i));
      pointers.add(vector + 16 * i);
    }
    block.putLong(credentials, 28).putInt(credentials + 8, SOL_SOCKET);
    block.putInt(credentials + 12, SCM_CREDENTIALS).putInt(credentials + 16, (int) claimedPid);
    if (passed > 0) {
      block.putLong(rights, 16 + 4 * passed).putInt(rights + 8, SOL_SOCKET);
      block.putInt(rights + 12, SCM_RIGHTS);
      for (int i = 0; i < passed; i++) {
        block.putInt(rights + 16 + 4 * i, 1);
      }
    }
    Arg message = Arg.linked(block.array(), pointers);
    return Syscall.reply(attacker, "sendmsg", stolen, message, MSG_DONTWAIT).value();
  }
}
