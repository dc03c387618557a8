package doqu.stage;

import static doqu.testing.Syscall.errno;
import static doqu.testing.Syscall.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import doqu.actor.Actor;
import doqu.kernel.Flags;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Attacks by the root of the stage on files that the user who runs doqu, and anybody else, may
 * write to: nothing but the wall is in the way.
 */
class FileWallsTest {
  private static final int S_IFIFO = 0010000;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;
  private static final long O_TMPFILE = 020000000 | Flags.OPEN.bits("O_DIRECTORY").orElseThrow();
  private static final long CWD = Flags.AT_FDCWD;

  private Path victims;
  private Map<String, Object> before;
  private Stage stage;
  private Actor root;

  @BeforeEach
  void aStageInSightOfVictims() throws Exception {
    victims = Files.createTempDirectory(folderInSight(), "victims");
    for (String directory : new String[] {"", "directory", "empty"}) {
      open(Files.createDirectories(victims.resolve(directory)), "rwxrwxrwx");
    }
    open(Files.writeString(victims.resolve("file"), "untouched"), "rw-rw-rw-");
    open(Files.writeString(victims.resolve("directory/file"), "untouched"), "rw-rw-rw-");
    Files.createSymbolicLink(victims.resolve("symlink"), Path.of("file"));
    before = state();
    stage = Stage.start();
    root = stage.focus();
  }

  /** The stage covers some folders, and its root, an id nobody owns, may not enter some others. */
  private static Path folderInSight() {
    return Stream.of(Path.of("target").toAbsolutePath(), Path.of("/var"))
        .filter(Files::isWritable)
        .filter(folder -> !folder.toString().matches("/(tmp|run|mnt|dev|var/tmp)(/.*)?"))
        .filter(
            folder ->
                Stream.iterate(folder, Objects::nonNull, Path::getParent)
                    .allMatch(FileWallsTest::lets))
        .findFirst()
        .orElseGet(() -> Path.of("target").toAbsolutePath());
  }

  /** Whether everybody may pass through a folder. */
  private static boolean lets(Path folder) {
    try {
      return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE)
          || !Files.getOwner(folder).getName().equals("root");
    } catch (IOException e) {
      return false;
    }
  }

  @AfterEach
  void theVictimsAreUntouched() throws IOException {
    stage.close();
    assertThat(state()).isEqualTo(before);
    try (Stream<Path> files = Files.walk(victims)) {
      files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
    }
  }

  private interface Attack extends Function<Path, Object[]> {}

  private static Stream<Arguments> attacks() {
    Map<String, Attack> calls = new LinkedHashMap<>();
    calls.put("openat file to write", v -> args(CWD, v + "/file", Flags.O_WRONLY));
    calls.put("openat file to append", v -> args(CWD, v + "/file", Flags.O_RDWR | 02000));
    calls.put("openat file through its link", v -> args(CWD, v + "/symlink", Flags.O_WRONLY));
    calls.put("openat file over /proc/1/root", v -> args(CWD, "/proc/1/root" + v + "/file", 1));
    calls.put("openat new file", v -> args(CWD, v + "/new", Flags.O_WRONLY | Flags.O_CREAT, 0666));
    calls.put("openat without a name", v -> args(CWD, v, O_TMPFILE | Flags.O_RDWR, 0666));
    calls.put("truncate", v -> args(v + "/file", 0));
    calls.put("mkdirat", v -> args(CWD, v + "/new", 0777));
    calls.put("mknodat fifo", v -> args(CWD, v + "/new", S_IFIFO | 0666, 0));
    calls.put("symlinkat", v -> args("file", CWD, v + "/new"));
    calls.put("linkat", v -> args(CWD, v + "/file", CWD, v + "/directory/new", 0));
    calls.put("renameat file", v -> args(CWD, v + "/file", CWD, v + "/new"));
    calls.put("renameat2 exchange", v -> args(CWD, v + "/file", CWD, v + "/directory/file", 2));
    calls.put("unlinkat file", v -> args(CWD, v + "/file", 0));
    calls.put("unlinkat directory", v -> args(CWD, v + "/empty", Flags.AT_REMOVEDIR));
    calls.put("fchmodat", v -> args(CWD, v + "/file", 0));
    calls.put("fchownat", v -> args(CWD, v + "/file", 0, 0, 0));
    calls.put("utimensat", v -> args(CWD, v + "/file", 0, 0));
    calls.put("setxattr", v -> args(v + "/file", "user.doqu", "x", 1, 0));
    calls.put("removexattr", v -> args(v + "/file", "user.doqu"));
    return calls.entrySet().stream().map(call -> Arguments.of(call.getKey(), call.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void hold(String attack, Attack args) {
    assumeTrue(
        errno(root, "faccessat", CWD, victims, 0).equals("worked"),
        "the checkout lies in a folder that the stage covers");
    String call = attack.replaceFirst(" .*", "");
    assertThat(errno(root, call, args.apply(victims))).isEqualTo("EROFS");
    // The same path where a bind mount shows it.
    value(root, "mkdirat", CWD, "/tmp/copy", 0755);
    long flags = Flags.MS_BIND | Flags.MS_REC;
    value(root, "mount", victims, "/tmp/copy", 0, flags, 0);
    assertThat(errno(root, call, args.apply(Path.of("/tmp/copy")))).isEqualTo("EROFS");
  }

  @Test
  void noFolderOfTheMachineTakesANewOne() {
    Map<String, String> errnos = new TreeMap<>();
    for (String name : Objects.requireNonNull(new File("/").list())) {
      Path folder = Path.of("/", name);
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        errnos.put(name, errno(root, "mkdirat", CWD, folder + "/doqu-was-here", 0755));
        assertThat(Files.exists(folder.resolve("doqu-was-here"))).as(name).isFalse();
      }
    }
    // The work area and the covers are the stage's; in a proc file system there is nothing to make.
    errnos.keySet().removeAll(Arrays.asList("mnt", "run", "tmp"));
    assertThat(errnos.remove("proc")).isIn("ENOENT", "EPERM");
    errnos.put("", errno(root, "mkdirat", CWD, "/doqu-was-here", 0755));
    errnos.put("sys", errno(root, "mkdirat", CWD, "/sys/fs/cgroup/doqu-was-here", 0755));
    assertThat(errnos).hasSizeGreaterThan(10).containsKeys("dev", "etc", "home", "usr", "var");
    // EACCES: a folder that not even a search may be made in.
    assertThat(errnos.values()).as(errnos.toString()).isSubsetOf("EROFS", "EACCES");
    assertThat(errnos).containsEntry("usr", "EROFS").containsEntry("sys", "EROFS");
  }

  @Test
  void noDeviceCanBeMade() throws IOException {
    Set<Long> devices = new TreeSet<>(Set.of(0x101L, 0xfe00L));
    try (Stream<Path> nodes = Files.list(Path.of("/dev"))) {
      nodes.map(FileWallsTest::device).forEach(devices::add);
    }
    for (long device : devices) {
      for (int type : new int[] {S_IFBLK | 0666, S_IFCHR | 0666}) {
        // Device 0 of the characters is the whiteout of overlayfs, which is harmless.
        assertThat(device == 0 ? "EPERM" : errno(root, "mknodat", CWD, "/tmp/node", type, device))
            .isEqualTo("EPERM");
        assertThat(errno(root, "mknodat", CWD, "/dev/node", type, device)).isEqualTo("EROFS");
      }
    }
  }

  private static long device(Path node) {
    try {
      return ((Number) Files.getAttribute(node, "unix:rdev", LinkOption.NOFOLLOW_LINKS))
          .longValue();
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void theStandardStreamsLeadToNoFileOfTheMachine() throws IOException {
    Map<String, Object> devNull = Files.readAttributes(Path.of("/dev/null"), "unix:*");
    for (Actor actor : new Actor[] {root, stage.init()}) {
      for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (Files.readSymbolicLink(Path.of("/proc/" + actor.pid() + "/fd/" + descriptor))
            .startsWith("/")) {
          assertThat(errno(actor, "utimensat", descriptor, 0, 0, 0)).isEqualTo("EROFS");
        }
      }
    }
    assertThat(Files.readAttributes(Path.of("/dev/null"), "unix:*")).isEqualTo(devNull);
  }

  @Test
  void noHiddenProcessStandsWhereDoquWasStarted() throws IOException {
    for (Actor actor : new Actor[] {root, stage.init(), stage.outer()}) {
      assertThat(Files.readSymbolicLink(Path.of("/proc/" + actor.pid() + "/cwd"))).hasToString("/");
    }
  }

  private static Object[] args(Object... args) {
    return args;
  }

  private static void open(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  /** Everything stat(2) says of every victim, and what is in them. */
  private Map<String, Object> state() throws IOException {
    Map<String, Object> state = new TreeMap<>();
    try (Stream<Path> files = Files.walk(victims)) {
      for (Path file : files.toList()) {
        Map<String, Object> stat =
            new TreeMap<>(Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS));
        stat.remove("lastAccessTime"); // looking changes it
        state.put(file.toString(), stat);
      }
    }
    state.put("content", Files.readString(victims.resolve("file")));
    return state;
  }
}
