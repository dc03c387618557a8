package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.step.StepRecord;
import doqu.testing.NeedsOrdinaryUser;
import doqu.testing.NeedsRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The failures a learner should meet, each from the real kernel, as root and not: after what, which
 * line, which call of it, which errno. Those that have no errno are in {@link SilentTest}.
 */
class ErrnoTest {
  private static final String PIVOTED = Failures.PIVOTED;

  @ParameterizedTest(name = "{0} | {1} = {2}")
  @MethodSource("doqu.shell.Failures#rows")
  void theKernelSays(String before, String line, String callAndErrno) throws Exception {
    try (Play play = new Play()) {
      play.does(before);
      fails(play, line, callAndErrno);
    }
  }

  /** That a line fails, in this very call, with this very errno, and does so again. */
  private static void fails(Play play, String line, String callAndErrno) {
    play.errno(line);
    assertThat(play.last().step()).startsWith(line.split(" ")[0]);
    assertThat(play.last().syscalls().stream().filter(call -> !call.errno().isEmpty()))
        .extracting(call -> call.name() + " " + call.errno())
        .last()
        .isEqualTo(callAndErrno);
  }

  @Test
  void aNameThatIsInPathMoreThanOnceIsTriedInEachFolder() throws Exception {
    try (Play play = new Play()) {
      play.does("env PATH=/no:/etc/passwd:/etc");
      assertThat(play.errno("exec nosuchprogram")).isEqualTo("ENOENT");
      assertThat(play.last().syscalls())
          .extracting(StepRecord.Syscall::errno)
          .containsExactly("ENOENT", "ENOTDIR", "ENOENT");
    }
  }

  /** As the article does it, the bind mount of / is refused; with all that is below, it is not. */
  @Test
  void theRootCanBeBoundWithWhatIsMountedBelow() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /tmp/link");
      fails(play, "mount --bind / /tmp/link", "mount EINVAL");
      play.does("mount --rbind / /tmp/link", "ls /tmp/link");
      assertThat(play.lastLook()).contains("etc/");
    }
  }

  @Test
  void whatIsInUseCanBeDetached() throws Exception {
    try (Play play = new Play()) {
      play.does(PIVOTED);
      fails(play, "umount /oldroot", "umount2 EBUSY");
      play.does("umount -l /oldroot", "rmdir /oldroot");
    }
  }

  /** An ordinary user's stage has setgroups denied from the start, which its namespaces inherit. */
  @Test
  @NeedsRoot
  void gidMapBeforeSetgroupsIsDenied() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare user --no-map");
      fails(play, "write /proc/self/gid_map '0 0 1'", "write EPERM");
      play.does("write /proc/self/setgroups deny", "write /proc/self/gid_map '0 0 1'");
      fails(play, "syscall setgroups 0 NULL", "setgroups EPERM");
    }
  }

  @Test
  @NeedsOrdinaryUser
  void setgroupsIsDeniedFromTheStart() throws Exception {
    try (Play play = new Play()) {
      fails(play, "syscall setgroups 0 NULL", "setgroups EPERM");
      play.does("unshare user --no-map", "proc setgroups");
      assertThat(play.lastLook()).isEqualTo("deny");
      play.does("write /proc/self/gid_map '0 0 1'");
      fails(play, "write /proc/self/gid_map '0 0 1'", "write EPERM");
    }
  }

  /** The order matters: who is no longer root cannot choose a group. */
  @Test
  @NeedsRoot
  void setgidAfterSetuidIsDenied() throws Exception {
    try (Play play = new Play()) {
      play.does("setuid 1000");
      fails(play, "setgid 1000", "setgid EPERM");
      fails(play, "setuid 0", "setuid EPERM");
    }
    try (Play play = new Play()) {
      play.does("setgid 1000", "setuid 1000");
    }
  }

  /** An ordinary user's stage has one id only. */
  @Test
  @NeedsOrdinaryUser
  void thereIsNoOtherUserToBecome() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /tmp/d", "setuid 0", "setgid 0");
      fails(play, "setuid 1000", "setuid EINVAL");
      fails(play, "setgid 1000", "setgid EINVAL");
      fails(play, "syscall fchownat AT_FDCWD /tmp/d 1000 0 0", "fchownat EINVAL");
    }
  }

  @Test
  @NeedsRoot
  void anotherUsersProcessCannotBeKilled() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "setuid 1000");
      fails(play, "kill 3", "kill EPERM");
    }
  }

  /** Files belong to numbers, and every number the stage has can be given. */
  @Test
  @NeedsRoot
  void filesCanBeGivenToWhoeverIsMapped() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /tmp/d", "syscall fchownat AT_FDCWD /tmp/d 1000 1001 0");
      play.does("fork", "switch child", "exec /bin/sh -c 'ls -lnd /tmp/d'");
      assertThat(play.outputs.get(play.outputs.size() - 1)).contains(" 1000 ").contains(" 1001 ");
      play.does("setuid 1000");
      fails(play, "syscall fchownat AT_FDCWD /tmp/d 0 0 0", "fchownat EPERM");
    }
  }
}
