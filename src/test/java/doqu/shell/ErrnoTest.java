package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.NeedsRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The failures a learner should meet, each from the real kernel, as root and not. */
class ErrnoTest {
  private static final String ROOTED =
      "unshare mnt; mount --make-rprivate /; mount --bind $ROOTFS $ROOTFS; chdir $ROOTFS";

  @ParameterizedTest(name = "{0} | {1} = {2}")
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      nullValues = "-",
      value = {
        "- ~ wait ~ ECHILD",
        "syscall prlimit64 0 6 hex:00000000000000000000000000000000 NULL ~ fork ~ EAGAIN",
        "- ~ exec /no/such/program ~ ENOENT",
        "- ~ exec nosuchprogram ~ ENOENT",
        "- ~ exec /etc/passwd ~ EACCES",
        "syscall openat AT_FDCWD /tmp/text O_WRONLY|O_CREAT 0755; syscall write 3 words 5; syscall close 3 ~ exec /tmp/text ~ ENOEXEC",
        "- ~ syscall unshare 1 ~ EINVAL",
        "- ~ setns /etc/passwd uts ~ EINVAL",
        "- ~ syscall setns 99 0 ~ EBADF",
        "- ~ setns /proc/self/ns/uts mnt ~ EINVAL",
        "caps drop all ~ sethostname x ~ EPERM",
        "caps drop all ~ unshare uts ~ EPERM",
        "unshare user ~ sethostname x ~ EPERM",
        "- ~ sethostname aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ~ EINVAL",
        "- ~ setdomainname aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ~ EINVAL",
        "unshare pid ~ unshare pid ~ EINVAL",
        "unshare pid; fork; switch init; exit ~ fork ~ ENOMEM",
        "- ~ kill 999999 ~ ESRCH",
        "mkdir /tmp/d ~ mount --make-private /tmp/d ~ EINVAL",
        "- ~ mount -t nonsense none /tmp ~ ENODEV",
        "- ~ mount -t tmpfs t /no/such ~ ENOENT",
        "- ~ mount -t tmpfs t /etc/passwd ~ ENOTDIR",
        "mkdir /tmp/d ~ mount --bind / /tmp/d ~ EINVAL",
        "mkdir /tmp/d ~ mount -t ext4 /dev/null /tmp/d ~ EPERM",
        "unshare user mnt ~ mount -t proc proc /proc ~ EPERM",
        "caps drop all ~ chroot / ~ EPERM",
        "- ~ chroot /no/such ~ ENOENT",
        "- ~ pivot_root /usr /usr/bin ~ EINVAL",
        ROOTED + " ~ pivot_root . /mnt ~ EINVAL",
        ROOTED + " ~ pivot_root . nosuch ~ ENOENT",
        ROOTED + " ~ pivot_root . etc/passwd ~ ENOTDIR",
        ROOTED + "; mkdir oldroot; caps drop all ~ pivot_root . oldroot ~ EPERM",
        "unshare mnt; mount --bind $ROOTFS $ROOTFS; chdir $ROOTFS; mkdir oldroot ~ pivot_root . oldroot ~ EINVAL",
        "unshare mnt; mkdir $ROOTFS/oldroot; mount --make-rprivate / ~ pivot_root $ROOTFS $ROOTFS/oldroot ~ EINVAL",
        "mkdir /tmp/d; mount -t tmpfs t /tmp/d; chdir /tmp/d ~ umount /tmp/d ~ EBUSY",
        "unshare user ~ write /proc/self/uid_map '0 0 1' ~ EPERM",
        "- ~ setuid 70000 ~ EINVAL",
        "unshare user; write /proc/sys/user/max_uts_namespaces 0 ~ unshare uts ~ ENOSPC",
        "caps drop sys_admin ~ caps raise sys_admin ~ EPERM",
        "caps drop sys_admin ~ mount -t tmpfs t /tmp ~ EPERM",
        "- ~ mkdir /dev/x ~ EROFS",
      })
  void theKernelSays(String before, String line, String errno) throws Exception {
    try (Play play = new Play()) {
      if (before != null) {
        play.does(before);
      }
      assertThat(play.errno(line)).isEqualTo(errno);
    }
  }

  /** An ordinary user's stage has setgroups denied from the start, which its namespaces inherit. */
  @Test
  @NeedsRoot
  void gidMapBeforeSetgroupsIsDenied() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare user --no-map");
      assertThat(play.errno("write /proc/self/gid_map '0 0 1'")).isEqualTo("EPERM");
    }
  }
}
