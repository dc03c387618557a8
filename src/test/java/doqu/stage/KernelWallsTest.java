package doqu.stage;

import static doqu.testing.Syscall.errno;
import static doqu.testing.Syscall.value;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.testing.Syscall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks by the root of the stage on what a machine has only one of: its kernel. */
class KernelWallsTest {
  /** The settings that every user, IPC or PID namespace has for itself. */
  private static final Predicate<String> OF_A_NAMESPACE =
      Pattern.compile(
              "/proc/sys/(user/max_.*|fs/mqueue/.*"
                  + "|kernel/(hostname|domainname|ns_last_pid|pid_max|auto_msgmni|(msg|sem|shm).*))")
          .asMatchPredicate();

  private Stage stage;
  private Actor root;

  @BeforeEach
  void aStage() throws Exception {
    stage = Stage.start();
    root = stage.focus();
  }

  @AfterEach
  void close() {
    stage.close();
  }

  /** Every setting that can be opened to write gets another value: it must be the stage's own. */
  @Test
  void noSettingOfTheMachineChanges() throws IOException {
    List<Path> settings = files(Path.of("/proc/sys"));
    assertThat(settings).hasSizeGreaterThan(300);
    Map<Path, String> before = contents(settings);
    List<String> opened = new ArrayList<>();
    for (Path setting : settings) {
      long descriptor =
          Syscall.reply(root, "openat", Flags.AT_FDCWD, setting, Flags.O_WRONLY).value();
      if (descriptor >= 0) {
        opened.add(setting.toString());
        // Looked at before it is written to: were it the machine's, it would be changed.
        assertThat(setting.toString()).matches(OF_A_NAMESPACE);
        errno(root, "write", descriptor, "77\n", 3);
        value(root, "close", descriptor);
      }
    }
    assertThat(opened).contains("/proc/sys/user/max_uts_namespaces");
    Map<Path, String> after = contents(settings);
    for (String setting : opened) {
      assertThat(after.get(Path.of(setting))).as(setting).isEqualTo(before.get(Path.of(setting)));
    }
  }

  @Test
  void noOtherFileOfTheKernelCanBeOpenedToWrite() throws IOException {
    Map<String, Integer> errnos = new TreeMap<>();
    for (Path tree : trees()) {
      for (Path file : files(tree)) {
        long flags = Flags.O_WRONLY | Flags.O_NONBLOCK;
        String errno = errno(root, "openat", Flags.AT_FDCWD, file, flags);
        assertThat(errno).as(file.toString()).isNotEqualTo(Syscall.WORKED);
        errnos.merge(errno, 1, Integer::sum);
      }
    }
    assertThat(errnos).containsKey("EACCES");
  }

  /** All of /proc but for settings and processes, and the parts of /sys that are no devices. */
  private static List<Path> trees() throws IOException {
    // What is written to a file of /proc/pressure belongs to the descriptor: a trigger to poll.
    String others = "sys|self|thread-self|net|mounts|pressure|\\d+";
    try (Stream<Path> proc = Files.list(Path.of("/proc"))) {
      return Stream.concat(
              proc.filter(path -> !path.getFileName().toString().matches(others)),
              Stream.of("kernel", "module", "power", "fs", "bus").map(Path.of("/sys")::resolve))
          .toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void noCallChangesIt(String call, Object[] args) {
    // ENOSYS: this kernel has no modules, or no such call at all.
    assertThat(errno(root, call, args)).isIn("EPERM", "ENOSYS", "EACCES");
  }

  private static Stream<Arguments> calls() {
    byte[] zeros = new byte[128];
    byte[] priority = {1, 0, 0, 0};
    return Stream.of(
        call("init_module", zeros, 128, ""),
        call("finit_module", 0, "", 0),
        call("delete_module", "ext4", 0),
        call("kexec_load", 0, 0, 0, 0),
        call("settimeofday", zeros, 0),
        call("clock_settime", 0, zeros),
        call("clock_adjtime", 0, setsTheClock()),
        call("swapon", "/etc/passwd", 0),
        call("swapoff", "/etc/passwd"),
        call("acct", 0),
        call("syslog", 5, 0, 0), // SYSLOG_ACTION_CLEAR
        call("vhangup"),
        call("open_by_handle_at", Flags.AT_FDCWD, handle(), 0),
        call("sched_setscheduler", 0, 1, priority), // SCHED_FIFO
        call("setpriority", 0, 0, -20),
        call("ioprio_set", 1, 0, 1 << 13), // IOPRIO_CLASS_RT
        call("fanotify_init", 0, 0),
        call("prlimit64", 0, Libc.RLIMIT_NPROC, unlimited(), 0));
  }

  private static Arguments call(String name, Object... args) {
    return Arguments.of(name, args);
  }

  private static byte[] setsTheClock() {
    byte[] timex = new byte[256];
    timex[1] = 1; // modes = ADJ_SETOFFSET
    return timex;
  }

  private static byte[] handle() {
    byte[] handle = new byte[136];
    handle[0] = 8; // handle_bytes
    handle[4] = 1; // handle_type
    return handle;
  }

  private static byte[] unlimited() {
    byte[] limits = new byte[16];
    Arrays.fill(limits, (byte) -1);
    return limits;
  }

  private static Map<Path, String> contents(List<Path> files) {
    Map<Path, String> contents = new TreeMap<>();
    for (Path file : files) {
      byte[] content = Libc.readFile(file.toString());
      contents.put(file, content == null ? "" : new String(content, StandardCharsets.ISO_8859_1));
    }
    // What the last PID was is no setting.
    contents.put(Path.of("/proc/sys/kernel/ns_last_pid"), "");
    return contents;
  }

  private static List<Path> files(Path tree) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
