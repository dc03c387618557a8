package doqu.stage;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.kernel.Errno;
import doqu.kernel.Flags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is found on machines as this one is not: Ubuntu's, Debian's, Fedora's, a container's. Their
 * files are made up, as the kernel and the distributions have them.
 */
class CausesTest {
  private static final String ORDINARY = "CapEff:\t0000000000000000\n";
  private static final String ROOT = "CapEff:\t000001ffffffffff\n";
  private static final String MORE = "as root: sysctl kernel.";

  private final Map<String, String> files = new HashMap<>();
  private long limit = -1;

  private final Evidence machine =
      new Evidence() {
        @Override
        public Optional<String> file(String path) {
          return Optional.ofNullable(files.get(path)).map(String::strip);
        }

        @Override
        public boolean exists(String path) {
          return files.containsKey(path);
        }

        @Override
        public long user() {
          return 1000;
        }

        @Override
        public long limit(int resource) {
          return limit;
        }
      };

  CausesTest() {
    files.put("/proc/self/status", ORDINARY + "Seccomp:\t0\n");
    files.put("/proc/self/uid_map", "         0          0 4294967295\n");
    files.put("/proc/self/mountinfo", "26 1 254:0 / / rw - ext4 /dev/vda rw\n");
    for (String kind : List.of("user", "pid", "mnt", "time")) {
      files.put("/proc/self/ns/" + kind, "");
    }
  }

  private List<Cause> of(String call, Errno errno) {
    return Causes.of(Failure.of(call, errno.number()), machine);
  }

  private List<Cause> ofUnshare(long flags, Errno errno) {
    return Causes.of(new Failure("unshare", flags, "", errno.number(), null), machine);
  }

  private List<Cause> ofUserNamespace(Errno errno) {
    return ofUnshare(Flags.CLONE_NEWUSER, errno);
  }

  private List<Cause> ofProc() {
    return Causes.of(new Failure("mount", 0, "proc", Errno.EPERM.number(), null), machine);
  }

  @Test
  void withoutEvidenceNothingIsBlamed() {
    for (Errno errno : List.of(Errno.EPERM, Errno.EACCES, Errno.EINVAL, Errno.ENOMEM)) {
      assertThat(ofUserNamespace(errno)).as(errno.name()).isEmpty();
      assertThat(of("uid_map", errno)).isEmpty();
    }
    assertThat(ofProc()).isEmpty();
  }

  @Test
  void debiansSwitch() {
    String file = "/proc/sys/kernel/unprivileged_userns_clone";
    files.put(file, "1\n");
    assertThat(ofUserNamespace(Errno.EPERM)).isEmpty();
    files.put(file, "0\n");
    assertThat(ofUserNamespace(Errno.EPERM))
        .containsExactly(new Cause(file + " is 0", MORE + "unprivileged_userns_clone=1"));
    // It says nothing of a failure of another kind, nor of root's.
    assertThat(ofUserNamespace(Errno.ENOMEM)).isEmpty();
    assertThat(ofUnshare(Flags.CLONE_NEWPID, Errno.EPERM)).isEmpty();
    files.put("/proc/self/status", ROOT);
    assertThat(ofUserNamespace(Errno.EPERM)).isEmpty();
  }

  /** There unshare(2) works, and what comes next does not. */
  @ParameterizedTest
  @ValueSource(strings = {"unshare", "uid_map", "mount", "sethostname"})
  void ubuntusSwitch(String call) {
    String file = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    files.put(file, "1\n");
    Cause cause = new Cause(file + " is 1", MORE + "apparmor_restrict_unprivileged_userns=0");
    assertThat(of(call, Errno.EPERM)).containsExactly(cause);
    assertThat(of(call, Errno.EACCES)).containsExactly(cause);
    files.put("/proc/self/status", ROOT);
    assertThat(of(call, Errno.EACCES)).isEmpty();
  }

  @Test
  void dockersProfileOfAppArmor() {
    files.put("/proc/self/attr/current", "unconfined\n");
    assertThat(of("mount", Errno.EACCES)).isEmpty();
    files.put("/proc/self/attr/current", "docker-default (enforce)\n");
    assertThat(of("mount", Errno.EACCES))
        .containsExactly(
            new Cause(
                "AppArmor confines doqu: /proc/self/attr/current is docker-default (enforce)",
                "in a container: docker run --security-opt apparmor=unconfined"));
  }

  @Test
  void seLinux() {
    files.put("/sys/fs/selinux/enforce", "1");
    assertThat(ofUserNamespace(Errno.EPERM)).isEmpty();
    assertThat(ofUserNamespace(Errno.EACCES))
        .singleElement()
        .extracting(Cause::evidence)
        .isEqualTo("SELinux enforces its policy (/sys/fs/selinux/enforce is 1)");
  }

  @Test
  void allThatAContainerForbidsIsLiftedAtOnce() {
    files.put("/proc/self/status", ORDINARY + "Seccomp:\t2\n");
    files.put("/proc/self/attr/current", "docker-default (enforce)\n");
    files.put(
        "/proc/self/mountinfo",
        """
        26 1 254:0 / / rw - ext4 /dev/vda rw
        27 26 0:1 / /proc rw - proc proc rw
        28 27 0:1 /bus /proc/bus ro - proc proc rw
        29 27 0:2 /null /proc/kcore rw - tmpfs tmpfs rw
        30 27 0:3 / /proc/scsi ro - tmpfs tmpfs ro
        31 27 0:4 / /proc/sys/fs/binfmt_misc rw - binfmt_misc binfmt_misc rw
        """);
    String docker =
        "in a container: docker run --security-opt seccomp=unconfined"
            + " --security-opt apparmor=unconfined --security-opt systempaths=unconfined";
    assertThat(of("memfd_create", Errno.EPERM))
        .containsExactly(
            new Cause(
                "a seccomp filter is in force (Seccomp: 2), and nothing else is seen", docker));
    assertThat(ofProc())
        .extracting(Cause::evidence)
        .contains("/proc is covered in part, as /proc/bus, /proc/kcore and 1 more");

    files.put("/run/.containerenv", "");
    assertThat(of("memfd_create", Errno.EPERM))
        .extracting(Cause::mend)
        .containsExactly(
            docker.replace("docker", "podman").replace("systempaths=unconfined", "unmask=ALL"));
  }

  @Test
  void aChrootIntoADirectoryHasNoMountAtItsRoot() {
    files.put("/proc/self/mountinfo", "64 62 0:20 / /proc rw - proc proc rw\n");
    assertThat(ofUserNamespace(Errno.EPERM))
        .extracting(Cause::evidence)
        .containsExactly("doqu is in a chroot: its / is not that of its mount namespace");
    assertThat(ofUnshare(Flags.CLONE_NEWPID, Errno.EPERM)).isEmpty();
  }

  @Test
  void theKernelIsTooOld() {
    assertThat(of("mount_setattr", Errno.ENOSYS))
        .containsExactly(
            new Cause("this kernel does not know mount_setattr", "Linux 5.12 or newer knows it"));
    files.put("/proc/self/status", ORDINARY + "Seccomp:\t2\n");
    assertThat(of("mount_setattr", Errno.ENOSYS))
        .extracting(Cause::evidence)
        .containsExactly(
            "this kernel does not know mount_setattr, or a seccomp filter is in force (Seccomp: 2)");
    files.remove("/proc/self/ns/time");
    assertThat(ofUnshare(Flags.CLONE_NEWTIME, Errno.EINVAL))
        .extracting(Cause::evidence)
        .containsExactly("this kernel has no such namespaces: /proc/self/ns/time is not there");
  }

  @Test
  void limits() {
    limit = 64;
    assertThat(of("fork", Errno.EAGAIN))
        .extracting(Cause::evidence)
        .containsExactly("ulimit -u (RLIMIT_NPROC) is 64, and each thread of this user counts");
    files.put("/proc/self/status", ROOT);
    assertThat(of("fork", Errno.EAGAIN)).isEmpty();
    files.put("/proc/self/uid_map", "0 1000 1\n");
    assertThat(of("fork", Errno.EAGAIN)).hasSize(1);
    assertThat(of("pipe2", Errno.EMFILE))
        .extracting(Cause::evidence)
        .containsExactly("ulimit -n (RLIMIT_NOFILE) is 64");
    assertThat(of("posix_spawn", Errno.EBADF)).isEqualTo(of("pipe2", Errno.EMFILE));
    assertThat(of("openat", Errno.EBADF)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0::/user.slice", "8:pids:/user.slice"})
  void theLimitOfACgroup(String line) {
    String folder = "/sys/fs/cgroup/" + (line.contains("pids") ? "pids/" : "") + "user.slice";
    files.put("/proc/self/cgroup", "9:name=systemd:/elsewhere\n" + line + "\n");
    files.put(folder + "/pids.max", "max\n");
    files.put(folder + "/pids.current", "100\n");
    assertThat(of("fork", Errno.EAGAIN)).isEmpty();
    files.put(folder + "/pids.max", "101\n");
    assertThat(of("fork", Errno.EAGAIN)).isEmpty();
    files.put(folder + "/pids.max", "100\n");
    assertThat(of("fork", Errno.EAGAIN))
        .containsExactly(
            new Cause(
                folder + "/pids.max is reached: 100",
                "as root: echo max >" + folder + "/pids.max"));
  }

  @Test
  void eachKindOfNamespaceHasALimitOfItsOwn() {
    Errno errno = Errno.ENOSPC;
    files.put("/proc/sys/user/max_pid_namespaces", "0");
    files.put("/proc/sys/user/max_mnt_namespaces", "8");
    assertThat(ofUnshare(Flags.CLONE_NEWNS | Flags.CLONE_NEWPID, errno))
        .containsExactly(
            new Cause(
                "/proc/sys/user/max_pid_namespaces is 0",
                "as root: sysctl user.max_pid_namespaces=10000"));
    assertThat(ofUnshare(Flags.CLONE_NEWNS, errno))
        .extracting(Cause::evidence)
        .containsExactly(
            "/proc/sys/user/max_mnt_namespaces is 8: all in use, or a user namespace around this"
                + " one allows fewer");
  }
}
