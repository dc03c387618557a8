package doqu.stage;

import static doqu.testing.Syscall.errno;
import static doqu.testing.Syscall.value;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.testing.Syscall;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The root of the stage takes as much as it can get. */
class LimitWallsTest {
  private static final int PROCESSES = 4096;

  private Stage stage;
  private Actor root;

  @BeforeEach
  void aStage() throws Exception {
    stage = Stage.start();
    root = stage.focus();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WORK", "/tmp", "/run", "/dev/shm", "/var/tmp"})
  void noFolderGivesMoreRoomThanItsOwn(String folder) {
    String file = folder.replace("WORK", stage.workArea()) + "/full";
    long flags = Flags.O_WRONLY | Flags.O_CREAT;
    long descriptor = value(root, "openat", Flags.AT_FDCWD, file, flags, 0600);
    assertThat(errno(root, "fallocate", descriptor, 0, 0, 513L << 20)).isEqualTo("ENOSPC");
  }

  @Test
  void theNumberOfProcessesCannotBeRaised() {
    byte[] limits = new byte[16];
    long most =
        ByteBuffer.wrap(
                Syscall.reply(
                        root,
                        "prlimit64",
                        0,
                        Libc.RLIMIT_NPROC,
                        0,
                        Arg.room(limits, (result, block) -> ""))
                    .block(3))
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong(8);
    assertThat(most).isBetween(1L, (long) PROCESSES);
    assertThat(limitProcesses(most + 1, most + 1)).isEqualTo("EPERM");
  }

  /** With fewer than there could be, so that it is over soon. */
  @Test
  void aForkBombStopsAtTheLimit() throws Exception {
    int most = 60;
    assertThat(limitProcesses(most, most)).isEqualTo(Syscall.WORKED);
    Actor bomb = stage.fork(root, Calls.fork(), "bomb").child();
    Call exec =
        Calls.execve(
            "/bin/sh", List.of("sh", "-c", "b() { b & b; }; b"), List.of("PATH=/bin:/usr/bin"));
    bomb.call(exec);
    long atMost = 0;
    for (int tries = 0; atMost < most - 10 && tries < 100 || tries < 10; tries++) {
      TimeUnit.MILLISECONDS.sleep(20);
      atMost = Math.max(atMost, processesOnTheStage());
    }
    assertThat(atMost).isBetween(most - 10L, most + 2L);
    assertThat(errno(root, "getpid")).isEqualTo(Syscall.WORKED);
  }

  private long processesOnTheStage() {
    String[] names = new File("/proc/" + root.pid() + "/root/proc").list();
    return Stream.of(Objects.requireNonNull(names)).filter(name -> name.matches("\\d+")).count();
  }

  private String limitProcesses(long soft, long hard) {
    byte[] limits =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(soft).putLong(hard).array();
    return errno(root, "prlimit64", 0, Libc.RLIMIT_NPROC, limits, 0);
  }
}
