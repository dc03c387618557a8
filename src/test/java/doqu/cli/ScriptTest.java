package doqu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.testing.Doqu;
import doqu.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** doqu without a prompt: its output, its JSON and its exit status, as a script sees them. */
class ScriptTest {
  record Result(int status, String out, String err) {}

  @TempDir Path temp;

  private Result run(String input, String... arguments) throws Exception {
    Path in = Files.writeString(temp.resolve("in"), input);
    Path err = temp.resolve("err");
    Process doqu =
        new ProcessBuilder(Doqu.command(arguments))
            .redirectInput(in.toFile())
            .redirectError(err.toFile())
            .start();
    String out = new String(doqu.getInputStream().readAllBytes(), UTF_8);
    assertThat(doqu.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(doqu.exitValue(), out, Files.readString(err));
  }

  @Test
  void theArticleIsAScript() throws Exception {
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    String script =
        Files.readString(Path.of("lessons/article.doqu"))
            .replace("exec /bin/sh", "exec /bin/sh -c 'hostname; echo /proc/[0-9]*; probe'");
    Result result = run(script);
    assertThat(result).extracting(Result::status, Result::err).containsExactly(0, "");
    assertThat(result.out())
        .contains("\ndoqueru\n/proc/1 /proc/2")
        .containsPattern("\npid \\d+, parent \\d+, hostname doqueru, /etc/hostname is there\n")
        .contains("wait4(-1, 0x..., 0, NULL) = -1 ECHILD (No child processes)\n");
    assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
  }

  @Test
  void aFileAndStandardInputAndMinusCAreTheSame() throws Exception {
    String steps = "unshare uts\nsethostname a\n# nothing\nhostname\n";
    Path file = Files.writeString(temp.resolve("steps.doqu"), steps);
    String expected = masked(run(steps).out());
    assertThat(expected).contains("sethostname(\"a\", 1) = 0").contains("doqu: a, domain name");
    assertThat(masked(run("", file.toString()).out())).isEqualTo(expected);
    assertThat(masked(run("", "-c", "unshare uts; sethostname a; hostname").out()))
        .isEqualTo(expected);
  }

  private static String masked(String output) {
    return output.replaceAll("\\[\\d+]", "[...]");
  }

  @Test
  void stopsAtTheFirstFailureUnlessToldToGoOn() throws Exception {
    String steps = "chdir /no/such; sethostname after";
    Result stopped = run("", "-c", steps);
    assertThat(stopped.status()).isEqualTo(1);
    assertThat(stopped.out())
        .isEqualTo(
            """
            chdir("/no/such") = -1 ENOENT (No such file or directory)
              because there is no 'no' in '/'; needed: the path leads to something
              nothing changed
            """);
    Result wentOn = run("", "-k", "-c", "bogus; " + steps);
    assertThat(wentOn.err()).startsWith("doqu: unknown command 'bogus'");
    assertThat(wentOn.status()).isEqualTo(1);
    assertThat(wentOn.out()).contains("sethostname(\"after\", 5) = 0");
    assertThat(run("chdir /\n").status()).isZero();
  }

  @Test
  void aMistakeIsToldOnStandardErrorAndFails() throws Exception {
    assertThat(run("unshar uts\n"))
        .isEqualTo(new Result(1, "", "doqu: unknown command 'unshar'; did you mean 'unshare'?\n"));
  }

  @Test
  void aBlockedActorIsNamedAtTheEnd() throws Exception {
    Result result = run("fork\nwait\nswitch child\nstatus\n");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            "doqu: doqu is blocked in wait4(-1, 0x..., 0, NULL), and the script is at its end\n");
    assertThat(result.out()).contains("actor: child");
  }

  @Test
  void aProgramThatIsStoppedIsNamedAtTheEnd() throws Exception {
    Result result = run("fork\nswitch child\nexec /bin/sh -c 'echo up; kill -STOP $$'\nhostname\n");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("\nup\n").contains("doqu: stage");
    assertThat(result.err())
        .isEqualTo(
            "doqu: child is stopped by a signal: kill -CONT lets it go on, and the script is at its"
                + " end\n");
  }

  @Test
  void aStepThatFailsAfterItWasBlockedIsAFailureToo() throws Exception {
    Result result =
        run("fork\nsyscall pause\nswitch child\nsyscall kill 2 SIGURG\nhostname\nhostname\n");
    assertThat(result.out()).contains("pause() = -1 EINTR (Interrupted system call)");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void aLongScriptIsNotHeldUp() throws Exception {
    // More than the pipe that wakes the prompt would hold.
    assertThat(run("#\n".repeat(70_000) + "hostname\n").out()).startsWith("doqu: stage");
  }

  @Test
  void bytesThatAreNoTextHurtNobody() throws Exception {
    Path file = temp.resolve("latin.doqu");
    Files.write(
        file, new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '#', (byte) 0xe9, '\n', 'i', 'd'});
    assertThat(run("", file.toString()).out()).startsWith("uid: 0");
    Files.write(file, new byte[] {'c', 'd', (byte) 0xe9, '\n'});
    assertThat(run("", file.toString()))
        .isEqualTo(
            new Result(
                1,
                "",
                "doqu: 'cd\ufffd' has bytes that are not UTF-8: it would become another word\n"));
  }

  @Test
  void aWrongCommandLineHasAStatusOfItsOwn() throws Exception {
    assertThat(run("", "--jso").status()).isEqualTo(2);
    assertThat(run("", "--jso").err()).contains("--jso").contains("--json");
    Result noFile = run("", "no-such-file");
    assertThat(noFile)
        .isEqualTo(new Result(2, "", "doqu: 'no-such-file' is no file that can be read\n"));
    assertThat(run("", temp.toString()).status()).isEqualTo(2);
    assertThat(run("", "-c", "status", "file").status()).isEqualTo(2);
  }

  @Test
  void jsonIsOneObjectAStep() throws Exception {
    Result result =
        run("", "--json", "-k", "-c", "unshare uts; chdir /no/such; fork; exec /bin/echo hello");
    assertThat(result.status()).isEqualTo(1);
    List<Map<String, Object>> steps = objects(result.out());
    assertThat(steps)
        .extracting(step -> step.get("step"))
        .contains("unshare uts", "chdir /no/such", "fork", "exec /bin/echo hello");
    Map<String, Object> unshare = steps.get(0);
    assertThat(unshare).containsEntry("ok", true).containsEntry("output", "");
    assertThat(map(unshare.get("actor")))
        .containsEntry("name", "doqu")
        .containsEntry("pidInside", 2)
        .containsEntry("pidStage", 2)
        .containsKey("pidMachine");
    assertThat((List<?>) unshare.get("changes"))
        .singleElement()
        .asString()
        .matches("uts:\\[\\d+] -> uts:\\[\\d+]");
    assertThat(map(((List<?>) unshare.get("syscalls")).get(0)))
        .containsEntry("name", "unshare")
        .containsEntry("args", List.of("CLONE_NEWUTS"))
        .containsEntry("ret", 0)
        .containsEntry("errno", "")
        .containsEntry("text", "unshare(CLONE_NEWUTS) = 0")
        .containsEntry("plumbing", false);
    assertThat(map(((List<?>) steps.get(1).get("syscalls")).get(0)))
        .containsEntry("ret", -1)
        .containsEntry("errno", "ENOENT");
    assertThat(steps).anyMatch(step -> "hello\n".equals(step.get("output")));
  }

  @Test
  void whatIsComparedIsRowsInJson() throws Exception {
    Result result =
        run(
            "",
            "--json",
            "-c",
            "unshare uts; sethostname a; diff; diff --last; diff --steps 0 2; both uname");
    assertThat(result.status()).isZero();
    List<Map<String, Object>> looks = objects(result.out()).subList(2, 6);
    Map<String, String> name = Map.of("what", "hostname", "one", "a", "other", "stage");
    assertThat(looks.get(0)).containsEntry("one", "doqu").containsEntry("other", "host");
    assertThat((List<?>) looks.get(0).get("rows")).hasSize(2).last().isEqualTo(name);
    assertThat(looks.get(1).get("rows"))
        .isEqualTo(List.of(Map.of("what", "hostname", "one", "stage", "other", "a")));
    assertThat(looks.get(2))
        .containsEntry("one", "0 (before the first)")
        .containsEntry("other", "2 (doqu: sethostname a)");
    assertThat((List<?>) looks.get(2).get("rows"))
        .hasSize(2)
        .last()
        .isEqualTo(Map.of("what", "doqu hostname", "one", "stage", "other", "a"));
    assertThat(looks.get(3)).containsEntry("look", "both uname").containsEntry("other", "host");
    assertThat((List<?>) looks.get(3).get("rows"))
        .asString()
        .contains("{one=nodename: a, other=nodename: stage, differs=true}");
  }

  /** In a user namespace of the test's own, where its root may forbid any more of them. */
  @Test
  @Needs("unshare")
  void aMachineThatForbidsUserNamespacesIsToldInOneLineEach() throws Exception {
    Path err = temp.resolve("err");
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "sh",
                "-c",
                "echo 0 >/proc/sys/user/max_user_namespaces && exec \"$@\"",
                "sh"));
    command.addAll(Doqu.command("-c", "status"));
    Process doqu = new ProcessBuilder(command).redirectError(err.toFile()).start();
    assertThat(doqu.inputReader().readLine()).isNull();
    assertThat(doqu.waitFor()).isEqualTo(3);
    assertThat(Files.readString(err))
        .isEqualTo(
            """
            doqu: this machine does not let a stage be built: unshare(CLONE_NEWUSER) = -1 ENOSPC (No space left on device)
            doqu: /proc/sys/user/max_user_namespaces is 0; as root: sysctl user.max_user_namespaces=10000
            doqu: ./doqu doctor looks at all that a stage needs, point by point
            """);
  }

  private static List<Map<String, Object>> objects(String lines) throws IOException {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      objects.add(JSON.std.mapFrom(line));
    }
    return objects;
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(Object value) {
    return (Map<String, Object>) value;
  }
}
