package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The article's container, built step by step on the real kernel. */
class ArticleTest {
  @Test
  void endsInAShellThatSeesOnlyItsContainer() throws Exception {
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    try (Play play = new Play()) {
      play.does(Article.TO_THE_ROOT);
      play.does(
          "fork", "switch child", "exec /bin/sh -c 'hostname; ls /; echo /proc/[0-9]*; probe'");
      String output = play.outputs.get(play.outputs.size() - 1);
      assertThat(output).startsWith("doqueru\n").doesNotContain("oldroot");
      assertThat(output).contains("/proc/1 /proc/2").doesNotContain("/proc/5");
      assertThat(output).contains("pid ").contains(", parent ").contains("hostname doqueru");
      play.does("wait");
      assertThat(play.last().syscalls())
          .anyMatch(
              call ->
                  call.text()
                      .equals("wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 2"));
      play.does("host hostname");
      assertThat(play.lastLook()).contains("host: stage");
    }
    assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
  }

  @Test
  void theReadmeHasItsStepsToFollow() throws Exception {
    List<String> steps = new ArrayList<>(List.of(Article.TO_THE_ROOT));
    steps.addAll(List.of("fork", "switch child", "exec /bin/sh"));
    assertThat(
            Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("    doqu"))
                .filter(line -> line.contains("> "))
                .map(line -> line.replaceFirst("^[^>]*> ", ""))
                .limit(steps.size()))
        .containsExactlyElementsOf(steps);
  }

  /** Each has to work there as far as the machine has it; the probe always does. */
  @Test
  void theProgramsOfTheRootFileSystemRunInIt() throws Exception {
    List<String> commands =
        List.of(
            "sh -c :",
            "ls /",
            "ps",
            "cat /etc/hostname",
            "hostname",
            "ip link",
            "id",
            "sleep 0",
            "env",
            "mount",
            "mount -t tmpfs t /mnt",
            "umount /mnt",
            "probe");
    StringBuilder script = new StringBuilder();
    for (String command : commands) {
      script.append(
          "if command -v %s >/dev/null; then %s >/dev/null; echo \"%s: $?\"; else echo \"%s: not here\"; fi; "
              .formatted(command.split(" ")[0], command, command, command));
    }
    try (Play play = new Play()) {
      play.does(Article.TO_THE_ROOT).does("fork", "switch child");
      play.does("exec /bin/sh -c '" + script + "'");
      List<String> results = play.outputs.get(play.outputs.size() - 1).lines().toList();
      assertThat(results)
          .hasSameSizeAs(commands)
          .contains("sh -c :: 0", "ls /: 0", "cat /etc/hostname: 0", "probe: 0")
          .allMatch(line -> line.endsWith(": 0") || line.endsWith(": not here"));
    }
  }

  @Test
  void tellsWhatEachStepChanged() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare uts");
      assertThat(play.last().changes())
          .singleElement()
          .asString()
          .matches("uts:\\[\\d+] -> uts:\\[\\d+]");
      play.does("sethostname doqueru");
      assertThat(play.last().changes()).containsExactly("hostname: stage -> doqueru");
      play.does("sethostname doqueru");
      assertThat(play.last().changes()).isEmpty();
    }
  }

  @Test
  void aMountUnderSharedPropagationLeaksAsFarAsTheStage() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare mnt", "mkdir /mnt/leak", "mount -t tmpfs leak /mnt/leak");
      assertThat(play.last().changes())
          .anyMatch(c -> c.equals("on the host: + mount /mnt/leak (tmpfs leak)"));
      play.does("mount --make-rprivate /", "mkdir /mnt/kept", "mount -t tmpfs kept /mnt/kept");
      assertThat(play.last().changes()).noneMatch(c -> c.startsWith("on the host"));
    }
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain("/mnt/leak");
  }

  @Test
  void killMinusNineOfPidOneInsideDoesNothing() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare pid", "fork", "switch init", "kill -9 1");
      assertThat(play.last().syscalls()).anyMatch(c -> c.text().equals("kill(1, SIGKILL) = 0"));
      play.does("switch init", "status");
      assertThat(play.lastLook()).contains("pid: 1 inside");
    }
  }

  @Test
  void aChildNobodyWaitsForStaysAZombie() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "switch child", "exit 7", "actors");
      assertThat(play.lastLook()).contains("zombie");
      assertThat(play.said).contains("child +++ exited with 7 +++");
      play.does("wait", "actors");
      assertThat(play.lastLook()).doesNotContain("zombie");
    }
  }

  @Test
  void anEmptyStageStartsAgain() throws Exception {
    try (Play play = new Play()) {
      play.does("exit", "status");
      assertThat(play.said).anyMatch(line -> line.startsWith("the stage is empty"));
      assertThat(play.lastLook()).contains("actor: doqu");
    }
  }

  @Test
  void aBlockedWaitDoesNotBlockTheOthers() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "wait");
      assertThat(play.said).anyMatch(line -> line.startsWith("doqu is blocked in wait4(-1"));
      assertThat(play.session.line("getpid")).isFalse();
      assertThat(play.session.line("sethostname x")).isFalse();
      assertThat(play.mistakes).anyMatch(m -> m.startsWith("doqu is blocked in wait4"));
      play.does("switch child", "exit");
      assertThat(play.session.finish()).isEmpty();
      assertThat(play.last().step()).isEqualTo("wait");
      assertThat(play.last().ok()).isTrue();
    }
  }

  @Test
  void theFocusLeavesWhoHasEndedInTheMiddleOfALineToo() throws Exception {
    try (Play play = new Play()) {
      play.does("fork; switch child; exit 3; wait");
      assertThat(play.last().changes()).containsExactly("child: zombie -> gone");
    }
  }

  @Test
  void aWaitThatAChildsEndHasFreedIsNotRefused() throws Exception {
    try (Play play = new Play()) {
      for (int i = 0; i < 4; i++) {
        play.does("fork", "wait", "switch child", "exit", "sethostname x");
      }
      assertThat(play.mistakes).isEmpty();
    }
  }

  @Test
  void aBlockedCallIsInterruptedWithEintr() throws Exception {
    try (Play play = new Play()) {
      play.does("fork", "wait");
      play.session.interrupt();
      assertThat(play.session.finish()).isEmpty();
      assertThat(play.last().ok()).isFalse();
      assertThat(play.last().syscalls()).anyMatch(call -> call.errno().equals("EINTR"));
    }
  }
}
