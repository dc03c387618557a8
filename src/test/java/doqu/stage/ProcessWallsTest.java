package doqu.stage;

import static doqu.testing.Syscall.errno;
import static doqu.testing.Syscall.value;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attacks by the root of the stage on processes of the machine that belong to the same user. */
class ProcessWallsTest {
  private static final int F_SETOWN = 8;
  private static final int PTRACE_SEIZE = 0x4206;
  private static final int RLIMIT_CPU = 0;

  private Process outside;
  private Stage stage;
  private Actor root;

  @BeforeEach
  void aProcessOutside() throws Exception {
    outside = new ProcessBuilder("sleep", "60").start();
    stage = Stage.start();
    root = stage.focus();
  }

  @AfterEach
  void stillRuns() {
    assertThat(outside.isAlive()).isTrue();
    outside.destroy();
    stage.close();
  }

  @Test
  void noCallReachesItByItsPid() {
    long pid = outside.pid();
    Map<String, Object[]> calls = new LinkedHashMap<>();
    calls.put("kill", new Object[] {pid, Signals.SIGKILL});
    calls.put("tkill", new Object[] {pid, Signals.SIGKILL});
    calls.put("tgkill", new Object[] {pid, pid, Signals.SIGKILL});
    calls.put("rt_sigqueueinfo", new Object[] {pid, Signals.SIGKILL, queuedByItself()});
    calls.put("pidfd_open", new Object[] {pid, 0});
    calls.put("ptrace", new Object[] {PTRACE_SEIZE, pid, 0, 0});
    calls.put("process_vm_writev", new Object[] {pid, oneByte(), 1, oneByte(), 1, 0});
    calls.put("setpriority", new Object[] {0, pid, 19});
    calls.put("sched_setaffinity", new Object[] {pid, 8, new byte[] {1, 0, 0, 0, 0, 0, 0, 0}});
    calls.put("prlimit64", new Object[] {pid, RLIMIT_CPU, new byte[16], 0});
    calls.put("setpgid", new Object[] {pid, 0});
    calls.put("fcntl", new Object[] {1, F_SETOWN, pid}); // whom SIGIO goes to
    calls.forEach((name, args) -> assertThat(errno(root, name, args)).as(name).isEqualTo("ESRCH"));
  }

  @Test
  void aSignalToEverybodyStaysOnTheStage() {
    Actor child = stage.fork(root, Calls.fork(), "child").child();
    value(root, "kill", -1, Signals.SIGKILL);
    Libc.poll(5000, child.pidfd());
    assertThat(child.hasEnded()).isTrue();
    assertThat(root.hasEnded()).isFalse();
    assertThat(stage.init().hasEnded()).isFalse();
    assertThat(stage.outer().hasEnded()).isFalse();
  }

  @Test
  void nothingButTheStageIsInProc() {
    // As PID 1 of the stage sees it, and, below that, PID 1 of the outer layer.
    assertThat(pidsIn("/proc")).containsExactly(1, 2);
    value(root, "umount2", "/proc", 0);
    assertThat(pidsIn("/proc")).containsExactly(1, 2, 3);
  }

  @Test
  void noNamespaceOfTheMachineCanBeEntered() {
    String machine = Libc.readLink("/proc/self/ns/mnt");
    value(root, "umount2", "/proc", 0);
    for (int pid : pidsIn("/proc")) {
      assertThat(Libc.readLink("/proc/" + root.pid() + "/root/proc/" + pid + "/ns/mnt"))
          .isNotEqualTo(machine);
      for (String way : new String[] {"root", "cwd"}) {
        String file = "/proc/" + pid + "/" + way + "/etc/passwd";
        assertThat(errno(root, "openat", -100, file, 1)).isIn("EROFS", "EACCES");
      }
    }
    // NS_GET_PARENT and NS_GET_USERNS lead outwards, ioctl_ns(2): as far as the stage's own.
    for (String namespace : new String[] {"user", "pid"}) {
      long descriptor = value(root, "openat", -100, "/proc/self/ns/" + namespace, 0);
      assertThat(errno(root, "ioctl", descriptor, 0xb702)).isEqualTo("EPERM");
    }
  }

  private List<Integer> pidsIn(String proc) {
    String[] names = new File("/proc/" + root.pid() + "/root" + proc).list();
    return Stream.of(Objects.requireNonNull(names))
        .filter(name -> name.matches("\\d+"))
        .map(Integer::valueOf)
        .sorted()
        .toList();
  }

  /** A struct iovec. */
  private static byte[] oneByte() {
    return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(4096).putLong(1).array();
  }

  /** A siginfo_t whose si_code, SI_QUEUE, does not claim to come from the kernel. */
  private static byte[] queuedByItself() {
    return ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN).putInt(8, -1).array();
  }
}
