package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.lesson.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The goals of the course doqu comes with: other ways than the solution reach them, what only looks
 * like them does not, and where they are out of reach the learner is told.
 */
class CourseGoalsTest {
  @TempDir private Path progress;
  private final Play play = new Play();

  @AfterEach
  void itEnds() {
    play.close();
  }

  /** Takes the course up at a step, and carries out lines whatever comes of them. */
  private void does(String at, String lines) throws IOException {
    Files.writeString(progress.resolve("containers"), "at " + at.replace('/', ' ') + "\n");
    play.session.attend(new Classroom(Source.shipped(), "en", progress));
    play.does("lesson");
    for (String line : lines.split("; ")) {
      play.session.line(line);
    }
    assertThat(play.mistakes).isEmpty();
  }

  @Test
  void whoTakesTheCourseHasMetTwentyFiveErrnos() throws IOException {
    Set<String> met = new TreeSet<>();
    Pattern goal = Pattern.compile("(?m)^    goal:\n(?:      .*\n)+");
    Pattern errno = Pattern.compile("errno: (E\\w+)");
    try (Stream<Path> files = Files.walk(Path.of("lessons"))) {
      for (Path file : files.filter(one -> one.endsWith("lesson.yaml")).toList()) {
        goal.matcher(Files.readString(file))
            .results()
            .flatMap(one -> errno.matcher(one.group()).results())
            .forEach(one -> met.add(one.group(1)));
      }
    }
    assertThat(met).hasSizeGreaterThanOrEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "uts/uts-own ~ unshare -u ~ uts namespace of doqu: its own",
        "uts/uts-own ~ syscall unshare CLONE_NEWUTS|CLONE_NEWNS ~ uts namespace of doqu: its own",
        "uts/uts-same-name ~ answer b; syscall sethostname box 3 ~ hostname of doqu: box",
        "fork/fork-twice ~ syscall clone SIGCHLD ~ actors alive: 2",
        "fork/fork-wait ~ wait --all ~ last step: wait4 succeeded",
        "fork/fork-wait ~ syscall wait4 -1 out:4 0 NULL ~ last step: wait4 succeeded",
        "pid/pid-first-child ~ syscall clone SIGCHLD ~ pid namespace of init: its own",
        "mounts/mounts-private ~ syscall mount none / NULL MS_REC|MS_PRIVATE NULL ~ propagation of / of host: shared",
        "chroot/chroot-enter ~ chdir $ROOTFS; chroot . ~ /bin/sh of doqu: there",
        "oldroot/oldroot-gone ~ syscall umount2 /oldroot MNT_DETACH; syscall unlinkat AT_FDCWD /oldroot 0x200 ~ /bin/probe of doqu: there",
        "exec/exec-busy ~ chdir /tmp; exec ./plain ~ last step: ETXTBSY from execve with plain; needed: nobody has it open for writing",
        "fork/fork-no-child ~ syscall waitid 0 0 NULL 4 NULL ~ actors alive: 1",
        "pid/pid-unreachable ~ syscall kill 3 SIGTERM ~ PID inside of outsider: 3",
        "mount-errors/mount-errors-bind ~ mkdir /tmp/link; chdir /tmp; syscall mount / link NULL 4096 NULL ~ last step: EINVAL from mount; needed: no locked mount lies below SOURCE",
        "mount-errors/mount-errors-file ~ mount --bind /tmp /etc/passwd ~ last step: ENOTDIR from mount; needed: TARGET is a directory, or SOURCE and TARGET are both directories, or neither",
        "errors/errors-there-already ~ syscall mkdirat AT_FDCWD /tmp/data 0755 ~ /tmp/data of doqu: there",
        "errors/errors-predict ~ answer EROFS; chdir /usr; mkdir box ~ last step: EROFS from mkdir with box; needed: the mount it lies on is not read-only",
        "chroot/chroot-loader ~ exec /bin/ls ~ last step: ENOENT from execve; needed: its interpreter is there",
        "pivot/pivot-plain ~ chdir $ROOTFS; pivot_root . oldroot ~ mounted on $ROOTFS of doqu: nothing",
        "fork/fork-twice ~ fork bob; next; answer b; switch bob; chdir /tmp ~ actors alive: 2",
        "pid/pid-first-child ~ fork bob; next; answer 0; switch bob; syscall getppid ~ PID inside of bob: 1",
        "capstone/capstone-child ~ answer c; fork bob; next; kill 3; next; switch bob; caps drop all; mount -t tmpfs box /tmp; next; exec /bin/sh ~ /proc of init: own",
        "leak/leak-descriptor ~ answer a; exec /bin/sh -c 'cat <&3' ~ silent failures told: inherited descriptors",
        "order/order-fork ~ answer b; fork bob; unshare -p ~ actors alive: 2",
        "capstone/capstone-wall ~ kill -0 4 ~ pid namespace of init: its own",
        "capstone/capstone-build ~ fork early; unshare uts pid mnt; mount --make-rprivate /; sethostname box; mount --bind $ROOTFS $ROOTFS; fork; switch init; chdir $ROOTFS; mkdir oldroot; pivot_root . oldroot; chdir /; mount -t proc proc /proc; umount -l /oldroot; rmdir /oldroot; next; next; answer c; fork; next; kill 5 ~ pid namespace of init: its own",
      })
  void aGoalIsReachedInOtherWays(String at, String lines, String said) throws IOException {
    does(at, lines);
    assertThat(play.said).last().isEqualTo("reached: " + said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "uts/uts-own ~ unshare mnt ~ uts namespace of doqu: expected its own, found the host's",
        "uts/uts-same-name ~ sethostname bax ~ hostname of doqu: expected box, found bax",
        "pid/pid-caller-stays ~ unshare uts ~ pid namespace of the next child of doqu: expected another, found the same",
        "mounts/mounts-private ~ mount --make-private / ~ propagation of /tmp of doqu: expected private, found shared",
        "fork/fork-copy ~ answer b; chdir /tmp ~ cwd of doqu: expected /, found /tmp",
        "fork/fork-zombie ~ exit 3 ~ last step: expected exit_group with 7 succeeded, found 'exit 3'",
        "namespace/namespace-enter ~ unshare ipc ~ ipc namespace of child: expected that of doqu, found another",
        "init/init-orphan ~ answer b; switch grandchild; exit ~ last step taken by: expected child, found grandchild",
        "exec/exec-interpreter ~ exec /bin/true ~ last step: expected execve with plain succeeded, found 'exec /bin/true'",
        "capstone/capstone-build ~ unshare uts pid mnt; mount --make-rprivate /; sethostname box; mount --bind $ROOTFS $ROOTFS; fork; switch init; chdir $ROOTFS; mkdir old; pivot_root . old; chdir /; mount -t proc proc /proc ~ the host's file system of / of init: expected nowhere, found /old",
        "oldroot/oldroot-gone ~ umount -l /oldroot ~ /oldroot of doqu: expected not there, found there",
        "start/start-no-capability ~ chroot /tmp; chdir /; unshare user ~ last step: expected EPERM from unshare; needed: CAP_SYS_ADMIN in its user namespace, found EPERM from unshare; needed: who makes a user namespace is not in a chroot",
        "start/start-chrooted ~ caps drop CAP_SYS_ADMIN; unshare uts ~ last step: expected EPERM from unshare; needed: who makes a user namespace is not in a chroot, found EPERM from unshare; needed: CAP_SYS_ADMIN in its user namespace",
        "fork/fork-no-child ~ fork; wait 1 ~ actors alive: expected 1, found 2",
        "errors/errors-there-already ~ mkdir /usr ~ last step: expected EEXIST from mkdir with data, found EEXIST from mkdir of other arguments",
        "errors/errors-predict ~ syscall openat AT_FDCWD /usr/x O_CREAT|O_WRONLY 0644 ~ last step: expected EROFS from mkdir with box; needed: the mount it lies on is not read-only, found EROFS from openat of other arguments; needed: the mount it lies on is not read-only",
        "errno/errno-full ~ mkdir /tmp/x; chdir /tmp/x; rmdir .. ~ last step: expected ENOTEMPTY from rmdir; needed: it is empty, found ENOTEMPTY from rmdir; needed: the last of the path is a name, not '/', '.' or '..'",
        "errno/errno-device ~ syscall linkat AT_FDCWD /etc/passwd AT_FDCWD /tmp/x 0 ~ last step: expected EXDEV from renameat2, found EXDEV from linkat",
        "exec/exec-no-x ~ exec /tmp ~ last step: expected EACCES from execve; needed: it may be executed, found EACCES from execve; needed: it is a regular file",
        "exec/exec-busy ~ syscall openat AT_FDCWD /proc/self/exe O_WRONLY 0 ~ last step: expected ETXTBSY from execve with plain; needed: nobody has it open for writing, found ETXTBSY from openat of other arguments; needed: what doqu does not know",
        "exec/exec-interpreter ~ exec /bin/cat /tmp/plain ~ last step: expected execve with sh succeeded, found 'exec /bin/cat /tmp/plain'",
        "leak/leak-bad-descriptor ~ syscall read 99 out:16 16 ~ last step: expected EBADF from read with 3, found EBADF from read of other arguments",
        "namespace/namespace-no-flag ~ unshare pid; unshare pid ~ last step: expected EINVAL from unshare; needed: the flags are ones unshare knows, found EINVAL from unshare; needed: its children go to its own PID namespace so far",
        "namespace/namespace-plain-file ~ setns /proc/self/ns/ipc uts ~ last step: expected EINVAL from setns; needed: it is one of a namespace, found EINVAL from setns; needed: it is one of the kind that is asked for",
        "namespace/namespace-limit ~ write /proc/sys/user/max_uts_namespaces 0; unshare uts ~ last step: expected ENOSPC from unshare; needed: there may be one more ipc namespace, found ENOSPC from unshare; needed: there may be one more uts namespace",
        "uts/uts-no-capability ~ unshare user; setns 1 uts; sethostname x ~ CAP_SYS_ADMIN of doqu: expected not effective, found effective",
        "pid/pid-twice ~ syscall unshare 1 ~ last step: expected EINVAL from unshare; needed: its children go to its own PID namespace so far, found EINVAL from unshare; needed: the flags are ones unshare knows",
        "pid/pid-unreachable ~ kill -0 99 ~ last step: expected ESRCH from kill with 3, found ESRCH from kill of other arguments",
        "pid-proc/pid-proc-disagree ~ answer c; kill -0 99 ~ last step: expected ESRCH from kill with 2, found ESRCH from kill of other arguments",
        "mounts/mounts-plain ~ mkdir /tmp/plain; mount -t tmpfs -o nosuchoption box /tmp/plain ~ last step: expected EINVAL from mount; needed: TARGET is a mount point, found EINVAL from mount; needed: the file system knows the options",
        "mount-errors/mount-errors-nowhere ~ mount --bind /nowhere /tmp/box ~ last step: expected ENOENT from mount; needed: TARGET leads to something, found ENOENT from mount; needed: SOURCE leads to something",
        "mount-errors/mount-errors-file ~ mount -t tmpfs box /etc/passwd/x ~ last step: expected ENOTDIR from mount; needed: TARGET is a directory, or SOURCE and TARGET are both directories, or neither, found ENOTDIR from mount; needed: TARGET leads to something",
        "mount-errors/mount-errors-disk ~ answer b; unshare user; mount -t proc proc /tmp/box ~ last step: expected EPERM from mount; needed: a user namespace may mount the type, found EPERM from mount; needed: CAP_SYS_ADMIN over its mount namespace, or for proc, sysfs, mqueue and cgroup: CAP_SYS_ADMIN over the namespace they show",
        "mount-errors/mount-errors-bind ~ mount --make-private /tmp/box ~ last step: expected EINVAL from mount; needed: no locked mount lies below SOURCE, found EINVAL from mount; needed: TARGET is a mount point",
        "proc/proc-whose ~ answer b; switch doqu; mkdir /tmp/x; mount -t tmpfs box /tmp/x ~ last step: expected mount with proc succeeded, found 'mount -t tmpfs box /tmp/x'",
        "proc/proc-user ~ mount -t ext4 /dev/null /proc ~ last step: expected EPERM from mount with proc; needed: for proc, sysfs, mqueue and cgroup: CAP_SYS_ADMIN over the namespace they show, found EPERM from mount with proc; needed: a user namespace may mount the type",
        "chroot/chroot-loader ~ exec /bin/nothing ~ last step: expected ENOENT from execve; needed: its interpreter is there, found ENOENT from execve; needed: the path leads to something",
        "pivot/pivot-plain ~ mkdir $ROOTFS/x; mount --bind $ROOTFS/x $ROOTFS/x; pivot_root $ROOTFS/x / ~ last step: expected EINVAL from pivot_root; needed: NEW_ROOT is a mount point, found EBUSY from pivot_root; needed: PUT_OLD is on another mount than /",
        "pivot/pivot-outside ~ mount --bind $ROOTFS $ROOTFS; pivot_root /etc /etc ~ last step: expected EBUSY from pivot_root; needed: PUT_OLD is on another mount than /, found EINVAL from pivot_root; needed: NEW_ROOT's mount is not locked, or NEW_ROOT is a mount point",
        "oldroot/oldroot-busy ~ syscall umount2 / 0 ~ last step: expected EBUSY from umount2; needed: nothing is mounted below it, found EINVAL from umount2; needed: it is not locked",
        "order/order-caps ~ chroot /tmp; unshare user ~ last step: expected EPERM from unshare; needed: CAP_SYS_ADMIN in its user namespace, found EPERM from unshare; needed: who makes a user namespace is not in a chroot",
        "order/order-chroot ~ chroot $ROOTFS; chdir /; syscall pivot_root . /nowhere ~ last step: expected EINVAL from pivot_root; needed: / is a mount point, or NEW_ROOT's mount is not locked, found ENOENT from pivot_root; needed: PUT_OLD leads to something",
        "order/order-proc ~ umount -l /oldroot; mount -t ext4 /dev/null /proc ~ last step: expected EPERM from mount; needed: for proc and sysfs: another is in sight, with nothing mounted over it, found EPERM from mount; needed: a user namespace may mount the type",
        "capstone/capstone-build ~ mkdir /tmp/box; mount -t tmpfs box /tmp/box; unshare uts pid mnt; mount --make-rprivate /; sethostname box; mount --bind $ROOTFS $ROOTFS; fork; switch init; chdir $ROOTFS; mkdir oldroot; pivot_root . oldroot; chdir /; mount -t proc proc /proc; umount -l /oldroot; rmdir /oldroot ~ mounts of the host: expected unchanged, found one more on /tmp/box",
        "leak/leak-descriptor ~ answer a; exec /bin/true ~ last step: expected execve with fd/3 or &3 succeeded, found 'exec /bin/true'",
        "exec/exec-same-pid ~ answer b; switch doqu; exec /bin/true ~ last step taken by: expected child, found doqu",
        "pid-proc/pid-proc-everyone ~ answer c; switch doqu; exit ~ /proc of host: expected foreign, found own",
        "pid-proc/pid-proc-everyone ~ answer c; mount -t tmpfs t /proc ~ /proc of host: expected foreign, found none",
        "mounts/mounts-private ~ mount --make-private /; mount --make-private /tmp ~ propagation of /dev/shm of doqu: expected private, found shared",
        "order/order-fork ~ answer b; unshare pid; fork ~ last step: expected unshare succeeded, found 'fork'",
        "capstone/capstone-shell ~ switch init; exec /bin/sh ~ PID inside of doqu: expected 1, found 2",
        "capstone/capstone-rights ~ switch child; caps drop CAP_SYS_ADMIN; mount -t tmpfs box /tmp ~ CAP_CHOWN of child: expected not effective, found effective",
      })
  void whatOnlyLooksLikeAGoalIsNone(String at, String lines, String said) throws IOException {
    does(at, lines);
    assertThat(play.said).contains("not yet: " + said);
    assertThat(play.said).noneMatch(line -> line.startsWith("reached"));
  }

  /** The goal asks for PID 2, and each is given once. */
  @Test
  void whoHasSpentPidTwoBeforeIsTold() throws IOException {
    does(
        "capstone/capstone-build",
        "skip; fork a; switch a; exit; wait; next; next; answer c; fork b");
    assertThat(play.said)
        .last()
        .isEqualTo(
            "it is out of reach now, undo or reset leads back:"
                + " pid namespace of b: its own, PID inside of b: 3");
    play.does("reset", "fork");
    assertThat(play.said).last().isEqualTo("reached: /proc of child: own");
  }

  /** On the fresh stage that follows one which was emptied nothing has been reached. */
  @Test
  void whoEmptiesTheStageHasReachedNothing() throws IOException {
    does("init/init-end", "answer 0; exit; switch init; exit");
    assertThat(play.said).last().asString().contains("before where the step begins");
    assertThat(play.said).noneMatch(line -> line.startsWith("reached"));
  }

  /** Before there were zombies there were none either. */
  @Test
  void whoUndoesTheZombiesHasNotReapedThem() throws IOException {
    does("init/init-reap", "undo 3");
    assertThat(play.said).last().asString().contains("before where the step begins");
    assertThat(play.said).noneMatch(line -> line.startsWith("reached"));
  }

  /** The wrong step first, then who goes back is not in the way of who does it right. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "start/start-chrooted ~ caps drop CAP_SYS_ADMIN ~ CAP_SYS_ADMIN of doqu: not effective",
        "leak/leak-close-on-exec ~ exec /bin/true ~ child: gone, silent failures told: inherited descriptors",
        "uts/uts-whose ~ unshare uts ~ uts namespace of doqu: its own",
        "exec/exec-same-pid ~ exit ~ child: gone, last step: exit_group succeeded",
        "namespace/namespace-numbers ~ answer a; unshare pid; fork ~ pid namespace of the next child of doqu: another",
        "pid/pid-parent ~ switch init; exit ~ actors alive: 1",
        "pid/pid-unreachable ~ exit ~ init: gone",
        "pid-proc/pid-proc-everyone ~ unshare mnt; mount --make-rprivate / ~ propagation of / of init: private",
        "pid-proc/pid-proc-own ~ mount -t proc proc /proc; unshare mnt; mount --make-rprivate / ~ /proc/2 of host: not there, propagation of / of init: private",
        "init/init-orphan ~ switch grandchild; exit ~ grandchild: gone",
        "init/init-zombies ~ switch init; wait ~ zombies: 0",
        "init/init-zombies ~ switch init; wait; switch grandchild; exit ~ grandchild: gone, zombies: 1",
        "mounts/mounts-leak ~ mount --make-rprivate / ~ propagation of /tmp of doqu: private",
        "mounts/mounts-back ~ mount --make-rprivate /; umount /tmp/box ~ propagation of /tmp of doqu: private",
        "mounts/mounts-back ~ mount --make-rslave / ~ propagation of /tmp of doqu: slave",
        "proc/proc-own ~ switch init; exit ~ init: gone",
        "chroot/chroot-reach ~ unshare uts ~ uts namespace of doqu: its own",
        "chroot/chroot-runs ~ exit ~ child: gone, last step: exit_group succeeded",
        "escape/escape-second ~ chdir jail; chroot . ~ root of doqu: /mnt/rootfs/jail, cwd of doqu: /mnt/rootfs/jail",
        "escape/escape-up ~ chdir / ~ cwd of doqu: /mnt/rootfs/jail",
        "escape/escape-out ~ chdir / ~ cwd of doqu: /mnt/rootfs/jail",
        "escape/escape-held ~ chroot jail; caps drop CAP_SYS_CHROOT ~ root of doqu: /mnt/rootfs/jail, CAP_SYS_CHROOT of doqu: not effective",
        "pivot/pivot-root ~ mount --bind $ROOTFS $ROOTFS; chdir $ROOTFS; pivot_root . .; umount -l . ~ the host's file system of / of doqu: nowhere",
        "oldroot/oldroot-way ~ umount -l /oldroot ~ the host's file system of / of doqu: nowhere",
        "oldroot/oldroot-busy ~ umount -l /oldroot ~ mounted on /oldroot of doqu: nothing",
        "oldroot/oldroot-escape ~ mkdir jail; chroot jail; chdir / ~ root of doqu: /jail, cwd of doqu: /jail",
        "oldroot/oldroot-held ~ switch child; chdir / ~ cwd of child: /, mounted on /oldroot of child: something",
        "order/order-private ~ exit ~ init: gone",
        "capstone/capstone-build ~ unshare pid; fork; switch init; exit; fork ~ last step: ENOMEM from fork",
        "capstone/capstone-build ~ unshare uts pid mnt; mount --make-rprivate /; mount --bind $ROOTFS $ROOTFS; fork; switch init; chdir $ROOTFS; mkdir oldroot; pivot_root . oldroot; chdir /; umount -l /oldroot ~ the host's file system of / of init: nowhere, mounted on /proc of init: nothing",
        "capstone/capstone-rights ~ switch child; exit ~ actors alive: 2",
      })
  void whoCannotReachAGoalAnyMoreIsTold(String at, String lines, String said) throws IOException {
    does(at, lines);
    assertThat(play.said)
        .contains("it is out of reach now, undo or reset leads back: " + said)
        .noneMatch(line -> line.startsWith("reached"));
    play.does("skip");
    assertThat(play.said).anyMatch(line -> line.startsWith("reached: "));
  }
}
