package doqu.shell;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Doqu;
import doqu.testing.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is typed, pasted or read: it is carried out or refused in a line, and doqu goes on. */
class InputTest {
  private static final int MEGABYTE = 1 << 20;

  /** What a terminal puts around what is pasted, when it is asked to. */
  private static final String PASTED = "\033[200~%s\033[201~";

  /** What JLine asks of the terminal when a line has been read. */
  private static final String LINE_READ = "\033[?2004l";

  @TempDir Path folder;

  private record Result(int status, String out, String err) {}

  @ParameterizedTest
  @ValueSource(strings = {"file", "standard input"})
  void whatNoLineMayHoldIsRefusedAndTheNextIsCarriedOut(String from) throws Exception {
    byte[] lines =
        String.join(
                "\n",
                "mkdir /mnt/a\0b",
                "mkdir '/mnt/c\0d'",
                "mkdir \"/mnt/e\0f\"",
                "mkdir /mnt/g\u00ffh",
                "a".repeat(MEGABYTE),
                "mkdir /mnt/" + "b".repeat(MEGABYTE),
                "ls /mnt",
                "hostname #" + "c".repeat(MEGABYTE) + "\r",
                "uname")
            .getBytes(ISO_8859_1);
    Result result = run(lines, from.equals("file"));
    assertThat(result.status).isEqualTo(1);
    assertThat(result.err.lines())
        .hasSize(6)
        .allMatch(line -> line.length() < 1000)
        .startsWith(
            "doqu: '/mnt/a^@b' has a NUL byte: no argument can hold one",
            "doqu: '/mnt/c^@d' has a NUL byte: no argument can hold one",
            "doqu: '/mnt/e^@f' has a NUL byte: no argument can hold one",
            "doqu: '/mnt/g\ufffdh' has bytes that are not UTF-8: it would become another word")
        .endsWith("doqu: mkdir: its arguments are longer than the 65536 bytes an actor takes");
    assertThat(result.err.lines().toList().get(4))
        .startsWith("doqu: unknown command 'aaaaaaaa")
        .contains("a ... a")
        .endsWith("aaaaaaaa'");
    assertThat(result.out.lines().toList().get(0)).isEqualTo("doqu: stage, domain name (none)");
    assertThat(result.out).contains("Linux");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "standard input"})
  void wideLettersArePassedOnAndShown(String from) throws Exception {
    Result result =
        run("mkdir /mnt/漢字\nmkdir '/mnt/é 😀'\nls /mnt".getBytes(UTF_8), from.equals("file"));
    assertThat(result).isEqualTo(new Result(0, result.out, ""));
    assertThat(result.out.lines())
        .contains("  + directory /mnt/漢字", "  + directory /mnt/é 😀")
        .endsWith("é 😀/", "漢字/");
  }

  @Test
  void ctrlCClearsAHalfTypedLineAndOnAnEmptyOneInterrupts() throws Exception {
    try (Typed typed = prompt()) {
      typed.line("fork");
      typed.awaitLine("  \\+ child: .*");
      typed.awaitLastLine("doqu> ?");
      typed.line("wait");
      typed.awaitLine("doqu is blocked in wait4.*");
      typed.type("half");
      typed.awaitLastLine("doqu> half");
      typed.ctrl('C');
      typed.awaitLastLine("doqu> ?");
      typed.line("chdir /");
      typed.awaitLine("doqu: doqu is blocked in wait4.*: switch to another actor");
      typed.awaitLastLine("doqu> ?");
      assertThat(typed.output()).doesNotContain("EINTR");
      typed.ctrl('C');
      typed.awaitLine(".*wait4\\(.*\\) = -1 EINTR \\(Interrupted system call\\)");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "a line, mkdir /mnt/, doqu> mkdir /mnt/",
    "a list of words, 'u\t', uname .*",
    "the question whether to show all, 'syscall \t', .*do you wish to see all .*",
    "a search, 'mkdir /mnt/\022', .*bck-i-search: .*",
    "a key that is quoted, 'mkdir /mnt/\026', 'doqu> mkdir /mnt/'",
    "the first of two keys, 'mkdir /mnt/\033', 'doqu> mkdir /mnt/'",
  })
  void whatIsTypedBehindCtrlCIsTheNextLine(String where, String keys, String shown)
      throws Exception {
    try (Typed typed = prompt()) {
      typed.line("chdir /mnt"); // a search needs something to find
      typed.awaitLastLine("doqu> ?");
      typed.type(keys);
      typed.awaitLine(shown);
      // In one piece: Ctrl-C between two lines is a signal, at which the kernel drops what it has.
      typed.type(
          "\003uname\rmkdir /mnt/a\rmkdir /mnt/b\003"
              + PASTED.formatted("mkdir /mnt/c\rls /mnt")
              + "\003ls /mnt\r");
      typed.awaitLine("a/");
      typed.awaitLine("sysname: Linux");
      typed.awaitLastLine("doqu> ?");
      assertThat(typed.output().split("mkdir\\(", -1)).as("one step and no other").hasSize(2);
    }
  }

  @Test
  void whatInterruptsIsTheKeyThatTheTerminalSays() throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "stty intr ^K; exec \"$@\"", "sh"));
    command.addAll(Doqu.command());
    try (Typed typed = new Typed(100, 40, environment(), command)) {
      typed.awaitLastLine("doqu> ?");
      typed.keys("half");
      typed.ctrl('C');
      typed.type("er");
      typed.awaitLastLine("doqu> halfer");
      typed.type("\013hostname\r");
      typed.awaitLine("host: stage, .*");
      typed.awaitLastLine("doqu> ?");
      typed.type("fork\r");
      typed.awaitLine("  \\+ child: .*");
      typed.type("wait\r");
      typed.awaitLine("doqu is blocked in wait4.*");
      typed.awaitLastLine("doqu> ?");
      typed.ctrl('K');
      typed.awaitLine(".*wait4\\(.*\\) = -1 EINTR \\(Interrupted system call\\)");
      typed.awaitLastLine("doqu> ?");
      typed.ctrl('D');
      assertThat(typed.exitStatus()).isZero();
      assertThat(typed.modes()).contains(":b:");
    }
  }

  @Test
  void ctrlCPutsAListOfWordsAwayWithTheLine() throws Exception {
    try (Typed typed = prompt()) {
      typed.type("u\t");
      typed.awaitLine("uname .*");
      typed.ctrl('C');
      typed.await("a line put away", shown -> shown.strip().matches("doqu> u\\s+doqu>"));
      typed.line("hostname");
      typed.awaitLine("host: stage, .*");
    }
  }

  @Test
  void ctrlDTakesALetterAndOnAnEmptyLineLeaves() throws Exception {
    try (Typed typed = prompt()) {
      typed.type("hostXname");
      typed.awaitLastLine("doqu> hostXname");
      typed.type("\033OD".repeat(5));
      typed.ctrl('D');
      typed.awaitLastLine("doqu> hostname");
      typed.type("\r");
      typed.awaitLine("host: stage, .*");
      typed.awaitLastLine("doqu> ?");
      typed.ctrl('D');
      assertThat(typed.exitStatus()).isZero();
      assertThat(typed.modes()).isEqualTo(typed.modesBefore());
    }
  }

  @Test
  void ctrlZWhereNoShellCouldLetItGoOnLeavesTheLine() throws Exception {
    try (Typed typed = prompt()) {
      typed.type("hostna");
      typed.awaitLastLine("doqu> hostna");
      typed.ctrl('Z');
      typed.await("the line again", shown -> shown.split("doqu> hostna", -1).length == 3);
      typed.type("me\r");
      typed.awaitLine("host: stage, .*");
    }
  }

  @Test
  void ctrlBackslashPrintsNoThreads() throws Exception {
    try (Typed typed = prompt()) {
      typed.ctrl('\\');
      typed.line("hostname");
      typed.awaitLine("host: stage, .*");
      assertThat(typed.output()).doesNotContain("thread dump").doesNotContain("\"main\"");
    }
  }

  @Test
  void whatIsTypedWhileAStepRunsIsTheNextLine() throws Exception {
    try (Typed typed = prompt()) {
      typed.line("ls $ROOTFS/mnt"); // lays the root file system, which takes a while
      typed.await("end of the line", shown -> typed.output().contains(LINE_READ));
      typed.type("hostname\r");
      typed.awaitLine("host: stage, .*");
      assertThat(typed.screen().lines()).contains("doqu> hostname").doesNotContain("hostname");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"marked, %s", "not marked, "})
  void aHundredLinesThatArePastedAreAllCarriedOut(String what, String marked) throws Exception {
    String lines =
        IntStream.rangeClosed(1, 100)
            .mapToObj(i -> "mkdir /mnt/%d".formatted(i))
            .collect(Collectors.joining("\r"));
    try (Typed typed = prompt()) {
      typed.type(marked == null ? lines : PASTED.formatted(lines));
      typed.type("\r");
      typed.awaitLine("  \\+ directory /mnt/100");
      typed.awaitLastLine("doqu> ?");
      assertThat(typed.output().split("\\+ directory", -1)).hasSize(101);
      List<String> shown = typed.screen().lines().toList();
      assertThat(shown.subList(shown.size() - 3, shown.size()))
          .containsExactly("mkdir(\"/mnt/100\", 0755) = 0", "  + directory /mnt/100", "doqu>");
    }
  }

  @Test
  void whatNoLineMayHoldIsRefusedAtThePrompt() throws Exception {
    try (Typed typed = prompt()) {
      typed.type(PASTED.formatted("mkdir /mnt/a\0b") + "\r");
      typed.awaitLine("doqu: '/mnt/a\\^@b' has a NUL byte: no argument can hold one");
      typed.awaitLastLine("doqu> ?");
      typed.send("mkdir /mnt/c\u00ffd\r".getBytes(ISO_8859_1));
      typed.awaitLine("doqu: '/mnt/c.d' has bytes that are not UTF-8: .*");
      typed.awaitLastLine("doqu> ?");
      typed.line("hostname");
      typed.awaitLine("host: stage, .*");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec \"$@\" /dev/zero",
        "exec \"$@\" </dev/zero",
        "yes '' | tr '\\n' x | \"$@\" -k",
      })
  void aLineWithoutEndIsRefused(String line) throws Exception {
    assertThat(shell(line, "-Xmx64m"))
        .isEqualTo(new Result(1, "", "doqu: line 1 is longer than 4 MiB: no step is\n"));
  }

  @Test
  void whatHasNoEndIsNotLoaded() throws Exception {
    assertThat(shell("exec \"$@\" -c 'load /dev/zero'", "-Xmx64m"))
        .isEqualTo(new Result(1, "", "doqu: '/dev/zero' is no regular file\n"));
  }

  @Test
  void withoutMemoryThatIsSaidInALine() throws Exception {
    Result result = shell("yes | head -c 8000000 | tr -d '\\n' | \"$@\"", "-Xmx8m");
    assertThat(result.status).isEqualTo(1);
    assertThat(result.err.lines()).singleElement().asString().startsWith("doqu: it has no memory");
  }

  /** Runs a line of sh that has the command of doqu as its arguments. */
  private Result shell(String line, String option) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", line, "sh"));
    command.addAll(Doqu.command());
    command.add(command.indexOf("-cp"), option);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process shell =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(shell.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** If each letter had the line drawn again, this would take the better part of a minute. */
  @Test
  void aLongLineIsReadAtOnce() throws Exception {
    try (Typed typed = prompt()) {
      long begun = System.nanoTime();
      typed.type("hostname #" + "a".repeat(MEGABYTE / 32) + "\r");
      typed.awaitLine("host: stage, .*");
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)).isLessThan(15);
    }
  }

  @Tag("slow")
  @ParameterizedTest(name = "{0}")
  @CsvSource({"marked, %s", "not marked, "})
  void aMegabyteIsReadAtOnceAndNotRemembered(String what, String marked) throws Exception {
    try (Typed typed = prompt()) {
      String line = "hostname #" + "a".repeat(MEGABYTE);
      typed.type(marked == null ? line : PASTED.formatted(line));
      typed.type("\r");
      typed.awaitLine("host: stage, .*");
      typed.line("uname");
      typed.awaitLine(".*Linux.*");
      typed.awaitLastLine("doqu> ?");
      typed.ctrl('D');
      assertThat(typed.exitStatus()).isZero();
      assertThat(remembered()).hasSize(1).allMatch(entry -> entry.endsWith(":uname"));
    }
  }

  @Test
  void aDamagedHistoryIsMended() throws Exception {
    Path file = Files.createDirectories(folder.resolve("doqu")).resolve("history");
    Files.write(
        file, "1795644512105:uname\nno time\n1795644512106:h\u00fffoo\n17956".getBytes(ISO_8859_1));
    try (Typed typed = prompt()) {
      assertThat(typed.screen().strip()).isEqualTo("doqu>"); // nothing is said of it
      typed.type("\033OA\033OA"); // up
      typed.awaitLastLine("doqu> uname");
      typed.type("\r");
      typed.awaitLine(".*Linux.*");
      typed.awaitLastLine("doqu> ?");
      typed.ctrl('D');
      assertThat(typed.exitStatus()).isZero();
    }
    assertThat(remembered()).hasSize(3).allMatch(line -> line.matches("\\d+:(uname|h\ufffdfoo)"));
  }

  @Test
  void aHistoryThatIsNoFileIsDoneWithout() throws Exception {
    Files.createDirectories(folder.resolve("doqu/history"));
    try (Typed typed = prompt()) {
      typed.line("hostname");
      typed.awaitLine("host: stage, .*");
      typed.awaitLastLine("doqu> ?");
      typed.ctrl('D');
      assertThat(typed.exitStatus()).isZero();
      assertThat(typed.output()).doesNotContain("Exception");
    }
  }

  @Test
  void twoAtOnceRememberTheLinesOfBoth() throws Exception {
    try (Typed one = prompt();
        Typed two = prompt()) {
      for (int i = 0; i < 3; i++) {
        for (Typed typed : List.of(one, two)) {
          typed.line("chdir /mnt #" + (typed == one ? "one" : "two") + i);
          typed.await("prompt", shown -> Typed.lastLine(shown).strip().equals("doqu>"));
        }
      }
      one.ctrl('D');
      two.ctrl('D');
      assertThat(one.exitStatus()).isZero();
      assertThat(two.exitStatus()).isZero();
    }
    assertThat(remembered().stream().map(entry -> entry.replaceFirst("\\d+:chdir /mnt #", "")))
        .containsExactlyInAnyOrder("one0", "one1", "one2", "two0", "two1", "two2");
  }

  @Test
  void noColorIsHonoured() throws Exception {
    try (Typed typed = prompt("NO_COLOR", "1")) {
      typed.type("nonsense");
      typed.awaitLastLine("doqu> nonsense");
      typed.type("\r");
      typed.awaitLine("doqu: unknown command 'nonsense'");
      typed.awaitLastLine("doqu> ?");
      typed.line("chroot /nowhere");
      typed.awaitLine("  nothing changed");
      assertThat(typed.output()).doesNotContainPattern("\033\\[[0-9;]*[1-9][0-9;]*m");
    }
  }

  @Test
  void aTerminalNobodyKnowsWillDo() throws Exception {
    try (Typed typed = prompt("TERM", "nobody-knows")) {
      typed.line("hostname");
      typed.awaitLine("host: stage, .*");
      assertThat(typed.output()).doesNotContain("Exception");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dumb", ""})
  void onADumbTerminalCtrlCGivesAnotherPromptAndCtrlDLeaves(String type) throws Exception {
    try (Typed typed = new Typed(80, 24, environment("TERM", type), Doqu.command())) {
      typed.await("prompt", shown -> typed.output().endsWith("doqu> "));
      typed.line("fork");
      typed.awaitLine("  \\+ child: .*");
      typed.await("prompt", shown -> typed.output().endsWith("doqu> "));
      typed.type("half");
      typed.awaitLastLine("doqu> half");
      typed.ctrl('C');
      typed.awaitLine("doqu> half\\^C");
      typed.awaitLastLine("doqu> ?");
      typed.type("hostname\r");
      typed.awaitLine("host: stage, .*");
      typed.await("prompt", shown -> typed.output().endsWith("doqu> "));
      typed.ctrl('D');
      assertThat(typed.exitStatus()).isZero();
      typed.await("end of the line", shown -> typed.output().endsWith("doqu> \r\n"));
      assertThat(typed.output()).doesNotContain("\033");
    }
  }

  private Typed prompt(String... variable) throws Exception {
    Typed typed = new Typed(100, 40, environment(variable), Doqu.command());
    try {
      typed.awaitLastLine("doqu> ?");
      return typed;
    } catch (AssertionError e) {
      typed.close();
      throw e;
    }
  }

  private Map<String, String> environment(String... variable) {
    Map<String, String> environment = new HashMap<>(Map.of("XDG_STATE_HOME", folder.toString()));
    if (variable.length > 0) {
      environment.put(variable[0], variable[1]);
    }
    return environment;
  }

  private List<String> remembered() throws Exception {
    return Files.readAllLines(folder.resolve("doqu/history"));
  }

  /** Has it carry out every line, even after one that failed. */
  private Result run(byte[] lines, boolean asFile) throws Exception {
    Path input = Files.write(folder.resolve("lines.doqu"), lines);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process doqu =
        new ProcessBuilder(asFile ? Doqu.command("-k", input.toString()) : Doqu.command("-k"))
            .redirectInput((asFile ? Path.of("/dev/null") : input).toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(doqu.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Result(doqu.exitValue(), Files.readString(out), Files.readString(err));
  }
}
