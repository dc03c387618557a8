package doqu.shell;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * The failures a learner should meet: after what ("-": at once), which line, which call of it,
 * which errno.
 */
final class Failures {
  static final String ROOTED =
      "unshare mnt; mount --make-rprivate /; mount --bind $ROOTFS $ROOTFS; chdir $ROOTFS";
  static final String PIVOTED = ROOTED + "; mkdir oldroot; pivot_root . oldroot; chdir /";
  static final String TMPFS =
      "unshare mnt; mount --make-rprivate /; mkdir /tmp/new; mount -t tmpfs new /tmp/new";
  static final String OTHER_ROOT = "mkdir /tmp/jail; chroot /tmp/jail; chdir /";
  static final String BIND = "mkdir /tmp/a; mkdir /tmp/b; mount --bind /tmp/a /tmp/b";
  static final String NAME_65 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  static final String NAME_256 =
      NAME_65 + NAME_65 + NAME_65 + "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

  /** A name of few letters, and of one byte too many. */
  static final String UMLAUTS_128 = "\u00e4".repeat(128);

  static final String SMALL_STACK =
      "syscall prlimit64 0 3 hex:00100000000000000010000000000000 NULL";
  static final String LONG = "x".repeat(5000);
  static final String NO_PROCESSES =
      "syscall prlimit64 0 6 hex:00000000000000000000000000000000 NULL";
  static final String TEXT =
      "syscall openat AT_FDCWD /tmp/text O_WRONLY|O_CREAT 0755; syscall write 3 words 5; syscall close 3";

  private static final String[] ROWS = {
    // 1 fork, wait
    "- ~ wait ~ wait4 ECHILD",
    "- ~ wait 1 ~ wait4 ECHILD",
    "fork; kill -9 3; wait ~ wait ~ wait4 ECHILD",
    NO_PROCESSES + " ~ fork ~ fork EAGAIN",
    // 2 exec
    "- ~ exec /no/such/program ~ execve ENOENT",
    "- ~ exec nosuchprogram ~ execve ENOENT",
    "- ~ exec /etc/passwd ~ execve EACCES",
    "- ~ exec /etc ~ execve EACCES",
    "- ~ exec /etc/passwd/x ~ execve ENOTDIR",
    TEXT + " ~ exec /tmp/text ~ execve ENOEXEC",
    TEXT.replace("; syscall close 3", "") + " ~ exec /tmp/text ~ execve ETXTBSY",
    SMALL_STACK + " ~ exec /usr/bin/env " + LONG + " ~ execve E2BIG",
    "syscall openat AT_FDCWD /tmp/s O_WRONLY|O_CREAT 0755; syscall close 3; write /tmp/s '#!/tmp/s' ~ exec /tmp/s ~ execve ELOOP",
    "syscall openat AT_FDCWD /tmp/s O_WRONLY|O_CREAT 0755; syscall close 3; write /tmp/s '#!/etc/passwd' ~ exec /tmp/s ~ execve EACCES",
    "syscall openat AT_FDCWD /tmp/s O_WRONLY|O_CREAT 0755; syscall close 3; write /tmp/s '#!/no/such' ~ exec /tmp/s ~ execve ENOENT",
    "- ~ exec /tmp/" + NAME_256 + " ~ execve ENAMETOOLONG",
    // 4 what a namespace is
    "- ~ syscall unshare 1 ~ unshare EINVAL",
    "- ~ setns /etc/passwd uts ~ setns EINVAL",
    "- ~ setns /etc/passwd ~ setns EINVAL",
    "- ~ syscall setns 99 0 ~ setns EBADF",
    // 5 UTS
    "caps drop all ~ sethostname x ~ sethostname EPERM",
    "caps drop sys_admin ~ setdomainname x ~ setdomainname EPERM",
    "caps drop all ~ unshare uts ~ unshare EPERM",
    "unshare user ~ sethostname x ~ sethostname EPERM",
    "unshare user ~ setdomainname x ~ setdomainname EPERM",
    "- ~ sethostname " + NAME_65 + " ~ sethostname EINVAL",
    "- ~ setdomainname " + NAME_65 + " ~ setdomainname EINVAL",
    // 6 PID namespace
    "unshare pid ~ unshare pid ~ unshare EINVAL",
    "unshare pid; fork ~ unshare pid ~ unshare EINVAL",
    "unshare pid; fork; switch init; exit ~ fork ~ fork ENOMEM",
    "fork; kill -0 3; unshare pid; fork; switch init ~ kill -0 3 ~ kill ESRCH",
    "- ~ kill 999999 ~ kill ESRCH",
    "- ~ kill -65 2 ~ kill EINVAL",
    // 9 mount namespace
    "mkdir /tmp/d ~ mount --make-private /tmp/d ~ mount EINVAL",
    "- ~ mount -t nonsense none /tmp ~ mount ENODEV",
    "- ~ mount -t tmpfs t /no/such ~ mount ENOENT",
    "mkdir /tmp/d ~ mount --bind /no/such /tmp/d ~ mount ENOENT",
    "- ~ mount -t tmpfs t /etc/passwd ~ mount ENOTDIR",
    "mkdir /tmp/d ~ mount --bind /etc/passwd /tmp/d ~ mount ENOTDIR",
    "mkdir /tmp/d ~ mount --bind / /tmp/d ~ mount EINVAL",
    "mkdir /tmp/d ~ mount -t tmpfs -o nonsense=1 t /tmp/d ~ mount EINVAL",
    // ENOTBLK on a machine of one's own: here the kernel does not come as far as the device.
    "mkdir /tmp/d ~ mount -t ext4 /dev/null /tmp/d ~ mount EPERM",
    "mkdir /tmp/d ~ mount -t ext4 /etc/passwd /tmp/d ~ mount EPERM",
    "unshare user; mkdir /tmp/d ~ mount -t tmpfs t /tmp/d ~ mount EPERM",
    "mkdir /tmp/d ~ umount /tmp/d ~ umount2 EINVAL",
    "- ~ umount /no/such ~ umount2 ENOENT",
    "- ~ umount /tmp ~ umount2 EINVAL",
    "caps drop all ~ umount /tmp ~ umount2 EPERM",
    // 10 its own /proc
    "unshare user mnt ~ mount -t proc proc /proc ~ mount EPERM",
    "mount -t tmpfs t /proc/sys; unshare user pid mnt; fork; switch init ~ mount -t proc proc /proc ~ mount EPERM",
    "unshare pid mnt; fork; switch init; mount --make-rprivate /; mount --bind $ROOTFS $ROOTFS; chdir $ROOTFS; pivot_root . .; umount -l . ~ mount -t proc proc /proc ~ mount EPERM",
    // 11 rootfs, chroot
    "mkdir /tmp/jail; mkdir /tmp/jail/bin; mount --rbind /usr/bin /tmp/jail/bin; chroot /tmp/jail ~ exec /bin/ls ~ execve ENOENT",
    "caps drop all ~ chroot / ~ chroot EPERM",
    "caps drop sys_chroot ~ chroot /tmp ~ chroot EPERM",
    "- ~ chroot /no/such ~ chroot ENOENT",
    "- ~ chroot /etc/passwd ~ chroot ENOTDIR",
    // From within a chroot no user namespace can be made: the fourth cause of the same EPERM.
    OTHER_ROOT + " ~ unshare user ~ unshare EPERM",
    // 13 pivot_root; the stage's / is locked, so that the same mount is EINVAL at first
    "- ~ pivot_root / / ~ pivot_root EINVAL",
    "unshare mnt; mount --make-rprivate / ~ pivot_root / / ~ pivot_root EINVAL",
    // The lock has gone over to the new root: EINVAL again, where a machine of one's own has
    // EBUSY.
    PIVOTED + " ~ pivot_root / / ~ pivot_root EINVAL",
    "- ~ pivot_root /usr /usr/bin ~ pivot_root EINVAL",
    ROOTED + " ~ pivot_root . /mnt ~ pivot_root EINVAL",
    ROOTED + " ~ pivot_root . / ~ pivot_root EBUSY",
    ROOTED + " ~ pivot_root . nosuch ~ pivot_root ENOENT",
    ROOTED + " ~ pivot_root nosuch etc ~ pivot_root ENOENT",
    TMPFS + "; mkdir /tmp/new/d; chdir /tmp/new/d; rmdir ../d ~ pivot_root . . ~ pivot_root ENOENT",
    ROOTED + " ~ pivot_root . etc/passwd ~ pivot_root ENOTDIR",
    ROOTED + " ~ pivot_root etc/passwd etc ~ pivot_root ENOTDIR",
    ROOTED + "; mkdir oldroot; caps drop all ~ pivot_root . oldroot ~ pivot_root EPERM",
    "unshare mnt; mount --bind $ROOTFS $ROOTFS; chdir $ROOTFS; mkdir oldroot ~ pivot_root . oldroot ~ pivot_root EINVAL",
    TMPFS
        + "; mount --make-shared /tmp/new; mkdir /tmp/new/old ~ pivot_root /tmp/new /tmp/new/old ~ pivot_root EINVAL",
    "unshare mnt; mkdir $ROOTFS/oldroot; mount --make-rprivate / ~ pivot_root $ROOTFS $ROOTFS/oldroot ~ pivot_root EINVAL",
    OTHER_ROOT
        + "; unshare mnt; mkdir /new; mount -t tmpfs new /new ~ pivot_root /new /new ~ pivot_root EINVAL",
    "mkdir /tmp/d; mount -t tmpfs t /tmp/d; chdir /tmp/d ~ umount /tmp/d ~ umount2 EBUSY",
    PIVOTED + " ~ umount /oldroot ~ umount2 EBUSY",
    PIVOTED + " ~ rmdir /oldroot ~ rmdir EBUSY",
    // 16 user namespace
    "unshare user ~ write /proc/self/uid_map '0 0 1' ~ write EPERM",
    "unshare user ~ write /proc/self/gid_map '0 0 1' ~ write EPERM",
    "unshare user ~ write /proc/self/setgroups allow ~ write EPERM",
    "unshare user --no-map ~ write /proc/self/uid_map '0 70000 1' ~ write EPERM",
    "unshare user --no-map ~ write /proc/self/uid_map '0 0 2' ~ write EPERM",
    "unshare user --no-map ~ write /proc/self/uid_map nonsense ~ write EINVAL",
    "unshare user --no-map ~ write /proc/self/uid_map '0 0 0' ~ write EINVAL",
    "unshare user --no-map ~ write /proc/self/gid_map '4294967295 0 1' ~ write EINVAL",
    "unshare user --no-map ~ write /proc/self/setgroups ' deny' ~ write EINVAL",
    "- ~ setuid 70000 ~ setuid EINVAL",
    "- ~ setgid 70000 ~ setgid EINVAL",
    "unshare user --no-map ~ setuid 0 ~ setuid EINVAL",
    "mkdir /tmp/d ~ syscall fchownat AT_FDCWD /tmp/d 70000 0 0 ~ fchownat EINVAL",
    "unshare user; write /proc/sys/user/max_uts_namespaces 0 ~ unshare uts ~ unshare ENOSPC",
    "unshare user; write /proc/sys/user/max_user_namespaces 0 ~ unshare user ~ unshare ENOSPC",
    // 17 capabilities
    "caps drop sys_admin ~ caps raise sys_admin ~ capset EPERM",
    "caps drop all ~ caps raise chown ~ capset EPERM",
    "caps drop sys_admin ~ mount -t tmpfs t /tmp ~ mount EPERM",
    // 23 setns
    "- ~ setns /proc/self/ns/uts mnt ~ setns EINVAL",
    "- ~ setns 999999 uts ~ openat ENOENT",
    "- ~ setns /proc/self/ns/user user ~ setns EINVAL",
    "unshare user ~ setns 1 uts ~ openat EACCES",
    "syscall openat AT_FDCWD /proc/self/ns/uts 0; unshare user ~ syscall setns 3 0 ~ setns EPERM",
    "syscall openat AT_FDCWD /proc/self/ns/user 0; unshare user ~ syscall setns 3 0 ~ setns EPERM",
    "fork; unshare user mnt; caps drop sys_chroot ~ setns /proc/self/ns/mnt mnt ~ setns EPERM",
    // 24 in part: what is read-only
    "- ~ mkdir /dev/x ~ mkdir EROFS",
    // What the outer layer has forbidden for a mount stays so, and has to be said again.
    BIND + " ~ mount -o remount,bind,ro /tmp/b ~ mount EPERM",
    BIND + "; mount -o remount,bind,ro,nosuid,nodev /tmp/b ~ mkdir /tmp/b/d ~ mkdir EROFS",
    // paths
    "- ~ chdir /no/such ~ chdir ENOENT",
    "- ~ chdir '' ~ chdir ENOENT",
    "- ~ chdir /etc/passwd ~ chdir ENOTDIR",
    "- ~ chdir " + NAME_256 + " ~ chdir ENAMETOOLONG",
    "- ~ chdir " + UMLAUTS_128 + " ~ chdir ENAMETOOLONG",
    "- ~ rmdir /tmp/" + UMLAUTS_128 + " ~ rmdir ENAMETOOLONG",
    "- ~ chdir " + "/.".repeat(2048) + " ~ chdir ENAMETOOLONG",
    "- ~ mkdir /tmp/" + "./".repeat(2048) + "x ~ mkdir ENAMETOOLONG",
    "- ~ syscall mkdirat AT_FDCWD 1 0 ~ mkdirat EFAULT",
    "- ~ syscall chdir NULL ~ chdir EFAULT",
    "syscall symlinkat loop AT_FDCWD /tmp/loop ~ chdir /tmp/loop ~ chdir ELOOP",
    "mkdir /tmp/d ~ mkdir /tmp/d ~ mkdir EEXIST",
    "- ~ mkdir /tmp/no/such ~ mkdir ENOENT",
    "- ~ mkdir /etc/passwd/d ~ mkdir ENOTDIR",
    "mkdir /tmp/d; mkdir /tmp/d/e ~ rmdir /tmp/d ~ rmdir ENOTEMPTY",
    "mkdir /tmp/d; chdir /tmp/d ~ rmdir . ~ rmdir EINVAL",
    "mkdir /tmp/d; chdir /tmp/d ~ rmdir .. ~ rmdir ENOTEMPTY",
    "- ~ rmdir / ~ rmdir EBUSY",
    "- ~ rmdir /proc/.. ~ rmdir ENOTEMPTY",
    "syscall symlinkat /tmp AT_FDCWD /tmp/l ~ rmdir /tmp/l/ ~ rmdir ENOTDIR",
    "mkdir /tmp/d; chdir /tmp/d; rmdir ../d ~ mkdir x ~ mkdir ENOENT",
    "mkdir /tmp/d; chdir /tmp/d; rmdir ../d ~ rmdir x ~ rmdir ENOENT",
    "mkdir /tmp/d; chdir /tmp/d; rmdir ../d ~ chdir x ~ chdir ENOENT",
    "mkdir -m 0 /tmp/d; caps drop all ~ mkdir /tmp/d/e ~ mkdir EACCES",
    "mkdir -m 0 /tmp/d; caps drop all ~ rmdir /tmp/d/e ~ rmdir EACCES",
    // Of a name that is too long mkdir is told by the file system, rmdir first of the mount.
    "- ~ mkdir /dev/" + NAME_256 + " ~ mkdir ENAMETOOLONG",
    "- ~ rmdir /dev/" + NAME_256 + " ~ rmdir EROFS",
    "mkdir /tmp/d; mount -t tmpfs t /tmp/d ~ rmdir /tmp/d ~ rmdir EBUSY",
    "- ~ rmdir /tmp/no ~ rmdir ENOENT",
    TEXT + " ~ rmdir /tmp/text ~ rmdir ENOTDIR",
    "- ~ write /tmp x ~ openat EISDIR",
    "- ~ write /tmp/no x ~ openat ENOENT",
    "- ~ write /proc/self/oom_score_adj nonsense ~ write EINVAL",
    "- ~ syscall openat 99 x 0 ~ openat EBADF",
    "syscall openat AT_FDCWD /etc/passwd 0 ~ syscall openat 3 x 0 ~ openat ENOTDIR",
    "mkdir -m 0 /tmp/d; caps drop all ~ chdir /tmp/d ~ chdir EACCES",
  };

  private Failures() {}

  static Stream<Arguments> rows() {
    return Stream.of(ROWS)
        .map(row -> row.split(" ~ ", 3))
        .map(row -> Arguments.of(row[0].equals("-") ? "" : row[0], row[1], row[2]));
  }
}
