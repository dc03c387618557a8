package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.kernel.ProcStat;
import doqu.step.Guard;
import doqu.step.Steps;
import doqu.testing.Doqu;
import doqu.testing.Needs;
import doqu.testing.Typed;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code --bare}: whom a step would reach is found out before it is taken. The machine these tests
 * play on is made for each of them of namespaces of its own, with shared mounts as systemd makes
 * them.
 */
@Needs("unshare")
class BareTest {
  @TempDir Path folder;

  /** Doqu on such a machine, and a shell command before and after it. */
  private List<String> machine(String before, List<String> doqu, String after) {
    StringBuilder script = new StringBuilder(before).append("\n");
    doqu.forEach(word -> script.append('\'').append(word.replace("'", "'\\''")).append("' "));
    script.append("\n").append(after);
    return List.of(
        "unshare",
        "-rmuipf",
        "--mount-proc",
        "--propagation",
        "shared",
        "sh",
        "-c",
        script.toString());
  }

  private String run(List<String> command) throws Exception {
    File output = folder.resolve("output").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output);
    environment(builder.environment());
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output.toPath());
  }

  private void environment(Map<String, String> environment) {
    environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
    environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    environment.put("TMPDIR", folder.toString());
  }

  @Test
  void theTableHasEachStepOnce() {
    assertThat(Guard.rows().map(Guard.Row::step))
        .containsExactlyInAnyOrderElementsOf(Steps.rows().map(Steps.Row::name).toList());
    assertThat(Guard.rows()).allSatisfy(row -> assertThat(row.reaches()).isNotEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        " | sethostname evil | the machine's UTS namespace",
        " | setdomainname evil | the machine's UTS namespace",
        " | mount -t tmpfs x /mnt | the machine's mount namespace",
        " | mount --make-rprivate / | the machine's mount namespace",
        " | umount -l /proc | the machine's mount namespace",
        " | pivot_root /mnt /mnt | the machine's mount namespace",
        "unshare mnt | mount -t tmpfs x /mnt | / is shared with it (peer group",
        "unshare mnt | mount --rbind /usr /mnt | / is shared with it (peer group",
        "unshare mnt | umount -l /dev | / is shared with it (peer group",
        "unshare mnt | mount -o remount,ro / | changes the file system itself",
        " | kill -9 1 | PID 1, which is none of doqu's",
        " | kill -TERM -1 | every process it may signal",
        " | kill -TERM 0 | a process group",
        " | mkdir /mnt/made | the machine's files: /mnt",
        "unshare mnt; mount --make-rprivate / | mkdir /mnt/made | the machine's files: /mnt",
        " | rmdir /mnt | the machine's files: /mnt",
        " | write /etc/hostname evil | the machine's files: /etc/hostname",
        " | write /proc/sys/kernel/hostname evil | the machine's files: /proc/sys",
        " | write /proc/1/comm evil | the machine's files: /proc/1/comm",
        " | exec /bin/true | the machine's root, mnt, pid",
        "unshare mnt pid; mount --make-rprivate / | exec /bin/true | the machine's root, pid",
        " | syscall reboot 0 | reboot is made as it is written",
        " | syscall kill 1 9 | kill is made as it is written",
        "unshare mnt; mount --make-rprivate / | mkdir /proc/1/root/mnt/made | the machine's files",
        "unshare mnt; mount --make-rprivate /; chroot /proc/1/root | mkdir /mnt/made | files: /mnt",
        "unshare mnt; mount --make-rprivate /; chdir /proc/1/root | mkdir mnt/made | files: /mnt",
        "unshare mnt; mount --make-rprivate /; mount -t proc p /mnt | write /mnt/sys/vm/swappiness 60 | what /mnt/sys/vm/swappiness is on, proc, has more than doqu",
        "unshare mnt; mount --make-rprivate /; mount -t proc p /mnt | write /mnt/1/comm evil | what /mnt/1/comm is on",
        "unshare mnt pid; mount --make-rprivate /; mount -t proc p /mnt; fork; switch init | write /mnt/1/comm evil | what /mnt/1/comm is on",
        "unshare mnt; mount --make-rprivate / | mount -t overlay o -o lowerdir=/usr,upperdir=/mnt,workdir=/mnt /opt | the machine's files: /mnt",
        "unshare mnt; mount --make-rprivate / | mount -t ext4 /dev/none /mnt | ext4 is read from and written to /dev/none",
        "unshare mnt; mount --make-private / | umount -l /dev | /dev is shared with it",
        " | syscall setns 3 CLONE_NEWUTS | setns is made as it is written",
        "unshare mnt; fork; switch child; setns doqu mnt | mount -t tmpfs x /mnt | shared with it",
      })
  void whatWouldReachTheMachineIsRefusedWhereNobodyCanBeAsked(
      String before, String step, String why) throws Exception {
    String look = "cat /proc/sys/kernel/hostname; cat /proc/mounts; ls /mnt; ls -d /mnt; kill -0 1";
    String output =
        run(
            machine(
                "exec 2>&1; (" + look + ") >" + folder + "/was",
                Doqu.command("--bare", "--json", "-c", (before == null ? "" : before + ";") + step),
                "(" + look + ") >" + folder + "/is"));
    Map<String, Object> last = last(output);
    assertThat(last.get("error")).asString().contains("'" + step + "' would reach").contains(why);
    assertThat(last.get("error")).asString().endsWith("--yes-really goes on");
    assertThat(folder.resolve("is")).hasSameTextualContentAs(folder.resolve("was"));
  }

  /** Of whom nobody descends from doqu: a container that runs on the machine, say. */
  @Test
  void theNamespacesOfOthersAreAskedAboutToo() throws Exception {
    String others = "exec 2>&1; mount -t tmpfs x /mnt; touch /mnt/ns; unshare --uts=/mnt/ns true";
    for (String step : List.of("setns /mnt/ns", "setns /mnt/ns uts")) {
      String output =
          run(machine(others, Doqu.command("--bare", "--json", "-c", "unshare mnt;" + step), ""));
      assertThat(last(output).get("error"))
          .asString()
          .contains("'" + step + "' would reach whoever is in uts:[");
    }
    String own = "unshare uts; fork; switch child; setns doqu uts; setns host uts; hostname";
    assertThat(run(machine(others, Doqu.command("--bare", "-c", own), "")))
        .doesNotContain("would reach");
  }

  private static Map<String, Object> last(String output) throws Exception {
    String[] lines = output.strip().split("\n");
    return JSON.std.mapFrom(lines[lines.length - 1]);
  }

  @Test
  void theArticleReachesNobody() throws Exception {
    List<String> steps = new ArrayList<>(List.of(Article.TO_THE_ROOT));
    steps.addAll(List.of("fork", "switch child", "exec /bin/sh -c 'hostname; ls /'"));
    String output =
        run(
            machine(
                "hostname before; cat /proc/mounts >" + folder + "/was",
                Doqu.command("--bare", "-c", String.join("\n", steps)),
                "cat /proc/mounts >" + folder + "/is; hostname"));
    assertThat(output).contains("\ndoqueru\n").endsWith("before\n");
    assertThat(output).doesNotContain("would reach");
    assertThat(folder.resolve("is")).hasSameTextualContentAs(folder.resolve("was"));
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void nothingIsSaidOfAStage() throws Exception {
    String output =
        run(
            machine(
                "hostname before",
                Doqu.command(
                    "--bare",
                    "-k",
                    "-c",
                    "why; fork; status; predict exec /bin/true; chdir /no; why; diff --last"),
                "hostname"));
    assertThat(output)
        .contains("no call has failed so far")
        .containsPattern("child: PID (\\d+) inside, \\1 on the machine")
        .containsPattern("pid: (\\d+) inside, \\1 on the machine")
        .doesNotContain(" stage");
  }

  /** Work areas and journals. */
  private List<String> leftovers() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(
              file ->
                  file.getFileName().toString().startsWith("doqu-bare-")
                      || file.getParent().getFileName().toString().equals("bare"))
          .map(Path::toString)
          .toList();
    }
  }

  @Test
  void whoSaysYesReallyIsNotAsked() throws Exception {
    String output =
        run(
            machine(
                "hostname before",
                Doqu.command(
                    "--bare", "--yes-really", "-c", "sethostname evil; mount -t tmpfs cellar /mnt"),
                "hostname; grep cellar /proc/mounts"));
    assertThat(output).doesNotContain("would reach").contains("\nevil\ncellar /mnt tmpfs");
  }

  @Test
  void yesReallyIsForBareOnly() throws Exception {
    assertThat(run(Doqu.command("--yes-really", "-c", "ps")))
        .contains("--yes-really is for --bare");
  }

  @Test
  void atAPromptTheHumanIsAsked() throws Exception {
    try (Typed typed = typed(machine("hostname before", Doqu.command("--bare"), "hostname"))) {
      typed.awaitLastLine("doqu\\(bare\\)> ?");
      typed.line("sethostname evil");
      typed.awaitLastLine("go on\\? \\[y/N\\] ?");
      assertThat(typed.screen()).contains("'sethostname evil' would reach the machine");
      typed.line("n");
      typed.awaitLine("doqu: 'sethostname evil' was not taken");
      typed.awaitLastLine("doqu\\(bare\\)> ?");
      typed.line("sethostname evil");
      typed.awaitLastLine("go on\\? \\[y/N\\] ?");
      typed.ctrl('D'); // Ctrl-C would be the shell's too that runs doqu here
      typed.awaitLastLine("doqu\\(bare\\)> ?");
      typed.line("hostname");
      typed.awaitLine("doqu: before, .*");
      typed.awaitLastLine("doqu\\(bare\\)> ?");
      typed.line("sethostname evil");
      typed.awaitLastLine("go on\\? \\[y/N\\] ?");
      typed.line("y");
      typed.awaitLine("  hostname: before -> evil .the host's too.");
      typed.awaitLastLine("doqu\\(bare\\)> ?");
      typed.line("undo");
      typed.awaitLine("doqu: 'undo' is for the stage.*");
      typed.awaitLastLine("doqu\\(bare\\)> ?");
      typed.line("quit");
      typed.awaitLine("evil");
    }
  }

  private Typed typed(List<String> command) throws Exception {
    return typed(command, 120);
  }

  private Typed typed(List<String> command, int columns) throws Exception {
    Map<String, String> environment = new java.util.HashMap<>();
    environment(environment);
    Files.createDirectories(folder.resolve("config/doqu"));
    Files.writeString(folder.resolve("config/doqu/settings"), "status = off\n");
    return new Typed(columns, 40, environment, command);
  }

  @Test
  void whatIsAskedBreaksBetweenWords() throws Exception {
    try (Typed typed = typed(machine("", Doqu.command("--bare"), ""), 60)) {
      typed.awaitLastLine("doqu\\(bare\\)> ?");
      assertThat(typed.screen().replace('\n', ' '))
          .startsWith(
              "this is the machine itself: a step that would reach it is asked about first.");
      typed.line("mount -t tmpfs x /mnt");
      typed.awaitLastLine("go on\\? \\[y/N\\] ?");
      assertThat(typed.screen().replaceAll(" *\n", " "))
          .contains(
              "'mount -t tmpfs x /mnt' would reach the machine: it is in the machine's mount namespace, so all see it;");
    }
  }

  @Test
  void predictSaysWhomAStepWouldReach() throws Exception {
    String output =
        run(
            machine(
                "",
                Doqu.command(
                    "--bare", "-c", "predict sethostname a; unshare uts; predict sethostname b"),
                ""));
    assertThat(output.split("would reach", -1)).hasSize(2);
    assertThat(output)
        .contains(
            "would succeed\nit is asked about first, for it would reach the machine: it is in the"
                + " machine's UTS namespace");
  }

  /** No process is left, and no folder: there is nothing to end. */
  @Test
  void onlyWhatIsLeftIsOfferedToBeMended() throws Exception {
    Path journals = Files.createDirectories(folder.resolve("state/doqu/bare"));
    Files.writeString(journals.resolve("1"), "999999 1@gone\nreached sethostname evil\n");
    try (Typed typed = typed(Doqu.command())) {
      typed.awaitLastLine("go on\\? \\[y/N\\] ?");
      assertThat(typed.screen().lines().toList())
          .startsWith(
              "a doqu --bare was killed and has left on this machine:",
              "  what it did by 'sethostname evil'",
              "forget this");
    }
  }

  @Test
  void allEndsWithDoqu() throws Exception {
    String output =
        run(
            machine(
                "",
                Doqu.command(
                    "--bare",
                    "--yes-really",
                    "-c",
                    "fork; switch child; exec /bin/sh -c '(setsid sleep 1000 &) ; sleep 0.1';"
                        + "fork; fork; wait"),
                "ps -e -o args= | grep -E '[s]leep 1000|^doqu$'; echo none"));
    assertThat(output).endsWith("none\n");
    assertThat(output.lines().filter(line -> line.matches("sleep 1000|doqu"))).isEmpty();
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void whatSurvivesKillMinusNineIsFoundAtTheNextStart() throws Exception {
    Process first = new ProcessBuilder(survivor()).redirectErrorStream(true).start();
    List<ProcessHandle> all;
    do {
      Thread.sleep(20);
      all = first.descendants().toList();
    } while (blocked(all).isEmpty());
    ProcessHandle blocked = blocked(all).get(0);
    first.destroyForcibly().waitFor();
    assertThat(blocked(List.of(blocked))).isNotEmpty();
    assertThat(leftovers()).hasSize(2);

    ProcessBuilder script = new ProcessBuilder(Doqu.command("-c", "ps")).redirectErrorStream(true);
    environment(script.environment());
    Process told = script.start();
    assertThat(new String(told.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("a doqu --bare was killed and has left on this machine:")
        .contains("PID " + blocked.pid() + " (doqu)")
        .contains("start doqu at a terminal");
    assertThat(blocked(List.of(blocked))).isNotEmpty();

    try (Typed typed = typed(Doqu.command())) {
      typed.awaitLastLine("go on\\? \\[y/N\\] ?");
      assertThat(typed.screen()).contains("PID " + blocked.pid() + " (doqu)");
      typed.line("y");
      typed.awaitLine("that is done");
      typed.awaitLastLine("doqu> ?");
      assertThat(blocked(List.of(blocked))).isEmpty();
      assertThat(leftovers()).isEmpty();
    }
  }

  /** Its parent has gone, and nobody has told doqu of it: still it is found, and ended. */
  @Test
  void theOrphanOfAProgramIsFoundToo() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Doqu.command(
                "--bare",
                "--yes-really",
                "-c",
                "fork\nswitch child\nexec /bin/sh -c '(setsid sleep 1007 >/dev/null &)'\nsyscall pause"));
    environment(builder.environment());
    Process first = builder.redirectErrorStream(true).start();
    while (sleepers(first.descendants()).isEmpty()
        || blocked(first.descendants().toList()).isEmpty()) {
      assertThat(first.isAlive()).isTrue();
      Thread.sleep(20);
    }
    ProcessHandle orphan = sleepers(first.descendants()).get(0);
    first.destroyForcibly().waitFor();
    assertThat(orphan.isAlive()).isTrue();
    try (Typed typed = typed(Doqu.command())) {
      typed.awaitLastLine("go on\\? \\[y/N\\] ?");
      assertThat(typed.screen()).contains("PID " + orphan.pid() + " (sleep)");
      typed.line("y");
      typed.awaitLine("that is done");
      typed.awaitLastLine("doqu> ?");
      // Whoever has taken it over may leave it a zombie.
      assertThat(ProcStat.read("/proc/" + orphan.pid()).filter(stat -> !stat.zombie())).isEmpty();
      assertThat(leftovers()).isEmpty();
    } finally {
      orphan.destroyForcibly();
    }
  }

  private static List<ProcessHandle> sleepers(Stream<ProcessHandle> processes) {
    return processes
        .filter(
            one -> one.info().commandLine().filter(line -> line.endsWith("sleep 1007")).isPresent())
        .toList();
  }

  private static List<ProcessHandle> blocked(List<ProcessHandle> processes) {
    return processes.stream()
        .filter(
            process -> {
              try {
                return Files.readString(Path.of("/proc/" + process.pid() + "/wchan"))
                        .contains("pause")
                    || Files.readString(Path.of("/proc/" + process.pid() + "/syscall"))
                        .matches("(34|73) .*\n"); // pause; ppoll of aarch64
              } catch (java.io.IOException e) {
                return false;
              }
            })
        .toList();
  }

  /** A doqu on this very machine, with an actor that sleeps in a call. */
  private List<String> survivor() {
    List<String> command = new ArrayList<>(List.of("env"));
    Map<String, String> environment = new java.util.TreeMap<>();
    environment(environment);
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(
        Doqu.command("--bare", "-c", "fork\nsyscall pause\nswitch child\nsyscall pause"));
    return command;
  }
}
