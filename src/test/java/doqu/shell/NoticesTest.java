package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.step.Notice;
import doqu.step.StepRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Each silent failure is pointed out where it arises, once; and nothing is where there is none. */
class NoticesTest {
  @AutoClose private final Play play = new Play();

  /** Carries out lines none of which is to be noticed. */
  private NoticesTest quietly(String... lines) {
    int done = play.steps.size();
    play.does(lines);
    List<Notice> noticed =
        play.steps.subList(done, play.steps.size()).stream()
            .map(StepRecord::notices)
            .flatMap(List::stream)
            .toList();
    assertThat(noticed).isEmpty();
    return this;
  }

  /** Carries out a line that is to be noticed; the one notice. */
  private Notice noticed(String failure, String line) {
    play.does(line);
    assertThat(play.last().notices()).as(line).hasSize(1);
    Notice notice = play.last().notices().get(0);
    assertThat(notice.failure()).isEqualTo(failure);
    assertThat(notice.evidence()).isNotEmpty();
    return notice;
  }

  /** Does what a notice says would mend it, which is to be noticed by nobody. */
  private void mend(Notice notice, String mend) {
    assertThat(notice.mend()).isEqualTo(mend);
    quietly(mend);
  }

  // a mount that went to the host

  @Test
  void aMountThatWentToTheHost() {
    quietly("mkdir /mnt/a", "unshare mnt");
    Notice leak = noticed("mount leak", "mount -t tmpfs x /mnt/a");
    assertThat(leak.says()).startsWith("/mnt/a is mounted on the host too");
    assertThat(leak.evidence())
        .matches("shared:\\d+ in mountinfo is \\S+ here and \\S+ on the host");
    quietly("mkdir /mnt/a/b", "chdir /mnt/a", "chdir /");
    assertThat(noticed("mount leak", "umount /mnt/a").says())
        .startsWith("/mnt/a is unmounted on the host too");
    mend(noticed("mount leak", "mount -t tmpfs x /mnt/a"), "undo; mount --make-rprivate /");
    quietly("mount -t tmpfs x /mnt/a", "umount /mnt/a", "host mounts");
    assertThat(play.lastLook()).doesNotContain("/mnt/a");
  }

  @Test
  void aMountInTheHostsOwnNamespaceGoesNowhereElse() {
    quietly("mkdir /mnt/a", "mount -t tmpfs x /mnt/a");
    assertThat(play.last().changes()).singleElement().asString().contains("the host's too");
    quietly("umount /mnt/a");
  }

  @Test
  void aTreeThatWentToTheHostIsOneMount() {
    quietly("mkdir /mnt/a", "unshare mnt");
    assertThat(noticed("mount leak", "mount --rbind /dev /mnt/a").says())
        .startsWith("/mnt/a is mounted");
  }

  @Test
  void aSlaveSendsNothingToTheHost() {
    quietly("mkdir /mnt/a", "unshare mnt", "mount --make-rslave /", "mount -t tmpfs x /mnt/a");
  }

  @Test
  void fromAChrootAMountGoesToTheHostToo() {
    quietly("mkdir /mnt/jail", "mkdir /mnt/jail/a", "unshare mnt");
    quietly("chdir /mnt/jail", "chroot /mnt/jail");
    assertThat(noticed("mount leak", "mount -t tmpfs x /a").says())
        .startsWith("/mnt/jail/a is mounted on the host too");
  }

  // a /proc of another PID namespace

  @Test
  void aProcOfAnotherPidNamespace() {
    quietly("unshare pid mnt");
    Notice foreign = noticed("foreign /proc", "fork");
    assertThat(foreign.says()).startsWith("the /proc of init shows another PID namespace");
    assertThat(foreign.evidence()).matches("/proc/1/ns/pid is pid:\\[\\d+], its own pid:\\[\\d+]");
    // Its child is no newer to that than it is.
    quietly("switch init", "fork", "unshare uts", "sethostname x");
    mend(foreign, "switch init; mount --make-rprivate /; mount -t proc proc /proc");
    quietly("fork");
    assertThat(noticed("foreign /proc", "umount /proc").mend())
        .isEqualTo("mount -t proc proc /proc");
  }

  @Test
  void inTheHostsMountNamespaceItsMendBeginsWithOneOfItsOwn() {
    quietly("unshare pid");
    Notice foreign = noticed("foreign /proc", "fork");
    mend(foreign, "switch init; unshare mnt; mount --make-rprivate /; mount -t proc proc /proc");
    play.does("ps");
    assertThat(play.lastLook()).doesNotContain("who looks is in");
  }

  @Test
  void aProcComesInSightWithAnotherMountNamespace() {
    quietly("fork box", "switch box", "unshare pid mnt", "mount --make-rprivate /");
    noticed("foreign /proc", "fork");
    quietly("switch init", "mount -t proc proc /proc", "switch doqu");
    assertThat(noticed("foreign /proc", "setns init mnt").says()).startsWith("the /proc of doqu");
  }

  @Test
  void aProcThatIsOnesOwnIsNotNoticed() {
    quietly("fork", "unshare mnt", "mount --make-rprivate /", "mount -t proc proc /proc", "fork");
    quietly("mkdir /mnt/jail", "chdir /mnt/jail", "chroot /mnt/jail", "unshare pid", "fork");
  }

  // a signal PID 1 ignored

  @Test
  void aSignalThatInitHasDropped() {
    play.does("unshare pid", "fork", "switch init", "fork");
    Notice dropped = noticed("dropped signal", "kill -9 1");
    assertThat(dropped.says()).startsWith("PID 1 has dropped SIGKILL");
    assertThat(dropped.evidence()).matches("SigCgt in /proc/1/status is [0-9a-f]{16}");
    assertThat(noticed("dropped signal", "kill -TERM 1").mend()).isEqualTo(dropped.mend());
    assertThat(noticed("dropped signal", "kill -STOP 1").mend()).endsWith("kill -STOP 3");
    quietly("switch child");
    noticed("dropped signal", "syscall kill 1 9");
    assertThat(dropped.mend()).isEqualTo("switch doqu; kill -KILL 3");
    play.does(dropped.mend());
    assertThat(play.last().changes()).anyMatch(change -> change.startsWith("init: alive -> "));
    assertThat(play.last().notices()).extracting(Notice::failure).containsExactly("zombie");
  }

  @Test
  void theInitOfTheStageIsReachedFromNowhere() {
    quietly("fork");
    assertThat(noticed("dropped signal", "kill -9 1").mend()).isEmpty();
  }

  @Test
  void aSignalFromOutsideThatInitHasDropped() {
    play.does("unshare pid", "fork", "fork peer");
    for (String signal : List.of("TERM", "HUP", "INT")) {
      Notice dropped = noticed("dropped signal", "kill -" + signal + " 3");
      assertThat(dropped.says())
          .isEqualTo(
              "PID 3, the init of its namespace, has dropped SIG"
                  + signal
                  + ": from outside, of what it has no handler for only SIGKILL and SIGSTOP reach"
                  + " it");
      assertThat(dropped.evidence()).matches("SigCgt in /proc/3/status is [0-9a-f]{16}");
      assertThat(dropped.mend()).isEqualTo("kill -KILL 3");
    }
    mend(noticed("dropped signal", "kill -TSTP 3"), "kill -STOP 3");
    quietly("kill -CONT 3", "kill -0 3", "kill -WINCH 3");
    // The second in the namespace is no init.
    mend(noticed("zombie", "kill 4"), "wait");
    noticed("zombie", "kill -9 3");
  }

  @Test
  void aSignalFromOutsideThatInitGetsIsNotNoticed() {
    play.does("unshare pid", "fork", "switch init");
    quietly("syscall rt_sigaction SIGUSR1 hex:01" + "00".repeat(31) + " NULL 8", "switch doqu");
    quietly("kill -USR1 3");
    noticed("dropped signal", "kill -USR2 3");
  }

  @Test
  void signalsThatInitGetsAreNotNoticed() {
    play.does("unshare pid", "fork", "switch init", "fork");
    quietly("kill -0 1", "kill -CHLD 1", "kill -CONT 1", "kill -WINCH 1");
    // SIGUSR1 ignored by its own will, SIGUSR2 blocked: they are not dropped for want of a handler.
    quietly("syscall rt_sigaction SIGUSR1 hex:01" + "00".repeat(31) + " NULL 8", "kill -USR1 1");
    quietly("syscall rt_sigprocmask 0 hex:0008000000000000 NULL 8", "kill -USR2 1");
    noticed("zombie", "kill -9 2");
    assertThat(play.session.line("kill -9 7")).isFalse();
    assertThat(play.last().notices()).isEmpty();
  }

  // a read-only bind that is writable

  @Test
  void aReadOnlyBindThatIsWritable() {
    quietly("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/a", "mkdir /tmp/b");
    quietly("mount -t tmpfs -o nosuid,nodev x /tmp/a", "chdir /tmp");
    Notice writable = noticed("writable bind", "mount -o bind,ro a b");
    assertThat(writable.evidence()).matches("mountinfo has rw,nosuid,nodev\\S* at /tmp/b");
    quietly("mkdir b/still", "chdir /");
    mend(writable, "mount -o remount,bind,ro,nosuid,nodev /tmp/b");
    assertThat(play.errno("mkdir /tmp/b/no-more")).isEqualTo("EROFS");
    // Of what is read-only itself.
    quietly("mkdir /tmp/c", "mount -o bind,ro /tmp/b /tmp/c", "mount --bind /tmp/a /tmp/c");
    quietly("mount -o remount,ro,nosuid,nodev /tmp/a");
    noticed("writable bind", "mount -o bind,ro /tmp /tmp/b");
  }

  @Test
  void ofABindThatPropagatesTheOneThatWasAskedForIsTold() {
    quietly("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/a", "mkdir /tmp/b");
    quietly("mount -t tmpfs x /tmp/a", "mount --make-shared /tmp/a", "mkdir /tmp/a/in");
    quietly("mount --bind /tmp/a /tmp/b");
    for (String target : List.of("/tmp/a/in", "/tmp/b/in")) {
      assertThat(noticed("writable bind", "mount -o bind,ro /mnt " + target).says())
          .startsWith(target + " can be written to");
      quietly("umount " + target);
    }
  }

  @Test
  void aBindOfAFileSystemThatIsReadOnlyIsNotNoticed() {
    quietly(
        "unshare mnt", "mount --make-rprivate /", "mkdir /tmp/a", "mkdir /tmp/b", "mkdir /tmp/c");
    quietly("mount -t tmpfs x /tmp/a", "mount --bind /tmp/a /tmp/b", "mount -o remount,ro /tmp/a");
    // The mount at b is not read-only, its file system is.
    quietly("mount -o bind,ro /tmp/b /tmp/c");
    assertThat(play.errno("mkdir /tmp/c/x")).isEqualTo("EROFS");
  }

  // a zombie nobody waits for

  @Test
  void aZombieNobodyWaitsFor() {
    quietly("fork", "switch child");
    Notice zombie = noticed("zombie", "exit 7");
    assertThat(zombie.says()).isEqualTo("child is a zombie: its parent doqu has not waited");
    quietly("kill -9 3", "unshare uts");
    mend(zombie, "wait");
    assertThat(play.last().changes()).containsExactly("child: zombie -> gone");
  }

  @Test
  void aZombieOfAnothersHasItsMendThere() {
    quietly("fork", "switch child", "fork leaf", "switch doqu");
    mend(noticed("zombie", "kill -9 4"), "switch 'child'; wait");
    assertThat(play.last().changes()).containsExactly("leaf: zombie -> gone");
  }

  @Test
  void whoIsWaitedForLeavesNoZombie() {
    quietly("fork", "wait", "switch child", "exit");
    quietly("syscall rt_sigaction SIGCHLD hex:01" + "00".repeat(31) + " NULL 8");
    quietly("fork", "switch child2", "exit");
  }

  @Test
  void whoWaitsAndIsHeldUpIsNotTakenForOneThatDoesNotWait() {
    quietly("fork a", "fork b", "wait", "switch a", "kill -STOP 2", "exit", "switch b", "actors");
    assertThat(play.lastLook()).containsPattern("(?m) a .* zombie");
    quietly("kill -CONT 2");
  }

  @Test
  void thoseWhoEndWithTheirInitAreNobodysZombies() {
    play.does("unshare pid", "fork", "switch init", "fork worker", "fork other", "switch doqu");
    assertThat(noticed("zombie", "kill -9 3").says()).startsWith("init is a zombie");
    quietly("wait");
  }

  @Test
  void theZombieOfAProgramIsToldWithItsEnd() {
    quietly("fork", "switch child", "exec /bin/sh -c 'exit 7'");
    String told = "child +++ exited with 7 +++; it is a zombie until doqu waits";
    assertThat(play.said).containsExactly(told);
    quietly("actors");
    assertThat(play.lastLook()).containsPattern("(?m)^ *child .* zombie");
    quietly("unshare uts", "wait");
    assertThat(play.said).containsExactly(told);
  }

  @Test
  void theZombieOfAProgramThatAStepEndsIsToldOnceToo() {
    quietly("fork", "switch child", "exec /bin/sh -c 'kill -STOP $$'", "kill -9 3");
    assertThat(play.said)
        .filteredOn(line -> line.contains("zombie"))
        .containsExactly("child +++ killed by SIGKILL +++; it is a zombie until doqu waits");
  }

  @Test
  void theZombieOfAProgramIsNotToldToThoseWhoKnow() {
    play.does("set notices off", "fork", "switch child", "exec /bin/sh -c 'exit 7'");
    assertThat(play.said).containsExactly("child +++ exited with 7 +++");
    play.does("set notices on", "fork", "switch child", "exec /bin/true");
    assertThat(play.said).last().asString().endsWith("it is a zombie until doqu waits");
  }

  @Test
  void aProgramThatIsWaitedForLeavesNoZombie() {
    // Who waits is held up, so that the zombie is there for as long as it takes to tell of it.
    quietly("fork a", "fork b", "wait", "switch a", "kill -STOP 2", "exec true");
    assertThat(play.said).contains("a +++ exited with 0 +++");
    quietly("switch b", "kill -CONT 2", "switch doqu");
    // A program waits when it will.
    quietly("fork c", "switch c", "fork d", "exec /bin/sh -c 'kill -STOP $$'", "switch d");
    quietly("exec true");
    assertThat(play.said).contains("d +++ exited with 0 +++");
    quietly("switch doqu", "syscall rt_sigaction SIGCHLD hex:01" + "00".repeat(31) + " NULL 8");
    quietly("fork e", "switch e", "exec true");
    assertThat(play.said).contains("e has ended").noneMatch(line -> line.contains("zombie"));
  }

  // what exec passes on

  @Test
  void aDescriptorThatTheProgramInherits() {
    quietly("fork", "switch child", "syscall openat AT_FDCWD /etc/passwd O_RDONLY");
    Notice inherited = noticed("inherited descriptors", "exec /bin/true");
    assertThat(inherited.says()).isEqualTo("the program has inherited 3 (/etc/passwd)");
    assertThat(inherited.evidence()).endsWith(": 0100000");
    mend(inherited, "undo; syscall close 3");
    quietly("exec /bin/true");
  }

  @Test
  void aSecretThatTheProgramIsPassed() {
    quietly("env DB_PASSWORD=hunter2 ssh_key=x MONKEY=1 KEYMAP=de", "fork", "switch child");
    Notice passed = noticed("passed secrets", "exec true");
    assertThat(passed.says())
        .isEqualTo("the program can read DB_PASSWORD, ssh_key in its environment");
    assertThat(passed.toString()).doesNotContain("hunter2");
    mend(passed, "undo; env -u DB_PASSWORD -u ssh_key");
    quietly("exec true");
  }

  @Test
  void whatIsClosedOnExecAndIsNoSecretIsPassedOverInSilence() {
    quietly("env MONKEY=1 KEYMAP=de TOKENIZERS_PARALLELISM=1", "fork", "switch child");
    quietly("syscall openat AT_FDCWD /etc/passwd O_RDONLY|O_CLOEXEC", "exec true");
  }

  @Test
  void anExecThatFailsPassesNothingOn() {
    quietly("env SECRET=x", "syscall openat AT_FDCWD /etc/passwd O_RDONLY");
    assertThat(play.errno("exec /no/such")).isEqualTo("ENOENT");
    assertThat(play.last().notices()).isEmpty();
  }

  // an old root still in reach

  @Test
  void aCurrentDirectoryOutsideTheRoot() {
    quietly("mkdir /mnt/jail", "mkdir /mnt/jail/in");
    Notice outside = noticed("outside the root", "chroot /mnt/jail");
    assertThat(outside.evidence()).isEqualTo("/proc/PID/root is /mnt/jail, cwd /");
    quietly("chdir ../mnt", "mkdir x");
    mend(outside, "chdir /");
    quietly("chdir in", "chdir ..", "chroot .");
    // The escape: one more root, deeper than where one stands.
    noticed("outside the root", "chroot in");
    quietly("chdir ..", "chdir ..", "chdir ..", "chroot .");
    // From outside of one into another.
    quietly("mkdir /mnt/other", "chdir /");
    noticed("outside the root", "chroot mnt/jail");
    noticed("outside the root", "chroot mnt/other");
  }

  @Test
  void aChrootIntoWhereOneStandsIsNotNoticed() {
    quietly("mkdir /mnt/jail", "mkdir /mnt/jail/in", "chdir /mnt/jail/in", "chroot /mnt/jail");
    assertThat(play.errno("chroot /no/such")).isEqualTo("ENOENT");
    assertThat(play.last().notices()).isEmpty();
  }

  @Test
  void theOldRootThatIsStillMounted() {
    quietly("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/new");
    quietly("mount -t tmpfs new /tmp/new", "mkdir /tmp/new/old", "chdir /tmp/new");
    Notice old = noticed("old root", "pivot_root . old");
    assertThat(old.says()).isEqualTo("the old root is still mounted, at /old");
    quietly("chdir /", "mkdir /x");
    mend(old, "umount -l /old");
    quietly("rmdir /old");
  }

  @Test
  void anOldRootOnTopOfTheNewOneIsTakenAwayByTheMendToo() {
    quietly("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/new");
    quietly("mount -t tmpfs new /tmp/new", "mkdir /tmp/new/mine", "chdir /tmp/new");
    mend(noticed("old root", "pivot_root . ."), "umount -l /");
    play.does("ls /");
    assertThat(play.lastLook()).isEqualTo("mine/");
  }

  @Test
  void theOldRootThatTheCurrentDirectoryLiesIn() {
    quietly("mkdir /tmp/q", "chdir /tmp/q", "unshare mnt", "mount --make-rprivate /");
    quietly("mount --bind $ROOTFS $ROOTFS", "mkdir $ROOTFS/old");
    noticed("old root", "pivot_root $ROOTFS $ROOTFS/old");
    Notice detached = noticed("detached mount in reach", "umount -l /old");
    assertThat(detached.says())
        .isEqualTo("what was unmounted is still in reach, by the current directory");
    assertThat(detached.evidence())
        .matches("mountinfo has them no more: /proc/PID/cwd is on mount \\d+");
    quietly("chdir ..", "ls");
    assertThat(play.lastLook()).contains("q/");
    mend(detached, "chdir /");
    play.does("ls ..");
    assertThat(play.lastLook()).doesNotContain("q/");
  }

  @Test
  void theOldRootThatADescriptorLeadsTo() {
    quietly("unshare mnt", "mount --make-rprivate /", "syscall open / O_RDONLY");
    quietly("syscall open /etc/passwd O_RDONLY", "mount --bind $ROOTFS $ROOTFS");
    quietly("mkdir $ROOTFS/old", "chdir $ROOTFS");
    noticed("old root", "pivot_root . old");
    quietly("chdir /");
    Notice detached = noticed("detached mount in reach", "umount -l /old");
    assertThat(detached.says()).endsWith("in reach, by descriptor 3");
    mend(detached, "syscall close 3");
  }

  @Test
  void whatIsNotInUseIsDetachedInSilence() {
    quietly("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/a", "mount -t tmpfs a /tmp/a");
    quietly("syscall open /tmp/a O_RDONLY", "syscall close 3", "chdir /tmp/a", "chdir /");
    quietly("umount -l /tmp/a");
    // The root itself goes from sight: there is nowhere to go back to.
    quietly("mount -t tmpfs a /tmp/a", "chdir /tmp/a", "chroot .", "umount -l /", "chdir /");
  }

  // how they are told

  @Test
  void theContainerOfTheArticleHasTheTwoThatItMends() {
    List<String> failures = new ArrayList<>();
    for (String line : Article.TO_THE_ROOT) {
      play.does(line);
    }
    play.steps.forEach(step -> step.notices().forEach(one -> failures.add(one.failure())));
    assertThat(failures).containsExactly("foreign /proc", "old root");
  }

  @Test
  void theyAreToldBelowTheStepUnlessTheyAreSetOff() {
    play.does("mkdir /mnt/jail", "chroot /mnt/jail");
    Settings settings = Settings.untouched();
    List<String> shown = new ArrayList<>();
    TextScreen screen = new TextScreen(shown::add, shown::add, false, settings);
    screen.step(play.last(), "");
    assertThat(shown)
        .containsSequence(
            "  notice the current directory lies outside the root: chdir .. leads out of it;",
            "         /proc/PID/root is /mnt/jail, cwd /",
            "         mend: chdir /")
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    shown.clear();
    settings.carryOut(List.of("notices", "off"));
    screen.step(play.last(), "");
    assertThat(shown).hasSize(2).noneMatch(line -> line.contains("notice"));
    shown.clear();
    new JsonScreen(shown::add).step(play.last(), "");
    assertThat(shown.get(0))
        .contains("\"notices\":[{\"failure\":\"outside the root\"")
        .contains("\"mend\":\"chdir /\"}]");
  }
}
