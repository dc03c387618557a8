package doqu.stage;

import static doqu.testing.Syscall.errno;
import static doqu.testing.Syscall.value;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.NativeLibrary;
import doqu.actor.Actor;
import doqu.actor.ActorProgram;
import doqu.actor.Calls;
import doqu.kernel.Arch;
import doqu.kernel.Libc;
import doqu.kernel.Syscalls;
import doqu.testing.Syscall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What processes share without a file, tried between the root of the stage and the machine. */
class IpcWallsTest {
  private static final int IPC_CREAT = 01000;
  private static final int IPC_RMID = 0;
  private static final int O_CREAT_RDWR = 0102;
  private static final long SESSION_KEYRING = -3;
  private static final long KEYCTL_JOIN_SESSION_KEYRING = 1;
  private static final long KEYCTL_SEARCH = 10;

  private final int key = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
  private Actor machine;
  private Stage stage;
  private Actor root;

  @BeforeEach
  void aStageAndAnActorOutsideIt() throws Exception {
    machine = ActorProgram.spawn("machine", 0);
    stage = Stage.start();
    root = stage.focus();
  }

  @AfterEach
  void close() {
    stage.close();
    machine.end();
    Libc.reap(machine.pid());
    machine.release();
  }

  @ParameterizedTest
  @CsvSource({"shmget, 4096, shmctl", "semget, 1, semctl", "msgget, '', msgctl"})
  void systemV(String get, String size, String control) {
    boolean sized = !size.isEmpty();
    int flags = IPC_CREAT | 0666;
    Object[] create =
        sized ? new Object[] {key, Integer.valueOf(size), flags} : new Object[] {key, flags};
    Object[] find = sized ? new Object[] {key, Integer.valueOf(size), 0} : new Object[] {key, 0};
    long id = value(machine, get, create);
    try {
      assertThat(errno(root, get, find)).isEqualTo("ENOENT");
      Object[] remove =
          get.equals("semget") ? new Object[] {id, 0, IPC_RMID} : new Object[] {id, IPC_RMID, 0};
      assertThat(errno(root, control, remove)).isEqualTo("EINVAL");
    } finally {
      value(
          machine,
          control,
          get.equals("semget") ? new Object[] {id, 0, IPC_RMID} : new Object[] {id, IPC_RMID, 0});
    }
  }

  @Test
  void messageQueues() {
    String name = "doqu-" + key;
    if (errno(machine, "mq_open", name, O_CREAT_RDWR, 0666, 0).equals(Syscall.WORKED)) {
      assertThat(errno(root, "mq_open", name, 2, 0, 0)).isEqualTo("ENOENT");
      assertThat(errno(root, "mq_unlink", name)).isEqualTo("ENOENT");
      value(machine, "mq_unlink", name);
    }
  }

  /** The keys of a login session, which every child of it has too (session-keyring(7)). */
  @Test
  void keysOfTheSession() throws Exception {
    CompletableFuture<Void> told = new CompletableFuture<>();
    // A keyring joined by a thread is that thread's own, and its children's.
    Thread session =
        new Thread(
            () -> {
              if (syscall("keyctl", KEYCTL_JOIN_SESSION_KEYRING, 0L) > 0) {
                assertThat(syscall("add_key", "user", "doqu-test", "secret", 6L, SESSION_KEYRING))
                    .isPositive();
                assertThat(childOfThisThreadSearches()).isEqualTo(Syscall.WORKED);
              }
              try (Stage inSession = Stage.start()) {
                assertThat(search(inSession.focus())).isNotEqualTo(Syscall.WORKED);
                assertThat(search(inSession.init())).isNotEqualTo(Syscall.WORKED);
                told.complete(null);
              } catch (StageRefused e) {
                told.completeExceptionally(e);
              }
            });
    session.setUncaughtExceptionHandler((thread, e) -> told.completeExceptionally(e));
    session.start();
    told.get(20, TimeUnit.SECONDS);
  }

  private static String childOfThisThreadSearches() {
    try {
      Actor child = ActorProgram.spawn("child", 0);
      String found = search(child);
      child.end();
      Libc.reap(child.pid());
      child.release();
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String search(Actor actor) {
    return errno(actor, "keyctl", KEYCTL_SEARCH, SESSION_KEYRING, "user", "doqu-test", 0);
  }

  private static long syscall(String name, Object... args) {
    List<Object> all = new ArrayList<>(List.of(args));
    all.add(0, Syscalls.on(Arch.current()).number(name).orElseThrow());
    return NativeLibrary.getProcess().getFunction("syscall").invokeLong(all.toArray());
  }

  @Test
  void names() {
    Object before = Calls.unameField(machine.plumb(Calls.uname()), 1);
    Object domain = Calls.unameField(machine.plumb(Calls.uname()), 5);
    value(root, "sethostname", "attacked", 8);
    value(root, "setdomainname", "attacked", 8);
    assertThat(Calls.unameField(machine.plumb(Calls.uname()), 1)).isEqualTo(before);
    assertThat(Calls.unameField(machine.plumb(Calls.uname()), 5)).isEqualTo(domain);
  }
}
