package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What looks and change lines say, where it is easily wrong. */
class LookTest {
  private static String look(Play play, String line) {
    play.does(line);
    return play.lastLook();
  }

  @Test
  void switchTakesRelationsNamesAndPidsOfTheStage() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid", "fork", "fork other", "switch child", "status");
      assertThat(play.lastLook()).contains("actor: other");
      play.does("switch parent", "status");
      assertThat(play.lastLook()).contains("actor: doqu");
      play.does("switch 3", "status");
      assertThat(play.lastLook()).contains("actor: init", "pid: 1 inside, 3 on the stage");
      play.does("switch other", "fork", "switch child", "switch parent", "status");
      assertThat(play.lastLook()).contains("actor: other");
      assertThat(play.session.line("switch 99")).isFalse();
      play.does("switch doqu");
      assertThat(play.session.line("switch parent")).isFalse();
    }
  }

  @Test
  void theSameLookFromTheHostShowsTheHosts() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare uts mnt pid", "mount --make-rprivate /", "mkdir /tmp/own", "fork");
      play.does("switch init", "mount -t tmpfs own /tmp/own", "chroot $ROOTFS", "caps drop all");
      assertThat(look(play, "ls /")).doesNotContain("boot");
      assertThat(look(play, "host ls /")).contains("usr/");
      assertThat(look(play, "host mounts")).contains("/tmp").doesNotContain("/tmp/own");
      assertThat(look(play, "caps")).contains("CapEff: 0000000000000000 (none)");
      assertThat(look(play, "host caps")).contains("CapEff").doesNotContain("(none)\nCapEff");
      assertThat(look(play, "host ps")).contains("(doqu)", "(init)");
      assertThat(look(play, "host status")).contains("pid: 1 inside, 1 on the stage");
      assertThat(look(play, "ns")).contains("doqu (init)").contains("(the host's)");
      assertThat(look(play, "host ns").lines().skip(1)).allMatch(l -> l.endsWith("(the host's)"));
      assertThat(look(play, "host cat /etc/passwd")).contains("root:");
      assertThat(look(play, "host proc status")).contains("Pid:\t1");
      assertThat(look(play, "host id")).contains("uid: 0, effective 0");
      assertThat(look(play, "host uname")).contains("nodename: stage");
    }
  }

  @Test
  void psReadsTheProcOfTheActorsOwnRoot() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare mnt", "chroot $ROOTFS");
      assertThat(look(play, "ps")).startsWith("no proc file system is mounted");
      play.does("mount -t proc proc /proc");
      // A chroot hides no process.
      assertThat(look(play, "ps")).contains("(doqu)").doesNotContain("who looks");
    }
  }

  /** Those of two namespaces that have PID 1 may have begun within one tick of the clock. */
  @Test
  void psDoesNotTakeOnePidOneForAnother() throws Exception {
    for (int i = 0; i < 20; i++) {
      try (Play play = new Play()) {
        play.does("unshare pid mnt", "mount --make-rprivate /", "fork", "switch init");
        play.does("mount -t proc proc /proc");
        assertThat(look(play, "ps").lines().skip(1)).hasSize(1);
      }
    }
  }

  @Test
  void psSaysWhenTheNamespaceOfItsProcIsDead() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid mnt", "mkdir /tmp/proc", "fork", "switch init");
      play.does("mount -t proc proc /proc", "fork", "switch child", "kill -9 1", "switch init");
      play.does("switch doqu");
      assertThat(look(play, "ps")).contains("(init)", "(child)").doesNotContain("(doqu)");
      play.does("kill -9 3", "wait");
      assertThat(look(play, "ps"))
          .isEqualTo("PID 1 of the namespace this actor's /proc shows has ended, and all with it");
    }
  }

  @Test
  void childIsTheActorOfThatNameWhereTheOneInFocusHasNone() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "switch child", "unshare uts", "switch child");
      assertThat(look(play, "status")).contains("pid: 3 inside");
      assertThat(play.session.line("diff doqu child")).isTrue();
      play.does("fork sibling", "switch child");
      assertThat(look(play, "status")).contains("pid: 4 inside");
    }
  }

  @Test
  void nsCountsWhoIsInIt() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "switch child", "unshare uts");
      assertThat(look(play, "ns"))
          .containsPattern("\\d+ +uts +1 +3 +root +doqu \\(child\\)\n?")
          .containsPattern("\\d+ +ipc +3 +1 +root +doqu \\(the host's\\)");
    }
  }

  @Test
  void setnsFindsAnActorUnderThePidOfTheCallersOwnProc() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid mnt", "fork", "switch init", "mount -t proc proc /proc", "fork peer");
      play.does("switch peer", "unshare uts", "switch init", "setns peer uts");
      assertThat(play.last().syscalls().get(0).text()).contains("\"/proc/2/ns/uts\"");
      assertThat(play.last().changes()).singleElement().asString().startsWith("uts:[");
      assertThat(play.session.line("setns doqu uts")).isFalse();
      assertThat(play.mistakes).containsExactly("'doqu' is not in this actor's /proc");
    }
  }

  @Test
  void aChrootUnmountsNothing() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare mnt", "mkdir /tmp/d", "chdir /tmp/d", "chroot /tmp/d");
      assertThat(play.last().changes()).containsExactly("root: / -> /tmp/d");
    }
  }

  @Test
  void whatTheHostSharesIsSaid() throws Exception {
    try (Play play = new Play()) {
      play.does("sethostname everywhere");
      assertThat(play.last().changes())
          .containsExactly("hostname: stage -> everywhere (the host's too)");
      play.does("unshare uts", "sethostname here");
      assertThat(play.last().changes()).containsExactly("hostname: everywhere -> here");
    }
  }

  @Test
  void aStoppedActorIsLeftAlone() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "kill -STOP 3");
      assertThat(play.last().changes()).containsExactly("child: alive -> stopped");
      play.does("switch child");
      assertThat(play.session.line("sethostname x")).isFalse();
      assertThat(play.mistakes)
          .containsExactly("'child' is stopped by a signal: kill -CONT lets it go on");
      play.does("switch doqu", "kill -CONT 3", "switch child", "sethostname x");
    }
  }

  @Test
  void whereAllAreStoppedDoquLetsThemGoOn() throws Exception {
    try (Play play = new Play()) {
      play.does("kill -STOP 2");
      assertThat(play.said)
          .contains("every actor was stopped by a signal: doqu has sent SIGCONT to all of them");
      assertThat(play.session.finish()).isEmpty();
      play.does("sethostname on");
    }
  }

  @Test
  void aStepThatWasBlockedIsNotCreditedWithWhatOthersDid() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "wait", "switch child", "sethostname other", "exit");
      assertThat(play.session.finish()).isEmpty();
      assertThat(play.last().step()).isEqualTo("wait");
      assertThat(play.last().changes()).containsExactly("child: alive -> gone");
    }
  }

  @Test
  void aLongLineOfForksUsesUpNoDescriptors() throws Exception {
    try (Play play = new Play()) {
      for (int i = 0; i < 70; i++) {
        play.does("fork f" + i, "switch f" + i);
      }
      // The highest is the control: it swings between two numbers from parent to child.
      assertThat(look(play, "ls /proc/self/fd").lines().mapToInt(Integer::parseInt).max())
          .matches(highest -> highest.orElse(0) <= 1001);
    }
  }

  @Test
  void aLimitOnOpenFilesFailsTheForkAndNotTheActor() throws Exception {
    try (Play play = new Play()) {
      play.does("syscall prlimit64 0 7 hex:40000000000000004000000000000000 NULL");
      assertThat(play.session.line("fork")).isFalse();
      assertThat(play.last().notes()).singleElement().asString().startsWith("the limit on open");
      play.does("syscall prlimit64 0 7 hex:04000000000000000400000000000000 NULL");
      assertThat(play.session.line("fork")).isFalse();
      play.does("sethostname alive");
    }
  }

  @Test
  void aCgroupNamespaceIsOneOfThem() throws Exception {
    try (Play play = new Play()) {
      assertThat(look(play, "status")).contains("namespaces other than the host's: none");
      play.does("unshare cgroup");
      assertThat(play.last().changes())
          .anyMatch(c -> c.matches("cgroup:\\[\\d+] -> cgroup:\\[\\d+]"));
      assertThat(look(play, "status")).contains("namespaces other than the host's: cgroup");
    }
  }

  @Test
  void idsAreThoseOfTheActor() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare user --no-map");
      assertThat(play.last().changes()).contains("Uid: 0 0 0 0 -> 65534 65534 65534 65534");
    }
  }

  @Test
  void whoIsForgottenIsLetGoOf() throws Exception {
    try (Play play = new Play()) {
      long before = descriptors();
      for (int i = 0; i < 40; i++) {
        play.does("fork", "switch child", "exit", "wait");
      }
      assertThat(descriptors()).isLessThan(before + 10);
      assertThat(look(play, "actors").lines()).hasSizeLessThan(20);
    }
  }

  private static long descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }
}
