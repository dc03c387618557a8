package doqu.stage;

import static doqu.testing.Syscall.errno;
import static doqu.testing.Syscall.value;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.testing.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks by the root of the stage on every mount that came from outside. */
class MountWallsTest {
  private static final int OPEN_TREE_CLONE = 1;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_CMD_RECONFIGURE = 7;
  private static final String ELSEWHERE = "/tmp";

  /** What the root of the stage may be in when it attacks. */
  private static final List<Long> NAMESPACES =
      List.of(0L, Flags.CLONE_NEWNS, Flags.CLONE_NEWUSER | Flags.CLONE_NEWNS);

  private record Attack(String name, BiFunction<Actor, String, String> errno) {}

  private static final List<Attack> MAKE_WRITABLE =
      List.of(
          new Attack("mount -o remount,bind,rw", (a, p) -> remount(a, p, Flags.MS_BIND)),
          new Attack("mount -o remount,rw", (a, p) -> remount(a, p, 0)),
          new Attack("mount_setattr", (a, p) -> clearReadOnly(a, Flags.AT_FDCWD, p, 0)),
          new Attack(
              "mount_setattr of all below",
              (a, p) -> clearReadOnly(a, Flags.AT_FDCWD, p, Flags.AT_RECURSIVE)),
          new Attack("fspick, fsconfig", MountWallsTest::reconfigure),
          new Attack("a copy made by open_tree", MountWallsTest::changeACopy));

  private static final List<Attack> TAKE_AWAY =
      List.of(
          new Attack("umount", (a, p) -> errno(a, "umount2", p, 0)),
          new Attack("umount -l", (a, p) -> errno(a, "umount2", p, Flags.MNT_DETACH)),
          new Attack(
              "mount --move", (a, p) -> errno(a, "mount", p, ELSEWHERE, 0, Flags.MS_MOVE, 0)),
          new Attack("move_mount", MountWallsTest::moveMount));

  private String mountsOfTheMachine;
  private Stage stage;
  private Actor root;

  @BeforeEach
  void aStage() throws Exception {
    mountsOfTheMachine = Files.readString(Path.of("/proc/self/mountinfo"));
    stage = Stage.start();
    root = stage.focus();
  }

  @AfterEach
  void theMachineIsAsBefore() throws Exception {
    stage.close();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mountsOfTheMachine);
  }

  private static Stream<Arguments> attacks() {
    return NAMESPACES.stream()
        .flatMap(
            in ->
                Stream.concat(
                    MAKE_WRITABLE.stream().map(a -> Arguments.of(a.name, in, a, "ro", "EPERM")),
                    TAKE_AWAY.stream().map(a -> Arguments.of(a.name, in, a, "", "EINVAL"))));
  }

  @ParameterizedTest(name = "{0}, in namespaces {1}")
  @MethodSource("attacks")
  void hold(String name, long namespaces, Attack attack, String option, String errno) {
    Map<String, String> before = inherited();
    value(root, "unshare", namespaces);
    Map<String, String> outcomes = new LinkedHashMap<>();
    before.forEach(
        (point, options) -> {
          if (options.startsWith(option)) {
            outcomes.put(point, attack.errno.apply(root, point));
          }
        });
    assertThat(outcomes).hasSizeGreaterThan(8).containsKeys("/", "/dev", "/sys");
    assertThat(outcomes.values()).as(outcomes.toString()).containsOnly(errno);
    assertThat(inherited()).isEqualTo(before);
  }

  @Test
  void whatCanBeWrittenToIsSmallAndTheStagesOwn() {
    int writable = 0;
    for (Map.Entry<String, String> mount : inherited().entrySet()) {
      if (mount.getValue().startsWith("rw")) {
        // struct statfs: type, block size, blocks, free, available, files, ...
        byte[] room = new byte[120];
        ByteBuffer statfs =
            ByteBuffer.wrap(
                    Syscall.reply(
                            root, "statfs", mount.getKey(), Arg.room(room, (result, block) -> ""))
                        .block(1))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(statfs.getLong(0)).as(mount.getKey()).isEqualTo(0x01021994); // tmpfs
        assertThat(statfs.getLong(8) * statfs.getLong(16)).isBetween(1L, 512L << 20);
        assertThat(statfs.getLong(40)).isBetween(1L, 65536L);
        assertThat(errno(root, "mount", "none", mount.getKey(), 0, Flags.MS_REMOUNT, "size=8g"))
            .isEqualTo("EPERM");
        writable++;
      }
    }
    assertThat(writable).isBetween(3, 5);
  }

  @Test
  void belowTheStagesProcLiesNoneOfTheMachine() {
    value(root, "umount2", "/proc", 0);
    String seen =
        new String(
            Libc.readFile("/proc/" + root.pid() + "/root/proc/1/status"), StandardCharsets.UTF_8);
    assertThat(seen).contains("NSpid:\t1\n");
    assertThat(errno(root, "umount2", "/proc", Flags.MNT_DETACH)).isEqualTo("EINVAL");
  }

  @ParameterizedTest
  @MethodSource("fileSystems")
  void aFileSystemOfTheMachineCannotBeMounted(String type, String source) {
    value(root, "mkdirat", Flags.AT_FDCWD, "/tmp/here", 0755);
    assertThat(errno(root, "mount", source, "/tmp/here", type, 0, 0)).isEqualTo("EPERM");
  }

  /** All the kernel has, but for those it lets be mounted in a user namespace. */
  private static Stream<Arguments> fileSystems() throws Exception {
    List<String> harmless =
        List.of(
            "tmpfs",
            "ramfs",
            "proc",
            "devpts",
            "mqueue",
            "fuse",
            "overlay",
            "bpf",
            "binfmt_misc",
            "cgroup",
            "cgroup2",
            "cpuset");
    return Files.readAllLines(Path.of("/proc/filesystems")).stream()
        .map(line -> line.split("\t", 2))
        .filter(columns -> !harmless.contains(columns[1]))
        .map(columns -> Arguments.of(columns[1], columns[0].isEmpty() ? "/dev/null" : "none"));
  }

  /** The kernel lets these be mounted, and then goes by who owns them (cgroups(7), delegation). */
  @ParameterizedTest
  @CsvSource({"cgroup2, ''", "cgroup, pids", "cpuset, ''"})
  void theCgroupsOfTheMachineAreNotTheStagesToChange(String type, String controller) {
    value(root, "mkdirat", Flags.AT_FDCWD, "/tmp/here", 0755);
    Object options = controller.isEmpty() ? 0 : controller;
    if (errno(root, "mount", "none", "/tmp/here", type, 0, options).equals(Syscall.WORKED)) {
      assertThat(errno(root, "mkdirat", Flags.AT_FDCWD, "/tmp/here/doqu", 0755))
          .isEqualTo("EACCES");
      long procs = Flags.O_WRONLY;
      assertThat(errno(root, "openat", Flags.AT_FDCWD, "/tmp/here/cgroup.procs", procs))
          .isEqualTo("EACCES");
    }
  }

  /** The mounts that came from outside and can be reached by their path: the options of each. */
  private Map<String, String> inherited() {
    Map<String, String> options = new LinkedHashMap<>();
    byte[] mounts = Libc.readFile("/proc/" + stage.init().pid() + "/mountinfo");
    for (String line : new String(mounts, StandardCharsets.UTF_8).split("\n")) {
      String[] columns = line.split(" ");
      options.put(columns[4], columns[5]); // a later one covers an earlier one
    }
    options.remove("/proc"); // the stage's own, by its own PID 1
    options
        .keySet()
        .removeIf(path -> errno(root, "faccessat", Flags.AT_FDCWD, path, 0).equals("ENOENT"));
    return options;
  }

  private static String remount(Actor actor, String point, long flags) {
    return errno(actor, "mount", "none", point, 0, Flags.MS_REMOUNT | flags, 0);
  }

  private static String clearReadOnly(Actor actor, long directory, String path, long flags) {
    byte[] attributes =
        ByteBuffer.allocate(32)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(8, Flags.MOUNT_ATTR_RDONLY)
            .array();
    return errno(actor, "mount_setattr", directory, path, flags, attributes, attributes.length);
  }

  private static String reconfigure(Actor actor, String point) {
    long picked = Syscall.reply(actor, "fspick", Flags.AT_FDCWD, point, 0).value();
    if (picked < 0) {
      return errno(actor, "fspick", Flags.AT_FDCWD, point, 0);
    }
    value(actor, "fsconfig", picked, FSCONFIG_SET_FLAG, "rw", 0, 0);
    String errno = errno(actor, "fsconfig", picked, FSCONFIG_CMD_RECONFIGURE, 0, 0, 0);
    value(actor, "close", picked);
    return errno;
  }

  private static String changeACopy(Actor actor, String point) {
    long flags = OPEN_TREE_CLONE | Flags.AT_RECURSIVE;
    long copy = value(actor, "open_tree", Flags.AT_FDCWD, point, flags);
    String errno = clearReadOnly(actor, copy, "", Flags.AT_EMPTY_PATH);
    value(actor, "close", copy);
    return errno;
  }

  private static String moveMount(Actor actor, String point) {
    long mount = value(actor, "open_tree", Flags.AT_FDCWD, point, 0);
    String errno =
        errno(actor, "move_mount", mount, "", Flags.AT_FDCWD, ELSEWHERE, MOVE_MOUNT_F_EMPTY_PATH);
    value(actor, "close", mount);
    return errno;
  }
}
