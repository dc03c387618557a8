package doqu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing of doqu is left on the machine however it ends: started by its launcher, killed at every
 * step of the article, and with everything on the stage that tries to outlive it.
 */
@Tag("slow")
class LeftoversTest {
  @TempDir Path temp;

  /** The machine, as far as doqu could change it. */
  private record Machine(
      String hostname, String mounts, List<String> cgroups, List<String> temporary) {
    static Machine now() throws IOException {
      return new Machine(
          Files.readString(Path.of("/proc/sys/kernel/hostname")),
          Files.readString(Path.of("/proc/self/mountinfo")),
          folders(Path.of("/sys/fs/cgroup"), 3),
          traces());
    }

    private static List<String> folders(Path top, int depth) throws IOException {
      try (Stream<Path> paths = Files.walk(top, depth)) {
        return paths
            .filter(Files::isDirectory)
            .map(Path::toString)
            .filter(path -> path.contains("doqu")) // others come and go on a machine in use
            .sorted()
            .toList();
      }
    }

    /** What JNA, JLine and the JVM leave in /tmp when they unpack or share something there. */
    private static List<String> traces() throws IOException {
      try (Stream<Path> paths = Files.list(Path.of("/tmp"))) {
        return paths
            .map(path -> path.getFileName().toString())
            .filter(name -> name.matches("(?i)(jna|jline|jansi|doqu).*"))
            .sorted()
            .toList();
      }
    }
  }

  static IntStream steps() throws IOException {
    return IntStream.rangeClosed(0, article().size());
  }

  private static List<String> article() throws IOException {
    return Files.readAllLines(Path.of("lessons/article.doqu")).stream()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty() && !line.startsWith("exec") && !line.startsWith("wait"))
        .toList();
  }

  @ParameterizedTest(name = "after {0} steps")
  @MethodSource("steps")
  void afterKillMinusNineAtAnyStep(int count) throws Exception {
    ends("KILL", String.join("\n", article().subList(0, count)) + "\nstatus\n", "actor: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HUP", "INT", "TERM", "KILL"})
  void afterASignal(String signal) throws Exception {
    ends(signal, String.join("\n", article()) + "\nstatus\n", "actor: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fork; wait; switch child; unshare pid; fork; wait; switch init",
        "fork; syscall pause; switch child",
        "fork; fork; syscall kill 3 19; wait; switch child2"
      })
  void afterKillMinusNineDuringABlockedCall(String steps) throws Exception {
    ends("KILL", steps + "\nactors\n", "* ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trap \"\" HUP TERM INT; sleep 1000; :                                       | 1 | S",
        "setsid sleep 1000 & nohup sleep 1001 >/dev/null 2>&1 & (sleep 1002 &); wait | 3 | S",
        "sleep 1000 & kill -STOP $$                                                | 1 | T",
        "unshare -f sleep 1000 & wait                                              | 1 | S",
      })
  void afterKillMinusNineWithJobsThatWouldStay(String script, int sleeps, String state)
      throws Exception {
    Machine before = Machine.now();
    Process doqu = start();
    try (Writer in = doqu.outputWriter(UTF_8)) {
      in.write(
          "unshare pid\nfork\nswitch init\nfork\nswitch child\nexec /bin/sh -c '" + script + "'\n");
      in.flush();
      await(
          () ->
              doqu.descendants().filter(p -> name(p).equals("sleep")).count() == sleeps
                  && doqu.descendants().anyMatch(p -> stat(p).contains(") " + state + " ")),
          script);
      isGone(doqu, "KILL", before);
    }
  }

  private void ends(String signal, String lines, String answer) throws Exception {
    Machine before = Machine.now();
    Process doqu = start();
    try (Writer in = doqu.outputWriter(UTF_8);
        BufferedReader out = doqu.inputReader(UTF_8)) {
      in.write(lines);
      in.flush();
      StringBuilder seen = new StringBuilder();
      while (!seen.toString().contains("\n" + answer)) {
        String line = out.readLine();
        assertThat(line).as(seen.toString()).isNotNull();
        seen.append('\n').append(line);
      }
      isGone(doqu, signal, before);
    }
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(Path.of("doqu").toAbsolutePath().toString()).redirectErrorStream(true);
    builder.environment().put("DOQU_JAVA_OPTS", "-Djava.io.tmpdir=" + temp);
    return builder.start();
  }

  /** Ends doqu, and looks whether the machine is as it was. */
  private void isGone(Process doqu, String signal, Machine before) throws Exception {
    List<ProcessHandle> stage = doqu.descendants().toList();
    assertThat(stage).hasSizeGreaterThanOrEqualTo(4);
    new ProcessBuilder("kill", "-" + signal, Long.toString(doqu.pid())).start().waitFor();
    assertThat(doqu.waitFor(10, TimeUnit.SECONDS)).isTrue();
    await(() -> stage.stream().noneMatch(ProcessHandle::isAlive), "the end of " + stage);
    assertThat(Machine.now()).isEqualTo(before);
    assertThat(temp).isEmptyDirectory();
  }

  private static void await(Callable<Boolean> condition, String what) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(20);
    }
  }

  /** The name the kernel has for a process. */
  private static String name(ProcessHandle process) {
    return stat(process).replaceFirst("^\\d+ \\((.*)\\).*$", "$1").strip();
  }

  private static String stat(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
    } catch (IOException gone) {
      return "";
    }
  }
}
