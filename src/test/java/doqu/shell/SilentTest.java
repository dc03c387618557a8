package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.step.StepRecord;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** The failures no errno tells of: the state does, and so do these tests. */
class SilentTest {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  /** Looks again and again until the state is as it should become. */
  private static void until(BooleanSupplier so, Play play) {
    for (long begun = System.nanoTime(); !so.getAsBoolean(); ) {
      assertThat(System.nanoTime() - begun).as(play.lastLook()).isLessThan(PATIENCE);
    }
  }

  private static String look(Play play, String line) {
    play.does(line);
    return play.lastLook();
  }

  private static String output(Play play) {
    return play.outputs.get(play.outputs.size() - 1);
  }

  /** What the last call of the last step returned. */
  private static long returned(Play play, String line) {
    play.does(line);
    return play.last().syscalls().stream()
        .filter(call -> !call.plumbing())
        .reduce((first, second) -> second)
        .map(StepRecord.Syscall::ret)
        .orElseThrow();
  }

  // 1 fork, wait

  @Test
  void forkIsCalledOnceAndReturnsTwice() throws Exception {
    try (Play play = new Play()) {
      long child = returned(play, "fork");
      assertThat(play.last().syscalls().stream().filter(call -> call.name().matches("fork|clone")))
          .hasSize(1);
      assertThat(play.last().notes())
          .containsExactly("in child the same call returned 0: switch child");
      assertThat(child).isEqualTo(3);
      assertThat(returned(play, "syscall getpid")).isEqualTo(2);
      play.does("switch child");
      assertThat(returned(play, "syscall getpid")).isEqualTo(child);
      assertThat(returned(play, "syscall getppid")).isEqualTo(2);
    }
  }

  @Test
  void aChildNobodyWaitsForIsAZombie() throws Exception {
    try (Play play = new Play()) {
      play.does("fork; switch child; exit 7");
      assertThat(look(play, "ps")).containsPattern("(?m)^3 +3 +\\d+ +Z ");
      // A zombie takes no signal that would take it away.
      play.does("kill -9 3");
      assertThat(look(play, "ps")).containsPattern("(?m)^3 +3 +\\d+ +Z ");
      assertThat(returned(play, "wait")).isEqualTo(3);
      assertThat(look(play, "ps")).doesNotContainPattern("(?m)^3 ");
    }
  }

  @Test
  void whoIgnoresSigchldHasNoZombiesAndNobodyToWaitFor() throws Exception {
    try (Play play = new Play()) {
      play.does("syscall rt_sigaction SIGCHLD hex:" + "01" + "00".repeat(31) + " NULL 8");
      play.does("fork; switch child; exit 7");
      until(() -> !look(play, "ps").matches("(?ms).*^3 .*"), play);
      assertThat(play.errno("wait")).isEqualTo("ECHILD");
    }
  }

  // 2 exec

  @Test
  void execKeepsThePidAndDoesNotReturn() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "switch child", "exec /bin/sh -c 'echo pid $$ comm $(cat /proc/$$/comm)'");
      assertThat(output(play)).isEqualTo("pid 3 comm sh\n");
      assertThat(play.session.line("switch child")).isFalse();
    }
  }

  // 3 environment, descriptors

  @Test
  void aVariableLeaksOverExecUntilItIsUnset() throws Exception {
    try (Play play = new Play()) {
      play.does("env SECRET=hunter2", "fork", "switch child", "exec /bin/sh -c 'echo $SECRET.'");
      assertThat(output(play)).isEqualTo("hunter2.\n");
      play.does("env -u SECRET", "fork", "switch child2", "exec /bin/sh -c 'echo $SECRET.'");
      assertThat(output(play)).isEqualTo(".\n");
    }
  }

  @Test
  void anOpenFileLeaksOverExecUnlessItIsClosedThen() throws Exception {
    String lists = "exec /bin/sh -c 'ls -l /proc/$$/fd'";
    try (Play play = new Play()) {
      play.does("syscall openat AT_FDCWD /etc/passwd O_RDONLY", "fork", "switch child", lists);
      assertThat(output(play)).contains(" 3 -> /etc/passwd");
      play.does("syscall close 3");
      play.does("syscall openat AT_FDCWD /etc/passwd O_RDONLY|O_CLOEXEC");
      play.does("fork", "switch child2", lists);
      assertThat(output(play)).contains(" 2 -> ").doesNotContain("passwd");
    }
  }

  // 5 UTS

  @Test
  void theInodeChangesBeforeTheNameDoes() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare uts");
      assertThat(play.last().changes()).singleElement().asString().startsWith("uts:[");
      assertThat(look(play, "hostname"))
          .isEqualTo("doqu: stage, domain name (none)\nhost: stage, domain name (none)");
      play.does("sethostname doqueru");
      assertThat(look(play, "hostname"))
          .isEqualTo("doqu: doqueru, domain name (none)\nhost: stage, domain name (none)");
    }
  }

  // 6 PID namespace

  @Test
  void theCallerItselfDoesNotMove() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid");
      assertThat(play.last().changes()).noneMatch(change -> change.startsWith("pid:["));
      assertThat(returned(play, "syscall getpid")).isEqualTo(2);
      assertThat(returned(play, "fork")).isEqualTo(3);
      play.does("switch init");
      assertThat(returned(play, "syscall getpid")).isEqualTo(1);
      assertThat(returned(play, "syscall getppid")).isZero();
      assertThat(look(play, "status")).contains("pid: 1 inside, 3 on the stage");
    }
  }

  @Test
  void aSignalReachesAProcessOutsideOnlyFromOutside() throws Exception {
    try (Play play = new Play()) {
      play.does("fork outsider", "kill -0 3", "unshare pid", "fork", "switch init");
      assertThat(play.errno("kill -0 3")).isEqualTo("ESRCH");
    }
  }

  // 7 PID and /proc

  @Test
  void theProcOfTheHostStaysInSightUntilAnotherIsMounted() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid mnt", "fork", "switch init");
      assertThat(returned(play, "syscall getpid")).isEqualTo(1);
      assertThat(look(play, "proc status")).containsPattern("(?m)^Pid:\\s+3$");
      assertThat(look(play, "ps"))
          .contains("(doqu)")
          .containsPattern("this /proc shows pid:\\[\\d+], but who looks is in pid:\\[\\d+]");
      // With shared propagation the mount would cover the host's /proc too.
      play.does("mount --make-rprivate /", "mount -t proc proc /proc");
      assertThat(look(play, "proc status")).containsPattern("(?m)^Pid:\\s+1$");
      play.does("fork");
      assertThat(look(play, "ps").lines().skip(1)).hasSize(2);
      assertThat(play.lastLook()).doesNotContain("(doqu)").doesNotContain("who looks");
      assertThat(look(play, "host ps")).contains("(doqu)");
    }
  }

  // 8 being PID 1

  @Test
  void killMinusNineOfOneWorksAndDoesNothing() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid", "fork", "switch init");
      assertThat(returned(play, "kill -9 1")).isZero();
      assertThat(play.last().changes()).isEmpty();
      assertThat(returned(play, "syscall getpid")).isEqualTo(1);
      play.does("fork", "switch child", "kill -9 1", "switch init");
      assertThat(returned(play, "syscall getpid")).isEqualTo(1);
    }
  }

  @Test
  void whenOneEndsAllEnd() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid", "fork", "switch init", "fork worker", "fork other", "switch doqu");
      assertThat(look(play, "actors")).containsPattern("worker +2 +4 +\\d+ +ready");
      play.does("kill -9 3");
      until(
          () ->
              look(play, "actors")
                  .matches("(?s).*init [^\n]* zombie.*\n.*worker [^\n]* gone\n.*other [^\n]* gone"),
          play);
      assertThat(look(play, "actors")).containsPattern("doqu .* ready");
      assertThat(returned(play, "wait")).isEqualTo(3);
      assertThat(play.errno("fork")).isEqualTo("ENOMEM");
    }
  }

  @Test
  void orphansComeToOneAndStayZombiesWhereItDoesNotWait() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid", "fork", "switch init", "fork middle", "switch middle", "fork leaf");
      play.does("switch leaf");
      assertThat(returned(play, "syscall getppid")).isEqualTo(2);
      play.does("switch middle", "exit", "switch leaf");
      assertThat(returned(play, "syscall getppid")).isEqualTo(1);
      play.does("exit", "switch init");
      assertThat(look(play, "ps"))
          .containsPattern("(?m)^2 +4 .* Z ")
          .containsPattern("(?m)^3 +5 .* Z ");
      play.does("wait --all");
      assertThat(play.last().changes())
          .containsExactlyInAnyOrder("middle: zombie -> gone", "leaf: zombie -> gone");
      assertThat(look(play, "ps")).doesNotContain(" Z ");
    }
  }

  // 9 mount namespace

  @Test
  void aMountLeaksUntilThePropagationIsPrivate() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /mnt/leak", "mkdir /mnt/kept", "fork other", "unshare mnt");
      play.does("mount -t tmpfs leak /mnt/leak");
      assertThat(look(play, "host mounts")).contains("/mnt/leak");
      play.does("switch other");
      assertThat(look(play, "mounts")).contains("/mnt/leak");
      play.does("switch doqu", "mount --make-rprivate /", "mount -t tmpfs kept /mnt/kept");
      assertThat(look(play, "mounts")).contains("/mnt/kept");
      assertThat(look(play, "host mounts")).contains("/mnt/leak").doesNotContain("/mnt/kept");
      play.does("umount /mnt/leak");
      assertThat(look(play, "host mounts")).contains("/mnt/leak");
      play.does("switch other");
      assertThat(look(play, "mounts")).contains("/mnt/leak").doesNotContain("/mnt/kept");
    }
  }

  // 11 rootfs, chroot

  @Test
  void aChrootHidesNeitherProcessesNorMounts() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /mnt/jail", "mkdir /mnt/jail/proc", "mount --rbind /proc /mnt/jail/proc");
      play.does("fork", "switch child", "chroot /mnt/jail", "chdir /");
      assertThat(look(play, "ls /")).isEqualTo("proc/");
      assertThat(look(play, "ps")).contains("(doqu)").contains("(child)");
      play.does("kill -0 2");
    }
  }

  // 12 the escape, and 13 pivot_root

  private static void escape(Play play) {
    play.does("mkdir /trap", "chroot /trap");
    for (int i = 0; i < 8; i++) {
      play.does("chdir ..");
    }
    play.does("chroot .");
  }

  @Test
  void theEscapeFromAChrootWorks() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /mnt/outside", "mkdir /mnt/jail", "chroot /mnt/jail", "chdir /");
      assertThat(look(play, "ls /")).isEmpty();
      escape(play);
      assertThat(look(play, "ls /mnt")).contains("outside/");
    }
  }

  @Test
  void theSameEscapeAfterPivotRootStaysInside() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /mnt/outside", "unshare mnt", "mount --make-rprivate /");
      play.does("mkdir /tmp/new", "mount -t tmpfs new /tmp/new", "mkdir /tmp/new/oldroot");
      play.does("pivot_root /tmp/new /tmp/new/oldroot", "chdir /");
      // The old root is a way out for as long as it is there.
      assertThat(look(play, "ls /oldroot/mnt")).contains("outside/");
      play.does("umount -l /oldroot", "rmdir /oldroot");
      escape(play);
      assertThat(look(play, "ls /")).isEqualTo("trap/");
      assertThat(look(play, "mounts").lines().skip(1)).hasSize(1);
    }
  }

  @Test
  void pivotRootOfADotOnADotStacksTheOldRootOnTop() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/new");
      play.does("mount -t tmpfs new /tmp/new", "mkdir /tmp/new/mine", "chdir /tmp/new");
      play.does("pivot_root . .");
      assertThat(look(play, "mounts").lines().count()).isGreaterThan(2);
      play.does("umount -l .", "chdir /");
      assertThat(look(play, "ls /")).isEqualTo("mine/");
      assertThat(look(play, "mounts").lines().skip(1)).hasSize(1);
    }
  }

  // 16 user namespace, 17 capabilities

  @Test
  void nobodyBeforeTheMapRootAfterIt() throws Exception {
    try (Play play = new Play()) {
      play.does("fork other", "unshare user --no-map");
      assertThat(look(play, "id")).contains("uid: 65534", "gid: 65534");
      play.does("write /proc/self/uid_map '0 0 1'");
      assertThat(look(play, "id")).contains("uid: 0, effective 0", "gid: 65534");
      play.does("write /proc/self/setgroups deny", "write /proc/self/gid_map '0 0 1'");
      assertThat(look(play, "id")).contains("uid: 0, effective 0", "gid: 0, effective 0");
      // The other still shows who it is there.
      play.does("switch other");
      assertThat(look(play, "cat /proc/2/status")).containsPattern("(?m)^Uid:\\s+0\\s");
    }
  }

  @Test
  void anIdThatIsMappedToAnotherIsThatOtherInsideOnly() throws Exception {
    try (Play play = new Play()) {
      play.does("fork other", "unshare user --no-map", "write /proc/self/uid_map '1234 0 1'");
      assertThat(look(play, "id")).contains("uid: 1234");
      play.does("switch other");
      assertThat(look(play, "cat /proc/2/status")).containsPattern("(?m)^Uid:\\s+0\\s");
    }
  }

  @Test
  void rootWithoutACapabilityIsStillRootByNumber() throws Exception {
    try (Play play = new Play()) {
      play.does("caps drop sys_admin");
      assertThat(look(play, "id")).contains("uid: 0, effective 0");
      assertThat(look(play, "caps")).contains("all but CAP_SYS_ADMIN");
      assertThat(play.errno("mount -t tmpfs t /tmp")).isEqualTo("EPERM");
    }
  }

  // 23 setns

  @Test
  void oneNamespaceIsEnteredAtATime() throws Exception {
    try (Play play = new Play()) {
      play.does("fork box", "switch box", "unshare uts mnt pid", "sethostname box");
      play.does("mount --make-rprivate /", "mkdir /tmp/m", "mount -t tmpfs inside /tmp/m");
      play.does("fork", "switch doqu");
      assertThat(look(play, "hostname")).startsWith("doqu: stage");
      play.does("setns box uts");
      assertThat(look(play, "hostname")).startsWith("doqu: box");
      assertThat(look(play, "mounts")).doesNotContain("inside");
      play.does("setns box mnt");
      assertThat(look(play, "mounts")).contains("inside");
      // Entering a PID namespace moves the caller as little as making one does.
      play.does("setns init pid");
      assertThat(returned(play, "syscall getpid")).isEqualTo(2);
      play.does("fork entered", "switch entered");
      assertThat(returned(play, "syscall getpid")).isEqualTo(2);
      assertThat(returned(play, "syscall getppid")).isZero();
    }
  }

  // 24 volumes

  @Test
  void aBindMountIsReadOnlyOnlyAfterARemount() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/a", "mkdir /tmp/b");
      play.does("mount -t tmpfs data /tmp/a", "mount -o bind,ro /tmp/a /tmp/b");
      assertThat(play.last().syscalls())
          .extracting(StepRecord.Syscall::text)
          .containsExactly("mount(\"/tmp/a\", \"/tmp/b\", NULL, MS_RDONLY|MS_BIND, NULL) = 0");
      play.does("mkdir /tmp/b/still-writable");
      play.does("mount -o remount,bind,ro /tmp/b");
      assertThat(play.errno("mkdir /tmp/b/no-more")).isEqualTo("EROFS");
      play.does("mkdir /tmp/a/through-the-other-mount");
      assertThat(look(play, "ls /tmp/b")).isEqualTo("still-writable/\nthrough-the-other-mount/");
    }
  }

  /** Its exit waits in the kernel for a child of another's that nobody has waited for. */
  @Test
  void anInitThatHasToWaitToEndActsNoMore() {
    try (Play play = new Play()) {
      play.does("unshare pid", "fork i", "fork j", "switch i", "exit", "actors");
      assertThat(play.lastLook())
          .containsPattern("i +1 .* ends when those in its PID namespace have been waited for")
          .containsPattern("\\* doqu ");
      assertThat(play.session.line("switch i")).isFalse();
      assertThat(play.mistakes).last().asString().contains("'i' cannot act: it ends when those");
      play.does("mkdir /tmp/q", "wait", "wait");
      assertThat(play.last().changes())
          .anyMatch(change -> change.matches("i: (alive|zombie) -> gone"));
    }
  }
}
