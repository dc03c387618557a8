package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attacks on the machine by the stage's root; each has to fail, and the machine to be as before.
 */
class WallsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mount -o remount,bind,rw /",
        "mount -o remount,rw /",
        "mount -o remount,bind,rw /dev",
        "umount /mnt",
        "umount -l /mnt",
        "umount -l /tmp",
        "umount -l /run",
        "umount -l /dev/pts",
        "syscall openat AT_FDCWD /etc/doqu-was-here O_WRONLY|O_CREAT 0644",
        "syscall openat AT_FDCWD /etc/passwd O_WRONLY|O_APPEND",
        "syscall truncate /etc/passwd 0",
        "syscall fchmodat AT_FDCWD /etc/passwd 0777",
        "syscall mknodat AT_FDCWD /tmp/disk 060666 0xfe00",
        "write /proc/sys/kernel/hostname doqu",
        "write /proc/sys/kernel/printk 7",
        "write /proc/sysrq-trigger b",
        "mkdir /sys/fs/cgroup/doqu",
        "setns /proc/1/ns/mnt user",
        "syscall init_module 0 0 0",
        "syscall settimeofday 0 0",
        "syscall swapoff /etc/passwd",
        "kill -9 999999"
      })
  void hold(String attack) throws Exception {
    String passwd = Files.readString(Path.of("/etc/passwd"));
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    try (Play play = new Play()) {
      boolean worked = play.session.line(attack);
      // The stage's own host name may be written there: it is not the machine's.
      assertThat(worked && !attack.contains("kernel/hostname")).as(attack).isFalse();
    }
    assertThat(Files.readString(Path.of("/etc/passwd"))).isEqualTo(passwd);
    assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
    assertThat(Path.of("/etc/doqu-was-here")).doesNotExist();
  }

  @Test
  void hideTheMachinesProcesses() throws Exception {
    Process outside = new ProcessBuilder("sleep", "60").start();
    try (Play play = new Play()) {
      play.does("ls /proc");
      assertThat(List.of(play.lastLook().split("\n"))).doesNotContain(outside.pid() + "/");
      assertThat(play.errno("kill -9 " + outside.pid())).isEqualTo("ESRCH");
      assertThat(outside.isAlive()).isTrue();
    } finally {
      outside.destroy();
    }
  }

  @Test
  void keepAVictimFileFromTheRootOfTheStage(@TempDir Path folder) throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "untouched");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-rw-rw-"));
    try (Play play = new Play()) {
      // /tmp is the stage's own, and what lies below the machine's is not in sight.
      assertThat(play.errno("syscall openat AT_FDCWD " + victim + " O_WRONLY|O_TRUNC"))
          .isEqualTo("ENOENT");
    }
    assertThat(victim).hasContent("untouched");
  }

  @Test
  void aFullWorkAreaDoesNotReachTheMachine() throws Exception {
    long before = Path.of("/var").toFile().getUsableSpace();
    try (Play play = new Play()) {
      play.does("syscall openat AT_FDCWD /mnt/full O_WRONLY|O_CREAT 0644");
      assertThat(play.errno("syscall fallocate 3 0 0 0x40000000")).isEqualTo("ENOSPC");
    }
    assertThat(Path.of("/var").toFile().getUsableSpace()).isGreaterThan(before - (1L << 28));
  }

  @Test
  void theChrootEscapeEndsOnTheStage() throws Exception {
    try (Play play = new Play()) {
      play.does("chdir /", "mkdir /mnt/jail", "chroot /mnt/jail", "ls /");
      assertThat(play.lastLook()).isEmpty();
      play.does("mkdir /x", "chroot /x");
      for (int i = 0; i < 8; i++) {
        play.does("chdir ..");
      }
      play.does("chroot .", "ls /");
      assertThat(play.lastLook()).contains("etc/");
      assertThat(play.errno("syscall openat AT_FDCWD /etc/passwd O_WRONLY"))
          .isIn("EROFS", "EACCES");
    }
  }

  @Test
  void nothingIsLeftWhenTheStageIsClosed() throws Exception {
    List<Integer> pids;
    try (Play play = new Play()) {
      play.does("unshare pid", "fork", "switch init", "fork", "switch init");
      pids = play.session.stage().actors().stream().map(Actor::pid).toList();
      assertThat(pids).hasSize(3).allMatch(WallsTest::isThere);
    }
    assertThat(pids).noneMatch(WallsTest::isThere);
  }

  private static boolean isThere(int pid) {
    return Files.exists(Path.of("/proc/" + pid));
  }

  @Test
  void nothingIsLeftAfterKillMinusNineOfDoqu() throws Exception {
    Process doqu =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-Djna.boot.library.path=" + System.getProperty("jna.boot.library.path"),
                "-Djna.nounpack=true",
                "-cp",
                System.getProperty("java.class.path"),
                "doqu.cli.Main")
            .redirectErrorStream(true)
            .start();
    try (var in = doqu.outputWriter();
        var out = doqu.inputReader()) {
      in.write("unshare pid\nfork\nwait\nswitch init\nactors\n");
      in.flush();
      StringBuilder seen = new StringBuilder();
      while (!seen.toString().contains("* ")) {
        String line = out.readLine();
        assertThat(line).as(seen.toString()).isNotNull();
        seen.append(line).append('\n');
      }
      List<ProcessHandle> stage = doqu.descendants().toList();
      assertThat(stage).hasSizeGreaterThanOrEqualTo(4);
      doqu.destroyForcibly().waitFor();
      for (ProcessHandle process : stage) {
        process.onExit().get(5, TimeUnit.SECONDS);
      }
      assertThat(stage).noneMatch(ProcessHandle::isAlive);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
