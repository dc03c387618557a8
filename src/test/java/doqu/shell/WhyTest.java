package doqu.shell;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.kernel.Arch;
import doqu.kernel.Errno;
import doqu.precondition.Explanation;
import doqu.precondition.Precondition;
import doqu.precondition.Preconditions;
import doqu.precondition.Preconditions.Checked;
import doqu.precondition.Verdict;
import doqu.step.StepRecord;
import doqu.testing.NeedsRoot;
import doqu.testing.Seccomp;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Why a call failed is found out from the state, and foreseen before it is made. */
class WhyTest {
  private static final String ROOTED = Failures.ROOTED;
  private static final String TMPFS = Failures.TMPFS;
  private static final String A = "mkdir /tmp/a; mount -t tmpfs t /tmp/a";
  private static final String GONE = A + "; chdir /tmp/a; umount -l /tmp/a";
  private static final String OPEN = A + "; syscall openat AT_FDCWD /tmp/a/f O_RDWR|O_CREAT 0644";

  /** Shared and to be written to: MAP_SHARED|MAP_FIXED_NOREPLACE. */
  private static final String MAPPED =
      OPEN
          + "; syscall ftruncate 3 4096; syscall mmap 0x10000000 4096 3 0x100001 3 0; syscall close 3";

  private static final String FILE =
      "syscall openat AT_FDCWD /tmp/f O_WRONLY|O_CREAT 0644; syscall close 3";

  private static final String LOCKED_BELOW =
      "mkdir /tmp/a; mkdir /tmp/a/d; mkdir /tmp/b; mount -t tmpfs t /tmp/a/d; unshare user mnt";

  /** Upon /tmp/s/d, which is shared, it does not go. */
  private static final String UNBINDABLE =
      "unshare mnt; mount --make-rprivate /; "
          + A
          + "; mount --make-unbindable /tmp/a; mkdir /tmp/s; mount -t tmpfs s /tmp/s;"
          + " mount --make-shared /tmp/s; mkdir /tmp/s/d";

  private static final String A_NAME = "the last of the path is a name, not '/', '.' or '..'";
  private static final String UNSEARCHABLE = A + "; mkdir -m 666 /tmp/a/d; caps drop all";
  private static final String REMOVED = "mkdir /tmp/d; chdir /tmp/d; rmdir ../d";
  private static final String DETACHED =
      A
          + "; mkdir /tmp/a/b; mount -t tmpfs b /tmp/a/b; mkdir /tmp/a/b/c; chdir /tmp/a;"
          + " umount -l /tmp/a";
  private static final String OVERLAID =
      Stream.of("l", "u", "w", "w/d", "m", "t", "r", "n")
              .map(name -> "mkdir /tmp/" + name)
              .collect(joining("; "))
          + "; mount -t tmpfs t /tmp/t; mount -t tmpfs r /tmp/r; mkdir /tmp/r/u; mkdir /tmp/r/w;"
          + " mount -o remount,bind,ro /tmp/r; mount -t tmpfs n /tmp/n; mount --make-unbindable /tmp/n";
  private static final String OPEN_MAP =
      "unshare user --no-map; syscall openat AT_FDCWD /proc/self/uid_map O_WRONLY";
  private static final String PIDFD = "fork a; syscall pidfd_open 3 0";
  private static final String A_DIRECTORY =
      "the descriptor a relative path begins at is open, and a directory";
  private static final String OWN_CHROOT = "mkdir /tmp/j; unshare mnt; chroot /tmp/j; chdir /";
  private static final String SCRIPT =
      "syscall openat AT_FDCWD /tmp/script O_WRONLY|O_CREAT MODE; write /tmp/script '#!/bin/sh'";
  private static final String PROGRAM = SCRIPT.replace("MODE", "0755");

  /** A program of 32 bits, which this machine runs too, whose interpreter is /no/ld. */
  private static final String OF_32_BITS =
      Failures.TEXT.replace(
          "words 5",
          "hex:7f454c46010101000000000000000000"
              + (Arch.current() == Arch.X86_64 ? "02000300" : "02002800")
              + "010000000000000034000000000000000000000034002000010000000000000003000000"
              + "540000000000000000000000070000000700000004000000010000002f6e6f2f6c6400 91");

  /**
   * What only breaks one precondition, or two: after what, which line, what it is that does not
   * hold.
   */
  private static final List<String> BROKEN =
      List.of(
          "- ~ wait ~ it has such a child that nobody has waited for",
          "fork ~ syscall wait4 -1 NULL WEXITED NULL ~ the flags are ones wait4 knows",
          "fork ~ syscall wait4 -2147483648 NULL 0 NULL ~ the PID is none without its opposite",
          "fork ~ syscall wait4 -999 NULL WNOHANG NULL"
              + " ~ it has such a child that nobody has waited for",
          "fork ~ syscall wait4 -1 NULL __WCLONE|WNOHANG NULL"
              + " ~ it has such a child that nobody has waited for",
          "syscall clone 0 ~ syscall wait4 -1 NULL WNOHANG NULL"
              + " ~ it has such a child that nobody has waited for",
          "fork a; fork b; kill -9 3 ~ syscall wait4 -1 1 0 NULL"
              + " ~ how it ended, and what it used, can be written where that is wanted",
          "- ~ syscall close 99 ~ the descriptor is open",
          "- ~ syscall clone CLONE_NEWUSER|CLONE_FS ~ the flags of clone go together",
          "- ~ syscall clone CLONE_NEWNS|CLONE_FS ~ the flags of clone go together",
          "- ~ syscall clone CLONE_THREAD ~ the flags of clone go together",
          "- ~ syscall clone CLONE_SIGHAND ~ the flags of clone go together",
          "unshare pid; fork; switch init ~ syscall clone CLONE_PARENT"
              + " ~ the flags of clone go together",
          "- ~ write /proc/self/oom_score_adj 1001"
              + " ~ a file of /proc that holds a number takes that one",
          overlay(
              "lowerdir=/proc/self:/usr", "no lowerdir is on proc, which nothing is stacked on"),
          Failures.NO_PROCESSES + " ~ fork ~ its user has fewer processes than RLIMIT_NPROC",
          // One of the three is the stage's own, outside its PID namespace.
          "syscall prlimit64 0 6 hex:03000000000000000300000000000000 NULL ~ fork ~ its user has fewer processes than RLIMIT_NPROC",
          "unshare pid; fork; switch init; exit ~ fork"
              + " ~ PID 1 lives in the PID namespace its children go to",
          "- ~ kill 999999 ~ there is a process of that PID in its PID namespace",
          "- ~ kill -65 2 ~ the signal is one",
          "- ~ exec /no/such ~ the path leads to something",
          "- ~ exec /etc ~ it is a regular file",
          "mkdir /tmp/d; mount --rbind /usr/bin /tmp/d; mount -o remount,bind,ro,nosuid,nodev,noexec /tmp/d"
              + " ~ exec /tmp/d/env ~ the mount it lies on is not noexec",
          SCRIPT.replace("MODE", "0644")
              + "; syscall close 3 ~ exec /tmp/script ~ it may be executed",
          PROGRAM + " ~ exec /tmp/script ~ nobody has it open for writing",
          SCRIPT.replace("MODE", "0644")
              + " ~ exec /tmp/script ~ it may be executed + nobody has it open for writing",
          Failures.SMALL_STACK
              + " ~ exec /usr/bin/env "
              + Failures.LONG
              + " ~ argv and envp fit into RLIMIT_STACK",
          Failures.TEXT
              + "; "
              + Failures.SMALL_STACK
              + " ~ exec /tmp/text "
              + Failures.LONG
              + " ~ argv and envp fit into RLIMIT_STACK"
              + " + it is a program of this architecture, or begins with #! and a path",
          Failures.TEXT
              + " ~ exec /tmp/text ~ it is a program of this architecture, or begins with #! and a path",
          "- ~ exec /etc/passwd"
              + " ~ it may be executed + it is a program of this architecture, or begins with #! and a path",
          "mkdir /tmp/jail; mkdir /tmp/jail/bin; mount --rbind /usr/bin /tmp/jail/bin; chroot /tmp/jail"
              + " ~ exec /bin/env ~ its interpreter is there",
          script("/tmp/s", "#!" + " ".repeat(300))
              + " ~ exec /tmp/s ~ it is a program of this architecture, or begins with #! and a path",
          script("/tmp/s", "#!/no/such") + " ~ exec /tmp/s ~ its interpreter is there",
          script("/tmp/s", "#!/tmp/i")
              + "; syscall openat AT_FDCWD /tmp/i O_WRONLY|O_CREAT 0644; syscall close 3"
              + " ~ exec /tmp/s ~ its interpreter is a file that may be executed",
          script("/tmp/s", "#!/tmp")
              + " ~ exec /tmp/s ~ its interpreter is a file that may be executed",
          script("/tmp/s", "#!/tmp/i")
              + "; "
              + script("/tmp/i", "echo")
              + " ~ exec /tmp/s ~ its interpreter is a program too",
          script("/tmp/s", "#!/tmp/s")
              + " ~ exec /tmp/s ~ five scripts at most are each the interpreter of another",
          A
              + "; "
              + script("/tmp/a/s", "#!/bin/true").replace("0755", "0644")
              + "; mount -o remount,bind,noexec /tmp/a ~ exec /tmp/a/s"
              + " ~ the mount it lies on is not noexec + it may be executed",
          OF_32_BITS + " ~ exec /tmp/text ~ its interpreter is there",
          PROGRAM.replace("bin/sh", "tmp/i")
              + "; syscall close 3; syscall openat AT_FDCWD /tmp/i O_WRONLY|O_CREAT 0755"
              + " ~ exec /tmp/script ~ nobody has its interpreter open for writing",
          "- ~ syscall unshare 1 ~ the flags are ones unshare knows",
          "unshare user; write /proc/sys/user/max_user_namespaces 0 ~ unshare user"
              + " ~ there may be one more user namespace",
          "mkdir /tmp/jail; chroot /tmp/jail; chdir / ~ unshare user"
              + " ~ who makes a user namespace is not in a chroot",
          // A mount upon / hides the root, or / is the root of a mount that has been taken away.
          TMPFS
              + "; pivot_root /tmp/new /tmp/new ~ unshare user"
              + " ~ who makes a user namespace is not in a chroot",
          A
              + "; chroot /tmp/a; umount -l / ~ unshare user"
              + " ~ who makes a user namespace is not in a chroot",
          "unshare user --no-map ~ unshare user --no-map"
              + " ~ who makes a user namespace has ids in the one around it",
          "caps drop all ~ unshare uts ~ CAP_SYS_ADMIN in its user namespace",
          "unshare pid ~ unshare pid ~ its children go to its own PID namespace so far",
          "caps drop all; unshare pid ~ unshare pid"
                  .replace("caps drop all; unshare pid", "unshare pid; caps drop all")
              + " ~ CAP_SYS_ADMIN in its user namespace"
              + " + its children go to its own PID namespace so far",
          limit("mnt"),
          limit("uts"),
          limit("ipc"),
          limit("pid"),
          limit("cgroup"),
          limit("net"),
          limit("time"),
          // A limit of the user namespace around; who is in a chroot or hid /proc cannot read any.
          "write /proc/sys/user/max_uts_namespaces 0; unshare user ~ unshare uts"
              + " ~ there may be one more uts namespace",
          "unshare user; fork; write /proc/sys/user/max_ipc_namespaces 0; switch child; unshare user"
              + " ~ syscall clone CLONE_NEWIPC ~ there may be one more ipc namespace",
          "write /proc/sys/user/max_net_namespaces 0; mkdir /tmp/jail; chroot /tmp/jail ~ unshare net"
              + " ~ there may be one more net namespace",
          "- ~ syscall setns 99 0 ~ the descriptor is open",
          PIDFD + " ~ syscall setns 3 0 ~ it is one of the kind that is asked for",
          PIDFD + " ~ syscall setns 3 CLONE_NEWUTS|1 ~ it is one of the kind that is asked for",
          PIDFD
              + "; kill -9 3 ~ syscall setns 3 CLONE_NEWUTS ~ the process of a pidfd has not ended",
          PIDFD
              + "; kill -9 3; wait ~ syscall setns 3 CLONE_NEWUTS"
              + " ~ the process of a pidfd has not ended",
          PIDFD
              + "; caps drop sys_ptrace ~ syscall setns 3 CLONE_NEWUTS"
              + " ~ it may look into the process of a pidfd",
          PIDFD
              + "; switch a; unshare uts; switch doqu; caps drop sys_admin"
              + " ~ syscall setns 3 CLONE_NEWUTS ~ CAP_SYS_ADMIN over the namespace"
              + " + CAP_SYS_ADMIN in its own user namespace",
          PIDFD
              + " ~ syscall setns 3 CLONE_NEWUSER|CLONE_NEWUTS"
              + " ~ a user namespace is another than its own",
          "- ~ setns /etc/passwd ~ it is one of a namespace",
          "- ~ setns /proc/self/ns/uts mnt ~ it is one of the kind that is asked for",
          "- ~ setns /proc/self/ns/user user ~ a user namespace is another than its own",
          "syscall openat AT_FDCWD /proc/self/ns/uts 0; unshare user ~ syscall setns 3 0"
              + " ~ CAP_SYS_ADMIN over the namespace",
          "fork; switch child; unshare user uts; switch doqu; caps drop all ~ setns child uts"
              + " ~ CAP_SYS_ADMIN in its own user namespace",
          "fork; unshare user mnt; caps drop sys_chroot ~ setns /proc/self/ns/mnt mnt"
              + " ~ for a mount namespace CAP_SYS_CHROOT in its own user namespace",
          "unshare pid; fork; switch init ~ setns doqu pid"
              + " ~ a PID namespace is its own or one below",
          "caps drop all ~ sethostname x ~ CAP_SYS_ADMIN over its UTS namespace",
          "unshare user ~ sethostname x ~ CAP_SYS_ADMIN over its UTS namespace",
          "- ~ sethostname " + Failures.NAME_65 + " ~ the name has 64 bytes at most",
          "caps drop all ~ sethostname "
              + Failures.NAME_65
              + " ~ CAP_SYS_ADMIN over its UTS namespace + the name has 64 bytes at most",
          "- ~ mount -t tmpfs t /no/such ~ TARGET leads to something",
          "caps drop all ~ mount -t tmpfs t /tmp ~ CAP_SYS_ADMIN over its mount namespace",
          "mkdir /tmp/d ~ mount --make-private /tmp/d ~ TARGET is a mount point",
          Failures.BIND
              + " ~ mount -o remount,bind,ro /tmp/b"
              + " ~ no option is taken away that is locked",
          "- ~ mount -o remount,bind,noatime,nosuid,nodev /tmp ~ no option is taken away that is locked",
          A
              + "; unshare user mnt ~ mount -o remount,bind,strictatime /tmp/a"
              + " ~ no option is taken away that is locked",
          // What is locked came from a mount namespace that is neither the host's nor the stage's.
          "unshare user mnt; mkdir /tmp/a; mount -t tmpfs -o noexec t /tmp/a; fork; switch child;"
              + " unshare user mnt ~ mount -o remount,bind /tmp/a"
              + " ~ no option is taken away that is locked",
          "unshare user mnt; "
              + A
              + "; fork; switch child; unshare user mnt ~ mount -o remount,bind,nodiratime /tmp/a"
              + " ~ no option is taken away that is locked",
          "unshare pid mnt; fork; switch init; mount -t proc proc /proc"
              + " ~ mount -o remount,bind,noatime /proc ~ no option is taken away that is locked",
          GONE + " ~ mount -o remount,bind,ro . ~ TARGET's mount is in its mount namespace",
          GONE + " ~ mount --make-private . ~ TARGET's mount is in its mount namespace",
          A
              + " ~ mount -o remount,size=foo /tmp/a"
              + " ~ without bind: the file system knows the options",
          A
              + " ~ mount -o remount,nonsense /tmp/a"
              + " ~ without bind: the file system knows the options",
          "- ~ mount -o remount,nosuid,nodev,size=1x /tmp"
              + " ~ without bind: the file system knows the options"
              + " + without bind: the file system belongs to its user namespace",
          OPEN + " ~ mount -o remount,ro /tmp/a ~ with ro: no file is open for writing",
          OPEN + " ~ mount -o remount,bind,ro /tmp/a ~ with ro: no file is open for writing",
          OPEN
              + "; mkdir /tmp/b; mount --bind /tmp/a /tmp/b; mount -o remount,bind,ro /tmp/b"
              + " ~ mount -o remount,ro /tmp/b ~ with ro: no file is open for writing",
          MAPPED + " ~ mount -o remount,ro /tmp/a ~ with ro: no file is open for writing",
          A
              + "; chdir /tmp/a; mkdir d; chdir d; rmdir ../d ~ mount -o remount,ro /tmp/a"
              + " ~ with ro: no file is open for writing",
          OPEN
              + "; syscall fallocate 3 0 0 20000 ~ mount -o remount,size=4k /tmp/a"
              + " ~ without bind: it holds no more than is allowed then",
          "mkdir /tmp/a; mount -t tmpfs -o size=0 t /tmp/a ~ mount -o remount,size=1m /tmp/a"
              + " ~ without bind: it holds no more than is allowed then",
          A
              + "; mkdir /tmp/a/b; mkdir /tmp/a/c ~ mount -o remount,nr_inodes=2 /tmp/a"
              + " ~ without bind: it holds no more than is allowed then",
          "- ~ mount -o remount,rw,nosuid,nodev /tmp"
              + " ~ without bind: the file system belongs to its user namespace",
          "- ~ mount -o remount,rw /tmp ~ no option is taken away that is locked"
              + " + without bind: the file system belongs to its user namespace",
          "- ~ syscall mount t /tmp tmpfs 0x80000000 NULL"
              + " ~ the flags have no MS_NOUSER, which is the kernel's own",
          "- ~ syscall mount none /tmp NULL MS_PRIVATE|MS_SHARED NULL"
              + " ~ one propagation is asked for, and but with MS_REC nothing else",
          "- ~ syscall mount none /tmp NULL MS_SLAVE|MS_RDONLY NULL"
              + " ~ one propagation is asked for, and but with MS_REC nothing else",
          "- ~ syscall mount NULL /tmp NULL MS_BIND NULL ~ a SOURCE is given",
          "- ~ syscall mount '' /tmp NULL MS_MOVE NULL ~ a SOURCE is given",
          "- ~ mount --bind /no/such /tmp ~ SOURCE leads to something",
          FILE
              + " ~ mount --bind /proc/self/ns/mnt /tmp/f"
              + " ~ a mount namespace is newer, by its number, than its own",
          "mkdir /tmp/a; chdir /tmp/a; rmdir ../a ~ mount --bind /tmp ."
              + " ~ TARGET has not been removed, nor has its mount been taken away",
          GONE
              + " ~ mount -t tmpfs t . ~ TARGET has not been removed, nor has its mount been taken away",
          GONE
              + "; mkdir /tmp/b ~ mount --bind . /tmp/b ~ SOURCE's mount is in its mount namespace",
          GONE
              + "; mkdir /tmp/b ~ mount --move . /tmp/b ~ SOURCE's mount is in its mount namespace",
          A
              + "; mount --make-unbindable /tmp/a; mkdir /tmp/b ~ mount --bind /tmp/a /tmp/b"
              + " ~ SOURCE's mount is not unbindable",
          "mkdir /tmp/d ~ mount --bind / /tmp/d ~ no locked mount lies below SOURCE",
          "mount --make-unbindable /mnt; mkdir /tmp/d ~ mount --rbind / /tmp/d"
              + " ~ with rbind: no locked mount below SOURCE is unbindable",
          "syscall symlinkat /sys AT_FDCWD /tmp/l; mkdir /tmp/d ~ mount --bind /tmp/l/fs /tmp/d"
              + " ~ no locked mount lies below SOURCE",
          // By their paths they are told apart no more: below others, or in a chroot.
          LOCKED_BELOW
              + "; chdir /tmp/a; mount -t tmpfs x /tmp/a ~ mount --bind . /tmp/b"
              + " ~ no locked mount lies below SOURCE",
          LOCKED_BELOW
              + "; chroot /tmp; chdir / ~ mount --bind /a /b ~ no locked mount lies below SOURCE",
          // A part of the file system that has been bound, with what lies on that.
          "mkdir /tmp/s; mkdir /tmp/b; mount --rbind /sys/fs /tmp/s ~ mount --bind /tmp/s /tmp/b"
              + " ~ no locked mount lies below SOURCE",
          "mkdir /tmp/d ~ mount --bind /etc/passwd /tmp/d"
              + " ~ SOURCE and TARGET are both directories, or neither",
          "unshare mnt; mount --make-rprivate /; "
              + A
              + " ~ mount --move /tmp/a /etc/passwd"
              + " ~ SOURCE and TARGET are both directories, or neither",
          "mkdir /tmp/a; mkdir /tmp/b ~ mount --move /tmp/a /tmp/b ~ SOURCE is a mount point",
          "unshare mnt; mount --make-rprivate /; mkdir /tmp/b ~ mount --move /dev /tmp/b"
              + " ~ SOURCE's mount is not locked",
          A
              + "; mkdir /tmp/b ~ mount --move /tmp/a /tmp/b"
              + " ~ the mount SOURCE's lies on is not shared",
          "unshare mnt; mount --make-rprivate /; "
              + A
              + "; mkdir /tmp/a/b"
              + " ~ mount --move /tmp/a /tmp/a/b ~ TARGET is not below SOURCE",
          "unshare mnt; mount --make-rprivate /; mkdir /tmp/d; chdir /tmp/d; "
              + A
              + "; mount --move /tmp/a /tmp/d"
              + " ~ mount --move /tmp/d . ~ TARGET is not below SOURCE",
          UNBINDABLE
              + " ~ mount --move /tmp/a /tmp/s/d"
              + " ~ to a shared mount: nothing that moves is unbindable",
          UNBINDABLE.replace("unbindable /tmp/a", "private /tmp/a")
              + "; mkdir /tmp/a/u; mount -t tmpfs u /tmp/a/u; mount --make-unbindable /tmp/a/u"
              + " ~ mount --move /tmp/a /tmp/s/d"
              + " ~ to a shared mount: nothing that moves is unbindable",
          UNBINDABLE
              + "; mkdir /tmp/d; chdir /tmp/d; mount -t tmpfs t /tmp/d; mount --make-shared /tmp/d"
              + " ~ mount --move /tmp/a . ~ to a shared mount: nothing that moves is unbindable",
          "- ~ syscall mount none /tmp NULL 0 NULL ~ a type is given",
          "- ~ mount -t nonsense none /tmp ~ the kernel knows the type",
          "- ~ mount -t tmpfs -o nonsense=1 t /tmp ~ the file system knows the options",
          "- ~ mount -t fuse f /tmp ~ fuse and overlay are told what they cannot do without",
          "- ~ mount -t fuse.x f /tmp ~ fuse and overlay are told what they cannot do without",
          "- ~ mount -t overlay o /tmp ~ fuse and overlay are told what they cannot do without",
          overlay("lowerdir=/nope:/tmp/l", "its directories lead to something"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/u,workdir=/nope", "its directories lead to something"),
          overlay("lowerdir=/etc/passwd:/tmp/l", "they are directories"),
          overlay("lowerdir=/tmp/l", "with upperdir a workdir is given, without it two lowerdirs"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/u",
              "with upperdir a workdir is given, without it two lowerdirs"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/r/u,workdir=/tmp/r/w",
              "upperdir is on no read-only mount"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/t,workdir=/tmp/w",
              "upperdir and workdir are on one mount, and neither is in the other"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/u,workdir=/tmp/u",
              "upperdir and workdir are on one mount, and neither is in the other"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/w/d,workdir=/tmp/w",
              "upperdir and workdir are on one mount, and neither is in the other"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/w,workdir=/tmp/w/d",
              "upperdir and workdir are on one mount, and neither is in the other"),
          overlay(
              "lowerdir=/,upperdir=/tmp/u,workdir=/tmp/w",
              "no locked mount lies below one, and none is unbindable"),
          overlay(
              "lowerdir=/tmp/n:/tmp/l", "no locked mount lies below one, and none is unbindable"),
          overlay(
              "lowerdir=/tmp/l,upperdir=/tmp/l,workdir=/tmp/w",
              "no lowerdir is another of its directories, or in one"),
          overlay(
              "lowerdir=/tmp/w/d,upperdir=/tmp/u,workdir=/tmp/w",
              "no lowerdir is another of its directories, or in one"),
          overlay(
              "lowerdir=/tmp/w/d:/tmp/w", "no lowerdir is another of its directories, or in one"),
          OVERLAID
              + " ~ mount -t overlay -o lowerdir=/tmp/l:/tmp/u,foo o /tmp/m ~ the file system knows the options",
          OVERLAID
              + "; mount -t overlay -o lowerdir=/tmp/l:/tmp/u o /tmp/m"
              + " ~ mount -o remount,size=1m /tmp/m"
              + " ~ without bind: an overlay has an upperdir, or stays read-only",
          options("tmpfs", "size=foo"),
          options("tmpfs", "size="),
          options("tmpfs", "size"),
          options("tmpfs", "size=1m,9"),
          options("tmpfs", "size=08"),
          options("tmpfs", "nr_inodes=x"),
          options("tmpfs", "nr_blocks=1%"),
          options("tmpfs", "mode=9"),
          options("tmpfs", "mode=77777777777"),
          options("tmpfs", "uid=7777777"),
          options("tmpfs", "gid=-1"),
          options("tmpfs", "huge=often"),
          options("tmpfs", "inode64=1"),
          options("tmpfs", "noswap"),
          options("tmpfs", "usrquota"),
          options("devpts", "ptmxmode=8"),
          options("devpts", "newinstances"),
          "unshare ipc ~ mount -t mqueue -o x m /tmp ~ the file system knows the options",
          "unshare pid mnt; fork; switch init ~ mount -t proc -o hidepid=3 proc /proc"
              + " ~ the file system knows the options",
          "- ~ mount -t ext4 /dev/null /tmp ~ a user namespace may mount the type",
          "unshare user mnt ~ mount -t proc proc /proc"
              + " ~ for proc, sysfs, mqueue and cgroup: CAP_SYS_ADMIN over the namespace they show",
          "mount -t tmpfs t /proc/sys; unshare user pid mnt; fork; switch init"
              + " ~ mount -t proc proc /proc"
              + " ~ for proc and sysfs: another is in sight, with nothing mounted over it",
          "unshare pid mnt; fork; switch init ~ mount -t proc -o noatime proc /proc"
              + " ~ for proc and sysfs: another is in sight, with nothing mounted over it",
          "- ~ mount -t tmpfs t /etc/passwd ~ TARGET is a directory",
          A + " ~ syscall umount2 /tmp/a 64 ~ the flags are ones umount2 knows",
          "- ~ umount /no/such ~ TARGET leads to something",
          A + "; caps drop all ~ umount /tmp/a ~ CAP_SYS_ADMIN over its mount namespace",
          "mkdir /tmp/d ~ umount /tmp/d ~ TARGET is a mount point",
          A
              + "; syscall symlinkat a AT_FDCWD /tmp/l ~ syscall umount2 /tmp/l 8"
              + " ~ TARGET is a mount point",
          GONE + " ~ umount . ~ it is in the mount namespace",
          A
              + " ~ syscall umount2 /tmp/a MNT_EXPIRE|MNT_DETACH"
              + " ~ MNT_EXPIRE is not said with another flag, nor of /",
          A
              + "; chroot /tmp/a ~ syscall umount2 / MNT_EXPIRE"
              + " ~ MNT_EXPIRE is not said with another flag, nor of /",
          A
              + "; chdir /tmp/a ~ syscall umount2 /tmp/a MNT_EXPIRE"
              + " ~ nobody is in it, or has a file of it open",
          "mkdir /tmp/d ~ syscall umount2 /tmp/d MNT_EXPIRE ~ TARGET is a mount point",
          "- ~ umount /tmp ~ it is not locked",
          "caps drop all ~ umount /tmp ~ CAP_SYS_ADMIN over its mount namespace + it is not locked",
          "mkdir /tmp/b; mkdir /tmp/a; mount --bind /tmp/a /tmp/b ~ umount -f /tmp/b"
              + " ~ with -f: the file system belongs to its user namespace",
          A
              + "; mkdir /tmp/a/b; mount -t tmpfs u /tmp/a/b ~ umount /tmp/a"
              + " ~ nothing is mounted below it",
          A + "; chdir /tmp/a ~ umount /tmp/a ~ nobody is in it, or has a file of it open",
          A
              + "; chdir /tmp/a; mkdir b; mount -t tmpfs u b ~ umount /tmp/a"
              + " ~ nothing is mounted below it + nobody is in it, or has a file of it open",
          A
              + "; fork; switch child; unshare mnt; chdir /tmp/a; switch doqu ~ umount /tmp/a"
              + " ~ nobody is in a mount that goes with it by propagation",
          A
              + "; fork; switch child; unshare user mnt; chdir /tmp/a; switch doqu ~ umount /tmp/a"
              + " ~ nobody is in a mount that goes with it by propagation",
          "mkdir /tmp/a; mkdir /tmp/b; mkdir /tmp/a/d; mount --bind /tmp/a /tmp/b; mount -t tmpfs t /tmp/b/d;"
              + " fork; switch child; chdir /tmp/a/d; switch doqu ~ umount /tmp/b/d"
              + " ~ nobody is in a mount that goes with it by propagation",
          // Of what is upon the place that is asked for.
          ROOTED + "; pivot_root . . ~ umount . ~ nothing is mounted below it",
          A
              + "; chdir /tmp/a; mount -t tmpfs u /tmp/a; fork; switch child; chdir /tmp/a; switch doqu"
              + " ~ umount . ~ nobody is in it, or has a file of it open",
          Failures.BIND
              + "; chroot /tmp/b ~ umount /"
              + " ~ of /, which stays and is made read-only: the file system belongs to its user namespace",
          OPEN
              + "; chroot /tmp/a ~ umount / ~ of /: no file of its file system is open for writing",
          ROOTED + "; caps drop all ~ pivot_root . mnt ~ CAP_SYS_ADMIN over its mount namespace",
          ROOTED + " ~ pivot_root nosuch etc ~ NEW_ROOT leads to something",
          ROOTED
              + "; mount --bind etc/passwd etc/passwd ~ pivot_root etc/passwd etc"
              + " ~ NEW_ROOT is a directory",
          ROOTED + " ~ pivot_root . nosuch ~ PUT_OLD leads to something",
          ROOTED + " ~ pivot_root . etc/passwd ~ PUT_OLD is a directory",
          TMPFS
              + "; mount --make-shared /tmp/new; mkdir /tmp/new/old"
              + " ~ pivot_root /tmp/new /tmp/new/old ~ the mount PUT_OLD lies on is not shared",
          TMPFS
              + "; mkdir /tmp/new/old; chdir /tmp/new/old; mount -t tmpfs x /tmp/new/old;"
              + " mount --make-shared /tmp/new/old ~ pivot_root /tmp/new ."
              + " ~ the mount PUT_OLD lies on is not shared",
          TMPFS
              + "; mkdir /tmp/new/old; chdir /tmp/new/old; rmdir ../old ~ pivot_root /tmp/new ."
              + " ~ PUT_OLD has not been removed, nor has its mount been taken away",
          "unshare mnt; mkdir /tmp/n; mount -t tmpfs n /tmp/n; mount --make-private /tmp/n; mkdir /tmp/n/old"
              + " ~ pivot_root /tmp/n /tmp/n/old"
              + " ~ the mount on which NEW_ROOT's lies is not shared",
          // In a mount namespace of its own nobody else sees what a chroot hides.
          OWN_CHROOT
              + "; mkdir /n; mount -t tmpfs n /n; mount --make-private /n ~ pivot_root /n /n"
              + " ~ the mount on which NEW_ROOT's lies is not shared"
              + " + the mount on which that of / lies is not shared + / is a mount point",
          OWN_CHROOT
              + "; mkdir /n; mkdir /m; mount -t tmpfs n /n ~ mount --move /n /m"
              + " ~ the mount SOURCE's lies on is not shared",
          "mkdir /tmp/j; mount -t tmpfs j /tmp/j; mount --make-private /tmp/j; mkdir /tmp/j/n;"
              + " mount -t tmpfs n /tmp/j/n; mount --make-private /tmp/j/n; chroot /tmp/j; chdir / ~ pivot_root /n /n"
              + " ~ the mount on which that of / lies is not shared",
          TMPFS
              + "; chdir /tmp/new; "
              + A
              + "; chroot /tmp/a; umount -l / ~ pivot_root . ."
              + " ~ the mount of / is in its mount namespace + NEW_ROOT is below /",
          "unshare mnt; mount --make-rprivate / ~ pivot_root /dev /dev/pts"
              + " ~ NEW_ROOT's mount is not locked",
          "unshare mnt; mount --make-rprivate /; mkdir /tmp/a; mkdir /tmp/b; mount --bind /tmp/a /tmp/b;"
              + " rmdir /tmp/a ~ pivot_root /tmp/b /tmp/b"
              + " ~ PUT_OLD has not been removed, nor has its mount been taken away"
              + " + NEW_ROOT has not been removed",
          ROOTED
              + " ~ pivot_root . / ~ PUT_OLD is on another mount than /"
              + " + PUT_OLD is NEW_ROOT or below it",
          "unshare mnt; mount --make-rprivate / ~ pivot_root / / ~ NEW_ROOT's mount is not locked"
              + " + NEW_ROOT is on another mount than / + PUT_OLD is on another mount than /",
          "mkdir /tmp/j; unshare mnt; mount --make-rprivate /; chroot /tmp/j; chdir /; mkdir /n;"
              + " mount -t tmpfs n /n ~ pivot_root /n /n ~ / is a mount point",
          TMPFS
              + "; mkdir /tmp/new/s; mkdir /tmp/new/s/old ~ pivot_root /tmp/new/s /tmp/new/s/old"
              + " ~ NEW_ROOT is a mount point",
          ROOTED + " ~ pivot_root . /mnt ~ PUT_OLD is NEW_ROOT or below it",
          TMPFS
              + "; chdir /tmp/new; "
              + A
              + "; chroot /tmp/a ~ pivot_root . . ~ NEW_ROOT is below /",
          "- ~ chroot /no/such ~ the path leads to something",
          "- ~ chroot /etc/passwd ~ it is a directory",
          "mkdir -m 0 /tmp/d; caps drop dac_override dac_read_search ~ chroot /tmp/d"
              + " ~ it may be searched",
          "caps drop sys_chroot ~ chroot /tmp ~ CAP_SYS_CHROOT in its user namespace",
          "mkdir -m 0 /tmp/d; caps drop all ~ chroot /tmp/d"
              + " ~ it may be searched + CAP_SYS_CHROOT in its user namespace",
          "- ~ chdir /no/such ~ the path leads to something",
          "- ~ chdir /etc/passwd ~ it is a directory",
          "mkdir -m 0 /tmp/d; caps drop all ~ chdir /tmp/d ~ it may be searched",
          "- ~ mkdir /tmp/no/such ~ the directory it lies in leads to something",
          "- ~ mkdir /etc/passwd/d ~ what it lies in is a directory",
          "- ~ mkdir /tmp/" + Failures.NAME_256 + " ~ its name has 255 bytes at most",
          "- ~ mkdir /tmp/" + Failures.UMLAUTS_128 + " ~ its name has 255 bytes at most",
          "- ~ mkdir /tmp" + "/x".repeat(2048) + " ~ the directory it lies in leads to something",
          "mkdir /tmp/d ~ mkdir /tmp/d ~ nothing has that name yet",
          // No UTF-8: /tmp/ and a byte.
          "syscall mkdirat AT_FDCWD hex:2f746d702fff00 0755"
              + " ~ syscall mkdirat AT_FDCWD hex:2f746d702fff00 0755 ~ nothing has that name yet",
          "syscall symlinkat no AT_FDCWD /tmp/l ~ mkdir /tmp/l/ ~ nothing has that name yet",
          UNSEARCHABLE + " ~ mkdir /tmp/a/d/e ~ the directory it lies in may be searched",
          UNSEARCHABLE.replace("; caps", "; mount -o remount,bind,ro /tmp/a; caps")
              + " ~ mkdir /tmp/a/d/e ~ the directory it lies in may be searched"
              + " + the mount it lies on is not read-only",
          REMOVED + " ~ mkdir x ~ the directory it lies in has not been removed",
          REMOVED + " ~ chdir x ~ the path leads to something",
          DETACHED + " ~ chdir b/c ~ the path leads to something",
          "- ~ mkdir /dev/x ~ the mount it lies on is not read-only",
          "unshare pid mnt; fork; switch init; mount -t proc proc /proc ~ mkdir /proc/x"
              + " ~ the file system lets names be made",
          "unshare user mnt --no-map; mount -t tmpfs t /tmp ~ mkdir /tmp/d"
              + " ~ on a file system of its user namespace: that has its uid and gid",
          "mkdir /tmp/d; mount -t devpts d /tmp/d ~ mkdir /tmp/d/e"
              + " ~ the file system lets directories be made",
          "unshare ipc; mkdir /tmp/d; mount -t mqueue d /tmp/d ~ mkdir /tmp/d/e"
              + " ~ the file system lets directories be made",
          "mkdir -m 555 /tmp/d; caps drop all ~ mkdir /tmp/d/e"
              + " ~ the directory it lies in may be written to",
          "- ~ rmdir /tmp/no/such ~ the directory it lies in leads to something",
          "- ~ rmdir /etc/passwd/d ~ what it lies in is a directory",
          "mkdir /tmp/d; chdir /tmp/d ~ rmdir . ~ " + A_NAME,
          "mkdir /tmp/d; chdir /tmp/d ~ rmdir .. ~ " + A_NAME,
          "- ~ rmdir / ~ " + A_NAME,
          "- ~ rmdir /tmp/../.. ~ " + A_NAME,
          UNSEARCHABLE + " ~ rmdir /tmp/a/d/e ~ the directory it lies in may be searched",
          // Found before the mount, not after it.
          UNSEARCHABLE.replace("; caps", "; mount -o remount,bind,ro /tmp/a; caps")
              + " ~ rmdir /tmp/a/d/e ~ the directory it lies in may be searched"
              + " + the mount it lies on is not read-only",
          REMOVED + " ~ rmdir x ~ the directory it lies in has not been removed",
          "syscall symlinkat /tmp AT_FDCWD /tmp/l ~ rmdir /tmp/l/ ~ it is a directory",
          "- ~ rmdir /tmp/" + Failures.NAME_256 + " ~ its name has 255 bytes at most",
          Failures.BIND
              + "; mkdir /tmp/a/d; mount -o remount,bind,ro,nosuid,nodev /tmp/b"
              + " ~ rmdir /tmp/b/d ~ the mount it lies on is not read-only",
          "- ~ rmdir /tmp/no ~ something has that name",
          "mkdir /tmp/d; mkdir /tmp/d/e; syscall fchmodat AT_FDCWD /tmp/d 0555; caps drop all"
              + " ~ rmdir /tmp/d/e ~ the directory it lies in may be written to",
          Failures.TEXT + " ~ rmdir /tmp/text ~ it is a directory",
          "mkdir /tmp/d; mount -t tmpfs t /tmp/d ~ rmdir /tmp/d ~ nothing is mounted on it",
          "mkdir /tmp/d; mkdir /tmp/d/e ~ rmdir /tmp/d ~ it is empty",
          "- ~ setuid 70000 ~ the uid is one its user namespace has",
          "- ~ setgid 70000 ~ the gid is one its user namespace has",
          "- ~ syscall fchownat AT_FDCWD /no 0 0 0 ~ the path leads to something",
          "mkdir /tmp/d ~ syscall fchownat AT_FDCWD /tmp/d 70000 0 0"
              + " ~ the ids are ones its user namespace has",
          "caps drop sys_admin ~ caps raise sys_admin ~ what becomes permitted has been so",
          "- ~ syscall capset hex:2205082000000000 hex:010000000000000000000000000000000000000000000000"
              + " ~ what becomes effective is permitted then",
          "- ~ write /tmp/no x ~ the path leads to something",
          // After the unshare its maps are not to be found.
          Failures.PIVOTED + " ~ unshare user ~ the path leads to something",
          "- ~ write /tmp x ~ what is to be written is no directory",
          "unshare user --no-map; caps drop sys_admin ~ write /proc/self/setgroups deny"
              + " ~ for setgroups: CAP_SYS_ADMIN in its user namespace",
          "- ~ write /etc/passwd x ~ it may be written to",
          "mkdir -m 555 /tmp/d; caps drop all"
              + make("/tmp/d/f")
              + "the directory it lies in may be written to",
          A
              + "; mount -o remount,bind,ro /tmp/a"
              + make("/tmp/a/f")
              + "the mount it lies on is not read-only",
          "mkdir /tmp/a; mount -t tmpfs -o ro t /tmp/a"
              + make("/tmp/a/f")
              + "the mount it lies on is not read-only",
          // Made where a symbolic link says that leads to nothing.
          A
              + "; syscall symlinkat a/f AT_FDCWD /tmp/l; mount -o remount,bind,ro /tmp/a"
              + make("/tmp/l")
              + "the mount it lies on is not read-only",
          "syscall symlinkat no/f AT_FDCWD /tmp/l" + make("/tmp/l") + "the path leads to something",
          UNSEARCHABLE + make("/tmp/a/d/f") + "the directory it lies in may be searched",
          "-" + make("/etc/passwd/f") + "what it lies in is a directory",
          "-" + make("/tmp/f/") + "what is made is no directory: no slash ends its path",
          "-" + make("/tmp/") + "what is to be written is no directory",
          "- ~ syscall openat AT_FDCWD /tmp O_CREAT 0644 ~ what is to be written is no directory",
          REMOVED + make("f") + "the directory it lies in has not been removed",
          "-" + make("/tmp/" + Failures.NAME_256) + "its name has 255 bytes at most",
          "unshare pid mnt; fork; switch init; mount -t proc proc /proc"
              + make("/proc/f")
              + "the file system lets names be made",
          "unshare user mnt --no-map; mount -t tmpfs t /tmp"
              + make("/tmp/f")
              + "on a file system of its user namespace: that has its uid and gid",
          "mkdir /tmp/d; mount -t devpts d /tmp/d"
              + make("/tmp/d/f")
              + "the file system lets files be made",
          "mkdir /tmp/a; mount -t tmpfs -o nr_inodes=1 t /tmp/a"
              + make("/tmp/a/f")
              + "the file system has room for one more",
          "mkdir /tmp/a; mount -t tmpfs -o nr_inodes=1 t /tmp/a ~ mkdir /tmp/a/d"
              + " ~ the file system has room for one more",
          FILE
              + " ~ syscall openat AT_FDCWD /tmp/f O_WRONLY|O_CREAT|O_EXCL 0644"
              + " ~ with O_EXCL: nothing has that name yet",
          "syscall symlinkat no AT_FDCWD /tmp/l"
              + " ~ syscall openat AT_FDCWD /tmp/l O_WRONLY|O_CREAT|O_EXCL 0644"
              + " ~ with O_EXCL: nothing has that name yet",
          "- ~ syscall openat AT_FDCWD /etc/passwd O_DIRECTORY"
              + " ~ with O_DIRECTORY: it is a directory",
          "syscall symlinkat no AT_FDCWD /tmp/l ~ syscall openat AT_FDCWD /tmp/l O_NOFOLLOW"
              + " ~ with O_NOFOLLOW: it is no symbolic link",
          "- ~ syscall openat AT_FDCWD /tmp/d O_CREAT|O_DIRECTORY 0644 ~ the flags go together",
          "- ~ syscall openat AT_FDCWD /tmp O_TMPFILE 0644 ~ the flags go together",
          FILE
              + "; mount --bind /dev/null /tmp/f; mount -o remount,bind,ro,nosuid,noexec,nodev /tmp/f"
              + " ~ syscall openat AT_FDCWD /tmp/f O_RDONLY"
              + " ~ a device is not on a nodev mount",
          FILE.replace("0644", "0200")
              + "; caps drop all ~ syscall openat AT_FDCWD /tmp/f O_RDONLY ~ it may be read",
          FILE.replace("0644", "0")
              + "; caps drop all ~ syscall openat AT_FDCWD /tmp/f O_RDWR"
              + " ~ it may be read + it may be written to",
          "- ~ syscall write 99 x 1 ~ the descriptor is open",
          "- ~ syscall openat 99 x 0 ~ " + A_DIRECTORY,
          "syscall openat AT_FDCWD /etc/passwd 0 ~ syscall mkdirat 3 x 0755 ~ " + A_DIRECTORY,
          "syscall openat AT_FDCWD /tmp 0; mkdir /tmp/x; chdir /mnt ~ syscall mkdirat 3 x 0755"
              + " ~ nothing has that name yet",
          "syscall openat AT_FDCWD /tmp 0; chdir /mnt"
              + " ~ syscall unlinkat 3 x AT_REMOVEDIR ~ something has that name",
          "syscall openat AT_FDCWD /tmp 0 ~ syscall openat 3 no/x 0 ~ the path leads to something",
          "- ~ syscall fchownat 99 '' 0 0 AT_EMPTY_PATH ~ " + A_DIRECTORY,
          "syscall openat AT_FDCWD /etc/passwd 0 ~ syscall fchownat 3 '' 0 0 0"
              + " ~ the path leads to something",
          A
              + "; syscall openat AT_FDCWD /tmp/a 0; mount -o remount,bind,ro /tmp/a"
              + " ~ syscall fchownat 3 '' 0 0 AT_EMPTY_PATH"
              + " ~ the mount it lies on is not read-only",
          A
              + "; mount -o remount,bind,ro /tmp/a; chdir /tmp/a"
              + " ~ syscall fchownat AT_FDCWD '' 0 0 AT_EMPTY_PATH"
              + " ~ the mount it lies on is not read-only",
          "- ~ syscall fchownat AT_FDCWD /tmp 0 0 AT_REMOVEDIR"
              + " ~ the flags are ones fchownat knows",
          "unshare user ~ write /proc/self/setgroups allow"
              + " ~ setgroups: allow stays as it is, and deny comes before gid_map",
          "unshare user ~ write /proc/self/uid_map '0 0 1' ~ an id map is written once only",
          "unshare user --no-map; caps drop sys_admin ~ write /proc/self/uid_map '0 0 1'"
              + " ~ an id map is written with CAP_SYS_ADMIN in its user namespace",
          "unshare user --no-map; write /proc/self/setgroups deny; caps drop sys_admin"
              + " ~ write /proc/self/gid_map '0 0 1'"
              + " ~ an id map is written with CAP_SYS_ADMIN in its user namespace",
          "unshare user --no-map ~ write /proc/self/uid_map x"
              + " ~ an id map has lines of three numbers",
          "unshare user --no-map ~ write /proc/self/uid_map '4294967295 0 1'"
              + " ~ the numbers of an id map are ids, and at least one",
          OPEN_MAP + " ~ " + written("0 0 1\n1 0 1") + " ~ no id is in two lines of an id map",
          OPEN_MAP + " ~ " + written(lines(341)) + " ~ an id map has 340 lines at most",
          OPEN_MAP
              + " ~ "
              + written("0 0 1" + " ".repeat(4096))
              + " ~ an id map is written at once, from its beginning and in less than a page",
          "unshare user --no-map; syscall openat AT_FDCWD /proc/self/setgroups O_RDWR;"
              + " syscall read 3 out:3 3 ~ syscall write 3 deny 4"
              + " ~ an id map is written at once, from its beginning and in less than a page",
          "syscall openat AT_FDCWD /tmp/x O_WRONLY|O_CREAT 0600 ~ syscall write 3 1 5"
              + " ~ what is to be written can be read",
          "syscall openat AT_FDCWD /etc/passwd O_RDONLY ~ syscall write 3 x 1"
              + " ~ it is open for writing",
          "unshare user --no-map ~ write /proc/self/uid_map '0 70000 1'"
              + " ~ an id map needs a capability outside, or maps just who made the namespace"
              + " + the ids outside are ones the namespace around has",
          // Nobody is left whom the ids outside could be asked of, and none is needed.
          "unshare user; unshare user --no-map ~ write /proc/self/uid_map '0 0 2'"
              + " ~ an id map needs a capability outside, or maps just who made the namespace",
          "- ~ write /proc/self/oom_score_adj x"
              + " ~ a file of /proc that holds numbers is given numbers");

  /** The same, where it takes another user. */
  private static final List<String> BROKEN_AS_ROOT =
      List.of(
          // For an ordinary user it says so already, and there is but one id outside.
          "unshare user --no-map ~ write /proc/self/gid_map '0 0 1'"
              + " ~ an id map needs a capability outside, or maps just who made the namespace",
          "unshare user --no-map ~ write /proc/self/uid_map '0 0 2'"
              + " ~ an id map needs a capability outside, or maps just who made the namespace",
          "fork; setuid 1000 ~ kill 3"
              + " ~ it has the user of the process, or CAP_KILL over its user namespace",
          "mkdir /tmp/d; setuid 1000 ~ rmdir /tmp/d"
              + " ~ in a sticky directory: it is the owner's of one of both",
          "caps drop all ~ setuid 1000"
              + " ~ CAP_SETUID in its user namespace, or it is its own real or saved uid",
          "caps drop all ~ setgid 1000"
              + " ~ CAP_SETGID in its user namespace, or it is its own real or saved gid",
          "mkdir /tmp/d; caps drop chown ~ syscall fchownat AT_FDCWD /tmp/d 1000 0 0"
              + " ~ CAP_CHOWN in its user namespace, or it is the owner and stays so",
          // No capability is over who has no id.
          "mkdir /tmp/d; syscall fchownat AT_FDCWD /tmp/d 1000 0 0; unshare user"
              + " ~ syscall fchownat AT_FDCWD /tmp/d 0 0 0"
              + " ~ CAP_CHOWN in its user namespace, or it is the owner and stays so",
          "mkdir /tmp/d; syscall fchownat AT_FDCWD /tmp/d 0 1000 0; caps drop chown"
              + " ~ syscall fchownat AT_FDCWD /tmp/d 0 1001 0"
              + " ~ CAP_CHOWN in its user namespace, or it is the owner and stays so",
          FILE
              + "; syscall fchownat AT_FDCWD /tmp/f 1000 0 0; caps drop fowner"
              + " ~ syscall openat AT_FDCWD /tmp/f O_NOATIME"
              + " ~ with O_NOATIME: it is the owner, or has CAP_FOWNER over the owner",
          FILE
              + "; syscall fchownat AT_FDCWD /tmp/f 1000 0 0; unshare user"
              + " ~ syscall openat AT_FDCWD /tmp/f O_NOATIME"
              + " ~ with O_NOATIME: it is the owner, or has CAP_FOWNER over the owner",
          // Neither has an id there: to itself both are 65534.
          "mkdir /tmp/d; setuid 1000; unshare user --no-map ~ syscall openat AT_FDCWD /tmp/d O_NOATIME"
              + " ~ with O_NOATIME: it is the owner, or has CAP_FOWNER over the owner",
          "mkdir /tmp/d; setuid 1000; unshare user --no-map ~ rmdir /tmp/d"
              + " ~ in a sticky directory: it is the owner's of one of both");

  /** What is fine, although little of what it depends on is in the actor's sight. */
  private static final List<String> FINE =
      List.of(
          PIDFD + " ~ syscall setns 3 CLONE_NEWUTS",
          "syscall openat AT_FDCWD /tmp O_PATH ~ syscall mkdirat 3 x 0755",
          "syscall symlinkat f AT_FDCWD /tmp/l ~ syscall openat AT_FDCWD /tmp/l O_RDWR|O_CREAT 0644",
          // Of a file that is there nothing is asked of the directory.
          FILE + "; caps drop all ~ syscall openat AT_FDCWD /tmp/f O_RDWR|O_CREAT 0644",
          OPEN
              + "; syscall close 3; mount -o remount,bind,ro /tmp/a"
              + " ~ syscall openat AT_FDCWD /tmp/a/f O_RDONLY|O_CREAT 0644",
          "syscall symlinkat no AT_FDCWD /tmp/l ~ syscall openat AT_FDCWD /tmp/l O_PATH|O_NOFOLLOW",
          FILE.replace("0644", "0") + "; caps drop all ~ syscall openat AT_FDCWD /tmp/f O_PATH",
          "mkdir /tmp/d; syscall openat AT_FDCWD /tmp/d/f O_RDWR|O_CREAT 0644;"
              + " syscall unlinkat AT_FDCWD /tmp/d/f 0; rmdir /tmp/d"
              + " ~ syscall openat AT_FDCWD /proc/self/fd/3 O_RDWR|O_CREAT 0644",
          "mkdir /tmp/d ~ syscall openat AT_FDCWD /tmp/d/ O_DIRECTORY|O_NOATIME",
          FILE + " ~ syscall openat AT_FDCWD /proc/self/root/tmp/f O_RDWR|O_CREAT 0644",
          "mkdir /tmp/a; mount -t tmpfs -o nr_inodes=2 t /tmp/a ~ mkdir /tmp/a/d",
          "mkdir /tmp/y ~ syscall mkdirat 99 /tmp/x 0755",
          "write /proc/self/oom_score_adj 900 ~ write /proc/self/oom_score_adj 1000",
          "fork ~ syscall clone CLONE_PARENT",
          // Of one thread alone nothing is to be parted.
          "- ~ syscall unshare CLONE_THREAD|CLONE_SIGHAND|CLONE_VM",
          "syscall openat AT_FDCWD /etc/passwd 0; chdir /tmp; mkdir d; syscall openat AT_FDCWD d 0"
              + " ~ syscall fchownat 4 '' 0 0 AT_EMPTY_PATH",
          "mkdir /tmp/d; chdir /tmp/d ~ syscall fchownat AT_FDCWD '' 0 0 AT_EMPTY_PATH",
          "syscall symlinkat no AT_FDCWD /tmp/l"
              + " ~ syscall fchownat AT_FDCWD /tmp/l 0 0 AT_SYMLINK_NOFOLLOW",
          PIDFD
              + "; switch a; unshare user mnt uts; switch doqu"
              + " ~ syscall setns 3 CLONE_NEWUSER|CLONE_NEWNS|CLONE_NEWUTS",
          PIDFD
              + "; switch a; unshare user mnt uts; switch doqu; caps drop all"
              + " ~ syscall setns 3 CLONE_NEWUSER|CLONE_NEWNS|CLONE_NEWUTS",
          "fork ~ syscall wait4 0 NULL WNOHANG NULL",
          "syscall clone 0 ~ syscall wait4 -1 NULL __WCLONE|WNOHANG NULL",
          "fork ~ syscall wait4 -1 1 WNOHANG NULL",
          "unshare mnt; chroot $ROOTFS; chdir / ~ mount -t proc proc /proc",
          "unshare user mnt; " + A + "; chroot /tmp/a ~ umount -l /",
          // What goes is the uppermost there, which . and / do not lead to.
          A + "; chdir /tmp/a; mount -t tmpfs u /tmp/a ~ umount .",
          "mkdir /tmp/d; chdir /tmp/d; mount -t tmpfs t /tmp/d; mount -t tmpfs u /tmp/d ~ umount .",
          "unshare mnt; mount --make-rprivate /; mount -t tmpfs t / ~ umount /",
          "mkdir /tmp/j; chroot /tmp/j; mount -t tmpfs t / ~ umount /",
          "mkdir /tmp/j; mkdir /tmp/j/d; chroot /tmp/j; chdir /d; mount -t tmpfs t . ~ umount .",
          // What is upon / is reached from there, if not by a path.
          "mount -t tmpfs t /; mount --make-rprivate /; mount --bind $ROOTFS $ROOTFS"
              + " ~ pivot_root $ROOTFS $ROOTFS/mnt",
          "unshare mnt; mount -t tmpfs t /; mount --make-rprivate /; chdir /tmp; chdir .."
              + " ~ pivot_root . .",
          // A mount upon / hides from others what is below a chroot.
          "mkdir /tmp/a; mount -t tmpfs t /tmp/a; unshare mnt; chroot /tmp/a; mount -t tmpfs t ."
              + " ~ mount --make-rprivate /",
          ROOTED + "; pivot_root . . ~ umount -l .",
          ROOTED + "; pivot_root . . ~ umount -l /",
          A + "; syscall symlinkat a AT_FDCWD /tmp/l ~ umount /tmp/l",
          // The root stays, and whoever is in it is in nobody's way.
          A + "; chroot /tmp/a; mkdir /b; mount -t tmpfs b /b ~ umount /",
          // Whoever has no ids here has some for a file system that belongs to outside.
          "unshare user mnt --no-map ~ mkdir /tmp/d",
          "unshare mnt; mount -t tmpfs t /tmp; unshare user --no-map ~ mkdir /tmp/d",
          // Options that were set here, after it came along, are not locked.
          "mount -o remount,bind,ro,nosuid,nodev /tmp ~ mount -o remount,bind,nosuid,nodev /tmp",
          A
              + "; unshare user mnt; mount -o remount,bind,noexec /tmp/a ~ mount -o remount,bind /tmp/a",
          "- ~ mount -o remount,bind,nosuid,nodev,relatime /tmp",
          "unshare user mnt; " + A + " ~ mount -o remount,bind,noatime /tmp/a",
          "unshare ipc mnt; mount -t mqueue m /tmp ~ mount -o remount,bind,ro /tmp",
          OPEN + "; mkdir /tmp/b; mount --bind /tmp/a /tmp/b ~ mount -o remount,bind,ro /tmp/b",
          OPEN + "; chdir /tmp/a ~ mount -o remount,size=1m,nr_inodes=10,mode=7 /tmp/a",
          "- ~ mount -t tmpfs -o size=10%,mode=+1777,nr_inodes=0x10k,uid=0,huge=never,inode64 t /tmp",
          "- ~ mount -t tmpfs -o size=k,nr_blocks=010,gid=0x0,,=x t /tmp",
          "- ~ syscall mount t /tmp tmpfs 0 async,rw,size=1M",
          "- ~ mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=0,max=10 d /mnt",
          "unshare pid mnt; fork; switch init"
              + " ~ mount -t proc -o hidepid=invisible,gid=0,subset=pid proc /proc",
          OVERLAID + " ~ mount -t overlay -o lowerdir=/tmp/l:/tmp/u o /tmp/m",
          OVERLAID + " ~ mount -t overlay -o lowerdir=/tmp/t:/tmp o /tmp/m",
          OVERLAID
              + "; mount -t overlay -o lowerdir=/tmp/l:/tmp/u o /tmp/m"
              + " ~ mount -o remount,ro,size=1m /tmp/m",
          OVERLAID
              + "; mount -t overlay -o lowerdir=/tmp/l,upperdir=/tmp/u,workdir=/tmp/w o /tmp/m"
              + " ~ mount -o remount,size=1m /tmp/m",
          OVERLAID
              + " ~ mount -t overlay -o lowerdir=/usr:/tmp/l,upperdir=/tmp/u,workdir=/tmp/w o /tmp/m",
          OVERLAID
              + " ~ mount -t overlay -o userxattr,lowerdir=/tmp/w,upperdir=/tmp/w/d,workdir=/tmp/u o /tmp/m",
          OVERLAID + "; chdir /tmp ~ mount -t overlay -o lowerdir=l:u o m",
          "syscall mkdirat AT_FDCWD hex:2f746d702fff00 0755 ~ syscall chdir hex:2f746d702fff00",
          "syscall symlinkat hex:ff00 AT_FDCWD /tmp/l; syscall mkdirat AT_FDCWD hex:2f746d702fff00 0755"
              + " ~ syscall openat AT_FDCWD /tmp/l O_RDONLY",
          "syscall symlinkat hex:ff00 AT_FDCWD /tmp/l"
              + " ~ syscall openat AT_FDCWD /tmp/l O_RDWR|O_CREAT 0644",
          FILE + " ~ mount --bind /proc/self/ns/uts /tmp/f",
          LOCKED_BELOW + "; mount -t tmpfs x /tmp/a ~ mount --bind /tmp/a /tmp/b",
          "mkdir /tmp/d ~ mount --bind /sys/fs/fuse /tmp/d",
          UNBINDABLE + "; mkdir /mnt/d ~ mount --rbind /tmp /mnt/d",
          "mount --make-unbindable /mnt; mkdir /tmp/d ~ mount --rbind /usr /tmp/d",
          // What lies upon / hides the mount of a chroot from everybody else.
          "unshare mnt; mount -t tmpfs t /; chroot $ROOTFS ~ mount -t tmpfs t /tmp",
          UNBINDABLE + "; mkdir /tmp/d ~ mount --move /tmp/a /tmp/d",
          UNBINDABLE.replace("mount --make-unbindable /tmp/a", "syscall getpid")
              + " ~ mount --move /tmp/a /tmp/s/d",
          // What others are mounted on does not go by propagation: who is in it keeps nothing busy.
          A
              + "; fork; switch child; unshare mnt; mount --make-private /tmp/a; mkdir /tmp/a/b;"
              + " mount -t tmpfs u /tmp/a/b; chdir /tmp/a; switch doqu ~ umount /tmp/a");

  /** The same, where it takes another user. */
  private static final List<String> FINE_AS_ROOT =
      List.of(
          "mkdir /tmp/d; setuid 1000 ~ syscall fchownat AT_FDCWD /tmp/d -1 -1 0",
          "mkdir /tmp/d; unshare user --no-map ~ syscall openat AT_FDCWD /tmp/d O_NOATIME",
          "mkdir /tmp/d; syscall fchownat AT_FDCWD /tmp/d 0 1000 0; caps drop chown"
              + " ~ syscall fchownat AT_FDCWD /tmp/d 0 1000 0",
          "mkdir /tmp/d; syscall setgroups 1 hex:e8030000; caps drop chown"
              + " ~ syscall fchownat AT_FDCWD /tmp/d 0 1000 0");

  /** What no test can break alone, and why. */
  private static final Set<String> NOT_ALONE =
      Set.of(
          // The machine's cgroups are not the tests' to limit.
          "its cgroup has fewer than pids.max",
          // A seccomp filter, a security module, the user who made a namespace, and whether two
          // mounts are of one file system the kernel tells nobody: these are unknown, not broken.
          "no seccomp filter and no security module forbids it",
          "to map uid 0 outside, who made the namespace had CAP_SETFCAP",
          "the very same file system is not mounted there",
          // Unknown too.
          "the file system makes files without a name",
          "for overlay: what doqu does not read of its directories is as it has to be",
          // Which of two mount namespaces counts as the newer is a matter of the CPUs they were
          // made
          // on; a test of its own has both.
          "a mount namespace is bound where nobody else learns of it",
          // Which hierarchies there are, and marks of MNT_EXPIRE: unknown too.
          "for cgroup: that hierarchy is there already",
          "it has been marked by MNT_EXPIRE before, and not been used since",
          // Of another process doqu does not judge the maps.
          "the user namespace of another process takes what is written",
          // On a stage the mount of / is locked, so that these break together with others.
          "NEW_ROOT is on another mount than /",
          "PUT_OLD is on another mount than /",
          // Nothing lies below what has been removed, so that PUT_OLD has been too.
          "NEW_ROOT has not been removed",
          // From a mount that is mounted nowhere nothing is below it that is in the namespace.
          "the mount of / is in its mount namespace",
          // Whoever lacks it also maps somebody else.
          "the ids outside are ones the namespace around has");

  /** What makes a script that is executable. */
  private static String script(String path, String text) {
    return "syscall openat AT_FDCWD PATH O_WRONLY|O_CREAT 0755; syscall close 3; write PATH '"
            .replace("PATH", path)
        + text
        + "'";
  }

  private static String overlay(String options, String needs) {
    return OVERLAID + " ~ mount -t overlay -o " + options + " o /tmp/m ~ for overlay: " + needs;
  }

  /** The line that makes a file. */
  private static String make(String path) {
    return " ~ syscall openat AT_FDCWD " + path + " O_RDWR|O_CREAT 0644 ~ ";
  }

  /** As many lines of an id map. */
  private static String lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> i + " " + i + " 1\n").collect(joining());
  }

  /** The call that writes a text to descriptor 3. */
  private static String written(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return "syscall write 3 hex:" + HexFormat.of().formatHex(bytes) + " " + bytes.length;
  }

  private static String limit(String kind) {
    return "unshare user; write /proc/sys/user/max_KIND_namespaces 0 ~ unshare KIND ~ there may be one more KIND namespace"
        .replace("KIND", kind);
  }

  private static String options(String type, String options) {
    return "- ~ mount -t "
        + type
        + " -o "
        + options
        + " t /tmp ~ the file system knows the options";
  }

  /** After what, which line, which step mends it. */
  private static final List<String> MENDED =
      List.of(
          "- ~ mount -o remount,bind,ro,noatime /mnt ~ mount -o remount,bind,ro,nosuid,nodev /mnt",
          "- ~ mount -o remount,ro,size=1m /mnt ~ mount -o remount,bind,ro,nosuid,nodev /mnt",
          "mkdir /tmp/a; mount -t tmpfs -o nodev t /tmp/a; unshare user mnt"
              + " ~ mount -o remount,bind,noexec /tmp/a ~ mount -o remount,bind,nodev,noexec /tmp/a",
          OPEN + " ~ mount -o remount,ro /tmp/a ~ syscall close 3",
          UNBINDABLE + " ~ mount --move /tmp/a /tmp/s/d ~ mount --make-private /tmp/a",
          "mkdir /tmp/d ~ mount --bind / /tmp/d ~ mount --rbind / /tmp/d",
          OPEN + "; chroot /tmp/a ~ umount / ~ syscall close 3",
          "mkdir /tmp/d; mount --rbind /usr/bin /tmp/d; mount -o remount,bind,ro,nosuid,nodev,noexec /tmp/d"
              + " ~ exec /tmp/d/env ~ mount -o remount,bind,exec,ro,nosuid,nodev /tmp/d",
          "mkdir /tmp/a; mount -t tmpfs -o noexec t /tmp/a; mkdir /tmp/a/d; "
              + PROGRAM.replace("/tmp/", "/tmp/a/")
              + "; syscall close 3; mount -o remount,bind,noexec,ro,nosymfollow,noatime /tmp/a"
              + " ~ exec /tmp/a/script ~ mount -o remount,bind,exec,ro,nosymfollow /tmp/a");

  static Stream<Arguments> mended() {
    return rows(MENDED);
  }

  @ParameterizedTest(name = "{0} | {1}: {2}")
  @MethodSource("mended")
  void whatMendsIsSaidAndDoes(String before, String line, String mend) {
    try (Play play = new Play()) {
      play.does(before);
      play.errno(line);
      assertThat(last(play.last()).causes().get(0).verdict().mend()).isEqualTo(mend);
      play.does(mend);
    }
  }

  /** After what, which line, which steps let the same line succeed. */
  private static final List<String> MENDED_FOR_IT =
      List.of(
          "unshare pid ~ unshare pid ~ fork; switch child",
          "unshare user mnt ~ mount -t proc p /proc ~ unshare pid; fork; switch child",
          "unshare user mnt pid ~ mount -t proc p /proc ~ fork; switch child",
          "unshare user mnt pid; fork ~ mount -t proc p /proc ~ fork; switch child",
          "unshare user --no-map; write /proc/self/setgroups deny ~ unshare user"
              + " ~ write /proc/self/uid_map '0 0 1'; write /proc/self/gid_map '0 0 1'",
          "unshare user ~ write /proc/self/uid_map '0 0 1' ~ unshare user --no-map");

  static Stream<Arguments> mendedForIt() {
    return rows(MENDED_FOR_IT);
  }

  /** For an ordinary user setgroups is denied already. */
  @Test
  @NeedsRoot
  void whoLacksIdsIsToldToWriteAllThatGivesThem() {
    whatMendsLetsItSucceed(
        "unshare user --no-map mnt; mount -t tmpfs t /tmp",
        "mkdir /tmp/d",
        "write /proc/self/uid_map '0 0 1'; write /proc/self/setgroups deny;"
            + " write /proc/self/gid_map '0 0 1'");
  }

  @ParameterizedTest(name = "{0} | {1}: {2}")
  @MethodSource("mendedForIt")
  void whatMendsLetsItSucceed(String before, String line, String mend) {
    try (Play play = new Play()) {
      play.does(before);
      play.errno(line);
      assertThat(last(play.last()).causes().get(0).verdict().mend()).isEqualTo(mend);
      play.does(mend, line);
    }
  }

  static Stream<Arguments> fine() {
    return fine(FINE);
  }

  static Stream<Arguments> fineAsRoot() {
    return fine(FINE_AS_ROOT);
  }

  private static Stream<Arguments> fine(List<String> rows) {
    return rows.stream()
        .map(row -> row.split(" ~ ", 2))
        .map(row -> Arguments.of(row[0].equals("-") ? "" : row[0], row[1]));
  }

  static Stream<Arguments> broken() {
    return rows(BROKEN);
  }

  static Stream<Arguments> brokenAsRoot() {
    return rows(BROKEN_AS_ROOT);
  }

  private static Stream<Arguments> rows(List<String> rows) {
    return rows.stream()
        .map(row -> row.split(" ~ ", 3))
        .map(row -> Arguments.of(row[0].equals("-") ? "" : row[0], row[1], row[2]));
  }

  @ParameterizedTest(name = "{0} | {1}: {2}")
  @MethodSource("broken")
  void whatIsBrokenIsFound(String before, String line, String needs) {
    try (Play play = new Play()) {
      play.does(before, "predict " + line);
      String foreseen = play.lastLook();
      String errno = play.errno(line);
      Explanation why = last(play.last());
      assertThat(why.checked())
          .filteredOn(one -> one.verdict().isBroken())
          .extracting(one -> one.precondition().needs())
          .containsExactly(needs.split(" \\+ "));
      assertThat(why.causes()).isNotEmpty();
      assertThat(foreseen).contains(" would fail with " + errno + " ");
    }
  }

  @ParameterizedTest(name = "{0} | {1}: {2}")
  @MethodSource("brokenAsRoot")
  @NeedsRoot
  void whatIsBrokenIsFoundAsRoot(String before, String line, String needs) {
    whatIsBrokenIsFound(before, line, needs);
  }

  @ParameterizedTest(name = "{0} | {1}")
  @MethodSource("fine")
  void whatIsFineIsForeseen(String before, String line) {
    try (Play play = new Play()) {
      play.does(before, "predict " + line);
      assertThat(play.lastLook()).contains(" would succeed").doesNotContain(" would fail");
      play.does(line);
    }
  }

  @ParameterizedTest(name = "{0} | {1}")
  @MethodSource("fineAsRoot")
  @NeedsRoot
  void whatIsFineIsForeseenAsRoot(String before, String line) {
    whatIsFineIsForeseen(before, line);
  }

  static Stream<String> idMaps() {
    return Stream.of(
        "",
        "0",
        "0 0",
        "0 0 ",
        "0 0 1",
        "0 0 1\n",
        "0 0 1\n\n",
        "\n0 0 1",
        " \t0\u000b0\f1\r",
        "0 0 1 2",
        "0 0 1x",
        "0x0 0 1",
        "-0 0 1",
        "+0 0 1",
        "0 0 1\0x",
        "00 00 01",
        "0 0 0",
        "0 0 4294967295",
        "0 0 4294967296",
        "1 0 4294967294",
        "1 0 4294967295",
        "4294967294 0 1",
        "4294967295 0 1",
        "0 4294967295 1",
        "4294967296 4294967296 4294967297",
        "18446744073709551616 0 1",
        "0 0 2\n2 2 2",
        "0 0 2\n1 2 2",
        "0 0 2\n2 1 2",
        lines(340),
        lines(340).strip(),
        lines(341));
  }

  @ParameterizedTest
  @MethodSource("idMaps")
  void anIdMapIsReadAsTheKernelReadsIt(String text) {
    try (Play play = new Play()) {
      play.does(OPEN_MAP, "predict " + written(text));
      String foreseen = play.lastLook();
      play.session.line(written(text));
      StepRecord record = play.last();
      if (record.ok()) {
        assertThat(foreseen).contains(" would succeed");
      } else {
        assertThat(foreseen).contains(" would fail with " + record.errno() + " ");
        assertThat(causes(play)).isNotEmpty();
      }
    }
  }

  static Stream<String> scripts() {
    return Stream.of(
        "",
        "#",
        "#!",
        "#! ",
        "#!\n",
        "#!/bin/true\n",
        "#!\t /bin/true",
        "#!/bin/true x y",
        "#!/bin/true\r",
        "#!true",
        "#!" + " ".repeat(243) + "/bin/true",
        "#!" + " ".repeat(244) + "/bin/true",
        "#!" + " ".repeat(245) + "/bin/true",
        "#!" + " ".repeat(245) + "/bin/true x",
        "#!" + " ".repeat(246) + "/bin/true",
        "#!" + " ".repeat(300) + "/bin/true",
        "#!/tmp/chain4",
        "#!/tmp/chain5",
        "#!/tmp/chain6",
        "#!/tmp/cut",
        "#!/tmp/plain",
        "#!/tmp/empty",
        "#!/etc/passwd",
        "#!/etc",
        "#!/etc/passwd/x",
        "#!/proc/self/exe");
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void aScriptIsReadAsTheKernelReadsIt(String text) {
    try (Play play = new Play()) {
      play.does(script("/tmp/chain1", "#!/bin/true"));
      for (int i = 2; i <= 6; i++) {
        play.does(script("/tmp/chain" + i, "#!/tmp/chain" + (i - 1)));
      }
      play.does(script("/tmp/cut", "#!"), script("/tmp/plain", "x"), script("/tmp/empty", ""));
      play.does(script("/tmp/s", text), "fork", "switch child", "predict exec /tmp/s");
      String foreseen = play.lastLook();
      play.session.line("exec /tmp/s");
      StepRecord record = play.last();
      if (record.ok()) {
        assertThat(foreseen).endsWith(" would succeed");
      } else {
        assertThat(foreseen).contains(" would fail with " + record.errno() + " ");
        assertThat(causes(play)).hasSize(1);
      }
    }
  }

  @Test
  void whoIsInterruptedIsToldByWhom() throws InterruptedException {
    try (Play play = new Play()) {
      play.does("fork a", "wait");
      play.session.interrupt();
      returns(play);
      assertThat(Why.briefly(play.last()))
          .first()
          .asString()
          .startsWith("because Ctrl-C came: doqu sent it SIGURG");
      // What another process sends the kernel tells nobody of.
      play.does("wait", "switch a", "kill -URG 2");
      returns(play);
      assertThat(Why.briefly(play.last()))
          .first()
          .asString()
          .startsWith(
              "perhaps a signal came that it has a handler for: SigCgt is 0000000000400000");
    }
  }

  /** Until the step that was blocked is told. */
  private static void returns(Play play) throws InterruptedException {
    for (int looks = 0; !play.last().step().equals("wait") && looks < 100; looks++) {
      Thread.sleep(20);
      play.session.settle();
    }
    assertThat(play.last().errno()).isEqualTo("EINTR");
  }

  @Test
  void whoMayNotLookIntoAProcessIsToldWhatItLacks() {
    try (Play play = new Play()) {
      play.does("fork a", "fork b", "switch a", "unshare user");
      assertThat(play.errno("setns 1 uts")).isEqualTo("EACCES");
      assertThat(causes(play).get(0).evidence())
          .matches(
              ".* may not look into: the process belongs to user:\\[\\d+]; it is in user:\\[\\d+],"
                  + " and capabilities count there and in what is made there only");
      play.does("switch b", "caps drop sys_ptrace");
      assertThat(play.errno("setns 1 uts")).isEqualTo("EACCES");
      assertThat(causes(play).get(0).evidence())
          .contains("may not look into: its CapPrm has more than that of the actor, and CapEff is")
          .endsWith("without CAP_SYS_PTRACE");
    }
  }

  @Test
  @NeedsRoot
  void whoIsAnotherUserIsToldSo() {
    try (Play play = new Play()) {
      play.does("fork a", "switch a", "setuid 1000");
      assertThat(play.errno("setns 1 uts")).isEqualTo("EACCES");
      assertThat(causes(play).get(0).evidence())
          .contains("may not look into: its Uid is 0 0 0 0, that of the actor 1000 1000 1000 1000");
    }
  }

  /** The path of a mount is another there. */
  @Test
  void aMendNamesNoMountToWhoIsInAChroot() {
    try (Play play = new Play()) {
      play.does("unshare mnt; mkdir /tmp/n; mkdir /tmp/m; mount -t tmpfs n /tmp/n");
      play.errno("mount --move /tmp/n /tmp/m");
      assertThat(Why.briefly(play.last())).asString().contains("mend: mount --make-private /");
      play.does("chroot /tmp");
      play.errno("mount --move /n /m");
      assertThat(Why.briefly(play.last())).asString().contains("not shared").doesNotContain("mend");
    }
  }

  @Test
  void aDirectoryIsRemovedByItsName() {
    try (Play play = new Play()) {
      play.does("mkdir /tmp/d", "mkdir /tmp/d/e", "chdir /tmp/d");
      // It is not empty: by its name it would stay as well.
      assertThat(play.errno("rmdir .")).isEqualTo("EINVAL");
      assertThat(causes(play)).singleElement().extracting(Verdict::mend).isEqualTo("");
      assertThat(play.errno("rmdir e/.")).isEqualTo("EINVAL");
      play.does(causes(play).get(0).mend());
      assertThat(play.errno("rmdir ./")).isEqualTo("EINVAL");
      assertThat(causes(play)).singleElement().extracting(Verdict::mend).isEqualTo("rmdir ../d");
      play.does("rmdir ../d");
      assertThat(play.errno("rmdir /")).isEqualTo("EBUSY");
      assertThat(causes(play)).singleElement().extracting(Verdict::mend).isEqualTo("");
    }
  }

  @Test
  void whoStandsInWhatIsGoneIsToldSo() {
    try (Play play = new Play()) {
      play.does("mkdir /tmp/d", "mkdir /tmp/d/e", "chdir /tmp/d/e", "rmdir ../e");
      for (String line : List.of("mkdir x", "rmdir x", "chdir x", "exec ./x", "write x y")) {
        assertThat(play.errno(line)).isEqualTo("ENOENT");
        assertThat(causes(play))
            .singleElement()
            .matches(cause -> cause.evidence().endsWith("/proc/PID/cwd is /tmp/d/e (deleted)"))
            .extracting(Verdict::mend)
            .isEqualTo("chdir ..");
      }
      play.does("rmdir /tmp/d");
      assertThat(play.errno("mkdir x")).isEqualTo("ENOENT");
      assertThat(causes(play)).singleElement().extracting(Verdict::mend).isEqualTo("chdir /");
      play.does("chdir /", "mkdir /tmp/x", DETACHED);
      assertThat(play.errno("chdir b/c")).isEqualTo("ENOENT");
      assertThat(causes(play))
          .singleElement()
          .matches(
              cause ->
                  cause
                      .evidence()
                      .matches(
                          "there is no 'c' in 'b', on mount \\d+, which mountinfo does not have"
                              + " any more: what was mounted below it is gone"))
          .extracting(Verdict::mend)
          .isEqualTo("chdir /");
    }
  }

  /** Neither is another name looked for, nor is one said that is not there. */
  @Test
  void aNameThatIsNoTextIsShownByItsBytes() {
    try (Play play = new Play()) {
      play.does("syscall mkdirat AT_FDCWD hex:2f746d702fff00 0755");
      assertThat(play.errno("syscall chdir hex:2f746d702ffe00")).isEqualTo("ENOENT");
      assertThat(causes(play))
          .singleElement()
          .extracting(Verdict::evidence)
          .isEqualTo("there is no '\\376' in '/tmp'");
      // The step that would make it a mount point cannot be typed.
      String line = "syscall mount none hex:2f746d702fff00 NULL MS_PRIVATE NULL";
      assertThat(play.errno(line)).isEqualTo("EINVAL");
      assertThat(causes(play))
          .singleElement()
          .matches(cause -> cause.evidence().startsWith("'/tmp/\\377' is no mount point"))
          .extracting(Verdict::mend)
          .isEqualTo("");
    }
  }

  private static List<Verdict> causes(Play play) {
    return last(play.last()).causes().stream().map(Checked::verdict).toList();
  }

  /** How many there are the kernel does not tell, so it may be, and it may not. */
  @Test
  void aLimitThatMayBeReachedIsSuspected() {
    try (Play play = new Play()) {
      play.does("unshare user; write /proc/sys/user/max_uts_namespaces 1", "unshare uts");
      play.does("predict unshare uts");
      assertThat(play.lastLook()).contains("max_uts_namespaces is 1, and how many there are");
      assertThat(play.errno("unshare uts")).isEqualTo("ENOSPC");
      assertThat(last(play.last()).suspects())
          .extracting(suspect -> suspect.verdict().evidence())
          .asString()
          .contains("max_uts_namespaces is 1, and how many there are");
    }
  }

  /** Whoever stands in a directory stays below what is mounted on it. */
  @Test
  void aMendDoesNotMountUponWhereOneStands() {
    try (Play play = new Play()) {
      play.does("unshare mnt; mount --make-rprivate /; mkdir /tmp/d; chdir /tmp/d");
      play.errno("mount --make-private .");
      assertThat(Why.briefly(play.last()))
          .asString()
          .contains("mount point")
          .doesNotContain("mend");
      play.errno("mount --make-private /tmp/d");
      assertThat(Why.briefly(play.last())).asString().contains("mend: mount --bind /tmp/d /tmp/d");
    }
  }

  /** The mount has a path by which it is not found. */
  @Test
  void aMendOfWhatIsBusyNamesItAsWasSaid() {
    try (Play play = new Play()) {
      play.does(A, "mkdir /tmp/a/d", "mount -t tmpfs d /tmp/a/d", "chdir /tmp/a/d");
      play.does("mount -t tmpfs u /tmp/a", "mkdir e", "mount -t tmpfs e e");
      play.errno("umount .");
      List<Checked> causes = last(play.last()).causes();
      assertThat(causes)
          .extracting(cause -> cause.verdict().mend())
          .containsExactly("umount -l .", "chdir /, or umount -l .");
      play.does(causes.get(0).verdict().mend());
    }
  }

  /** Where it stands itself is not where others do, nor what it has open. */
  @Test
  void aMendOfWhatIsBusySendsNobodyAwayInVain() {
    try (Play play = new Play()) {
      play.does(A, "fork c", "switch c", "chdir /tmp/a", "switch doqu");
      play.errno("umount /tmp/a");
      Checked other = last(play.last()).causes().get(0);
      assertThat(other.verdict().mend()).isEqualTo("umount -l /tmp/a");
      play.does("switch c", "chdir /", "syscall openat AT_FDCWD /tmp/a O_RDONLY");
      play.errno("umount /tmp/a");
      Checked open = last(play.last()).causes().get(0);
      assertThat(open.verdict().mend()).isEqualTo("umount -l /tmp/a");
      play.does("syscall close 3", "umount /tmp/a");
    }
  }

  @Test
  @NeedsRoot
  void whoeverIsOfTheSessionMaySayGoOn() {
    try (Play play = new Play()) {
      play.does("fork c", "switch c", "setuid 1000", "predict kill -CONT 2");
      assertThat(play.lastLook()).contains(" would succeed");
      play.does("kill -CONT 2");
    }
  }

  /** The maps of the one are written, those of the other are not. */
  @Test
  void theMapsOfAnotherAreNotTakenForItsOwn() {
    try (Play play = new Play()) {
      play.does("fork a", "fork b", "switch a", "unshare user --no-map", "switch doqu");
      play.does("predict write /proc/3/uid_map '0 0 1'");
      assertThat(play.lastLook())
          .contains("is not of the actor itself")
          .doesNotContain("self/uid_map");
      play.does("write /proc/3/uid_map '0 0 1'");
      play.errno("write /proc/3/gid_map '0 77777777 1'");
      assertThat(last(play.last()).causes()).isEmpty();
      // By its number its own are found, too.
      play.does("predict write /proc/2/uid_map '0 0 1'");
      assertThat(play.lastLook()).contains("would fail with EPERM");
    }
  }

  private static Explanation last(StepRecord record) {
    return record.explanations().get(record.explanations().size() - 1);
  }

  @Test
  void eachPreconditionIsBrokenAloneByOneOfThese() {
    Set<String> alone = new HashSet<>(NOT_ALONE);
    Stream.concat(BROKEN.stream(), BROKEN_AS_ROOT.stream())
        .map(row -> row.split(" ~ ", 3)[2])
        .filter(needs -> !needs.contains(" + "))
        .forEach(alone::add);
    List<String> missing = new ArrayList<>();
    for (String call : Preconditions.calls()) {
      Preconditions.of(call).stream()
          .map(Precondition::needs)
          .filter(needs -> !alone.contains(needs))
          .forEach(needs -> missing.add(call + ": " + needs));
    }
    assertThat(missing).isEmpty();
  }

  @ParameterizedTest(name = "{0} | {1} = {2}")
  @MethodSource("doqu.shell.Failures#rows")
  void eachFailureIsForeseenAndHasItsCause(String before, String line, String callAndErrno) {
    try (Play play = new Play()) {
      play.does(before, "predict " + line);
      String[] words = callAndErrno.split(" ");
      assertThat(play.lastLook())
          .containsPattern("(?m)^" + words[0] + "\\(.*\\) would fail with " + words[1] + " ");
      play.errno(line);
      Explanation why = last(play.last());
      assertThat(why.causes()).as("%s %s", why.errno(), why.checked()).isNotEmpty();
    }
  }

  @Test
  void whoHasAProgramOpenForWritingIsNamed() {
    try (Play play = new Play()) {
      play.does(PROGRAM, "fork");
      Verdict both = busy(play);
      assertThat(both.evidence())
          .matches(
              "'/tmp/script' is open for writing: descriptor 3 of PID 2, \\S+ \\(doqu\\),"
                  + " descriptor 3 of PID 3, \\S+ \\(child\\)");
      assertThat(both.mend()).isEmpty();
      play.does("switch child", "syscall close 3", "switch doqu");
      Verdict own = busy(play);
      assertThat(own.evidence())
          .matches("'/tmp/script' is open for writing: descriptor 3 of PID 2, \\S+ \\(doqu\\)");
      play.does(own.mend());
      // Who only reads is in nobody's way.
      play.does("syscall openat AT_FDCWD /tmp/script O_RDONLY", "switch child");
      play.does("predict exec /tmp/script");
      assertThat(play.lastLook()).endsWith(" would succeed");
      play.does("exec /tmp/script");
    }
  }

  @Test
  void aProgramInTheBackgroundThatWritesIsNamedToo() {
    try (Play play = new Play()) {
      play.does(PROGRAM, "syscall close 3", "mkdir /mnt/m", "mount --bind /tmp /mnt/m");
      play.does("fork", "switch child", "exec /bin/sh -c 'exec 3>>/mnt/m/script; sleep 100 &'");
      assertThat(busy(play).evidence())
          .matches("'/tmp/script' is open for writing: descriptor 3 of PID \\d+, (sh|sleep)");
    }
  }

  /** Each tmpfs numbers its files anew. */
  @Test
  void aFileThatHasTheSameNumberElsewhereIsNotTheProgram() {
    String open = "syscall openat AT_FDCWD FILE O_WRONLY|O_CREAT 0755";
    try (Play play = new Play()) {
      for (String folder : List.of("/mnt/a", "/mnt/b")) {
        play.does("mkdir " + folder, "mount -t tmpfs t " + folder);
        play.does(open.replace("FILE", folder + "/p"));
      }
      play.does("syscall close 3", "write /mnt/a/p '#!/bin/sh'", "predict exec /mnt/a/p");
      assertThat(play.lastLook()).endsWith(" would succeed");
      play.does("fork", "switch child", "exec /mnt/a/p");
    }
  }

  /** Why nobody can become /tmp/script now. */
  private static Verdict busy(Play play) {
    assertThat(play.errno("exec /tmp/script")).isEqualTo("ETXTBSY");
    return last(play.last()).causes().get(0).verdict();
  }

  /** A mapping does not say by which mount its file was opened. */
  @Test
  void aMappingThatMayBeOfAnotherMountIsSuspected() {
    try (Play play = new Play()) {
      play.does(MAPPED);
      assertThat(play.errno("mount -o remount,bind,ro /tmp/a")).isEqualTo("EBUSY");
      assertThat(Why.briefly(play.last())).first().asString().startsWith("perhaps a file of it is");
    }
  }

  @Test
  void aMountNamespaceIsBoundAsIsForeseen() {
    for (String propagation : List.of("private", "shared")) {
      try (Play play = new Play()) {
        play.does(FILE, "mount --make-" + propagation + " /tmp", "fork", "switch child");
        play.does("unshare mnt", "switch doqu");
        String line = "mount --bind /proc/3/ns/mnt /tmp/f";
        play.does("predict " + line);
        boolean done = play.session.line(line);
        assertThat(play.lastLook())
            .contains(done ? " would succeed" : " would fail with EINVAL")
            .doesNotContain("as far as doqu knows");
        if (propagation.equals("shared")) {
          assertThat(last(play.last()).causes())
              .extracting(cause -> cause.precondition().needs())
              .contains("a mount namespace is bound where nobody else learns of it");
        }
      }
    }
  }

  /** The mark goes when somebody looks: neither doqu's looks nor predict may take it. */
  @Test
  void whatIsToExpireIsNotTouched() {
    try (Play play = new Play()) {
      play.does(A, "predict syscall umount2 /tmp/a MNT_EXPIRE");
      assertThat(play.lastLook())
          .contains("would succeed, as far as doqu knows")
          .contains("it has been marked by MNT_EXPIRE before");
      assertThat(play.errno("syscall umount2 /tmp/a MNT_EXPIRE")).isEqualTo("EAGAIN");
      assertThat(last(play.last()).causes()).isEmpty();
      assertThat(Why.briefly(play.last())).first().asString().startsWith("perhaps whether it has");
      play.does("predict syscall umount2 /tmp/a MNT_EXPIRE", "why", "mounts");
      play.does("syscall umount2 /tmp/a MNT_EXPIRE");
    }
  }

  /** Who is in a mount that goes with it is asked of once it has been marked. */
  @Test
  void whatKeepsAMountFromExpiringIsNotForeseenBeforeTheMark() {
    try (Play play = new Play()) {
      play.does("mkdir /tmp/a", "mkdir /tmp/b", "mkdir /tmp/a/d", "mount --bind /tmp/a /tmp/b");
      play.does("mount -t tmpfs t /tmp/b/d", "chdir /tmp/a/d");
      String line = "syscall umount2 /tmp/b/d MNT_EXPIRE";
      play.does("predict " + line);
      assertThat(play.lastLook()).contains("would succeed, as far as doqu knows");
      assertThat(play.errno(line)).isEqualTo("EAGAIN");
      assertThat(play.errno(line)).isEqualTo("EBUSY");
      assertThat(Why.briefly(play.last()))
          .first()
          .asString()
          .startsWith("perhaps the cwd of PID 2");
    }
  }

  /** To the byte: one less goes. */
  @Test
  void theArgumentsHaveTheRoomThatIsForeseen() {
    try (Play play = new Play()) {
      play.does("env --clear", Failures.SMALL_STACK);
      int rest = 4096 - 8 - ("/bin/true".length() + 1) - ("e=".length() + 1);
      play.does("env e=" + "x".repeat(rest - "/bin/true".length()));
      assertThat(play.errno("exec /bin/true")).isEqualTo("E2BIG");
      Verdict large = last(play.last()).causes().get(0).verdict();
      assertThat(large.evidence())
          .isEqualTo(
              "Max stack size is 4096 in /proc/PID/limits, room for 4088 bytes; they have 4089");
      assertThat(large.mend()).isEqualTo("env -u e");
      play.does("env e=" + "x".repeat(rest - "/bin/true".length() - 1));
      play.does("predict exec /bin/true");
      assertThat(play.lastLook()).endsWith(" would succeed");
      play.does("fork", "switch child", "exec /bin/true");
      play.does(large.mend(), "predict exec /bin/true");
      assertThat(play.lastLook()).endsWith(" would succeed");
      // What it is not enough to take away is no mend.
      play.does("env e=1", "predict exec /bin/true " + Failures.LONG);
      assertThat(play.lastLook()).contains("would fail with E2BIG").doesNotContain("mend");
    }
  }

  @Test
  void argumentsThatDoquHasNotSentAreUnknown() {
    try (Play play = new Play()) {
      play.does(Failures.SMALL_STACK, "syscall openat AT_FDCWD /tmp/long O_RDWR|O_CREAT 0600");
      play.does("write /tmp/long " + Failures.LONG);
      // Private, and at that address: MAP_PRIVATE|MAP_FIXED_NOREPLACE.
      play.does("syscall mmap 0x10000000 8192 1 0x100002 3 0");
      String argv = "hex:" + "0000001000000000" + "0000000000000000";
      assertThat(play.errno("syscall execve /bin/true " + argv + " NULL")).isEqualTo("E2BIG");
      assertThat(last(play.last()).causes()).isEmpty();
      assertThat(Why.briefly(play.last()))
          .first()
          .asString()
          .startsWith("perhaps they are strings in its own memory");
    }
  }

  /** The kernel keeps it to itself (oom_score_adj_min of fs/proc/base.c). */
  @Test
  void theLeastOomScoreIsUnknown() {
    try (Play play = new Play()) {
      play.does("write /proc/self/oom_score_adj 900");
      play.does("predict write /proc/self/oom_score_adj 901");
      assertThat(play.lastLook()).doesNotContain("not known");
      play.does("predict write /proc/self/oom_score_adj 899");
      assertThat(play.lastLook()).contains("not known /proc/self/oom_score_adj is 900");
      play.does("predict write /proc/self/oom_score_adj '1 2'");
      assertThat(play.lastLook()).doesNotContain("could not find out");
    }
  }

  @Test
  void whatTheKernelTellsNobodyIsSaidToBeUnknown() {
    try (Play play = new Play()) {
      play.does("unshare ipc", "mkdir /tmp/s", "mount -t mqueue s /tmp/s");
      assertThat(play.errno("mount -t mqueue s /tmp/s")).isEqualTo("EBUSY");
      Explanation why = last(play.last());
      assertThat(why.causes()).isEmpty();
      assertThat(why.suspects())
          .extracting(Checked::precondition)
          .extracting(Precondition::needs)
          .containsExactly("the very same file system is not mounted there");
      assertThat(Why.briefly(play.last()))
          .first()
          .asString()
          .startsWith("perhaps /tmp/s is mqueue");
    }
  }

  /** Docker's profile answers so too; the same errno has its usual cause where there is one. */
  @Test
  void aFilterIsSuspectedWhereNothingElseForbids() {
    try (Play play = new Play()) {
      new Seccomp().fails("sethostname", Errno.EPERM).installIn(play.session.stage().focus());
      assertThat(play.errno("sethostname x")).isEqualTo("EPERM");
      assertThat(last(play.last()).causes()).isEmpty();
      assertThat(Why.briefly(play.last()))
          .first()
          .asString()
          .startsWith("perhaps Seccomp is 2 in /proc/PID/status: there is a filter; needed: no");
      play.does("caps drop sys_admin");
      assertThat(play.errno("sethostname x")).isEqualTo("EPERM");
      assertThat(last(play.last()).causes())
          .extracting(one -> one.precondition().needs())
          .containsExactly("CAP_SYS_ADMIN over its UTS namespace");
      assertThat(last(play.last()).suspects()).isEmpty();
    }
  }

  /** Landlock says so nowhere: neither is it named as if it had been seen, nor ruled out. */
  @Test
  void whatIsForbiddenInSilenceIsNotSaidToBeAllowed() {
    try (Play play = new Play()) {
      play.does("syscall prctl 38 1 0 0 0"); // PR_SET_NO_NEW_PRIVS, which Landlock asks for
      play.does("syscall landlock_create_ruleset hex:0002000000000000 8 0");
      play.does("syscall landlock_restrict_self 3 0");
      for (String line : List.of("mount -t tmpfs t /tmp", "setns 1 uts")) {
        play.errno(line);
        assertThat(last(play.last()).checked())
            .filteredOn(one -> one.precondition().needs().contains("security module"))
            .singleElement()
            .extracting(Checked::verdict)
            .matches(verdict -> verdict.state() == Verdict.State.UNKNOWN)
            .extracting(Verdict::evidence)
            .asString()
            .endsWith("no profile; of others, as Landlock, the kernel tells nobody");
      }
      assertThat(causes(play))
          .singleElement()
          .extracting(Verdict::evidence)
          .asString()
          .endsWith("CAP_SYS_PTRACE, so that it might: what forbids it the kernel tells nobody");
      play.errno("mount -t tmpfs t /tmp");
      assertThat(Why.briefly(play.last())).first().asString().startsWith("no cause is found for");
    }
  }

  @Test
  void theNewOwnerOfAUserNamespaceIsForeseen() {
    try (Play play = new Play()) {
      play.does("caps drop setfcap", "predict unshare user");
      assertThat(play.lastLook())
          .containsPattern("write\\(.*\"0 0 1\".*\\) would fail with EPERM")
          .contains("who made the namespace had CAP_SETFCAP");
      assertThat(play.errno("unshare user")).isEqualTo("EPERM");
    }
  }
}
