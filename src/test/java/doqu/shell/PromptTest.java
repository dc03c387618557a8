package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Doqu;
import doqu.testing.NeedsOrdinaryUser;
import doqu.testing.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The prompt on a pseudo-terminal, typed at key by key. */
class PromptTest {
  private static final String PROMPT = "doqu(\\[\\d+ \\w+])?>";
  private static final String SHELL = ".*[#$] ?";

  private Typed typed;

  @BeforeEach
  void start() throws Exception {
    typed = new Typed(100, 40, Map.of(), Doqu.command());
    typed.awaitLastLine("doqu> ?");
  }

  @AfterEach
  void end() throws Exception {
    typed.close();
  }

  /** Types lines at the prompt, each when the one before is done. */
  private void types(String... lines) throws Exception {
    for (String line : lines) {
      begins(line);
      typed.await(
          "prompt after " + line,
          shown -> Typed.lastLine(shown).matches(PROMPT) && !Typed.lastLine(shown).endsWith(line));
    }
  }

  /** Types a line after which a program has the terminal. */
  private void begins(String line) throws Exception {
    typed.awaitLastLine(PROMPT);
    typed.line(line);
  }

  /** Types a line at the shell of the container. */
  private void shell(String line) throws Exception {
    typed.awaitLastLine(SHELL);
    typed.line(line);
  }

  /** A key that comes before the shell has lent its terminal to the job has to be pressed again. */
  private void until(Runnable key, Predicate<String> wanted) throws Exception {
    for (int tries = 0; !wanted.test(typed.screen()) && tries < 50; tries++) {
      key.run();
      Thread.sleep(200);
    }
    assertThat(typed.screen()).matches(wanted);
  }

  @Test
  void theArticlesContainerIsBuiltByHand() throws Exception {
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));

    types(Article.TO_THE_ROOT);
    for (String name : List.of("child", "child2")) {
      types("fork", "switch " + name);
      begins("exec /bin/sh");
      shell("echo \"$(hostname) in " + name + "\"");
      typed.awaitLine("doqueru in " + name);
      shell("echo /proc/[0-9]* /[a-m]*/ in " + name);
      typed.awaitLine(
          "/proc/1( /proc/\\d+)* /bin/ /dev/ /etc/ /home/ (/lib\\S*/ )*/mnt/ in " + name);
      shell("echo slee''ping in " + name + "; sleep 100");
      typed.awaitLine("sleeping in " + name);
      until(() -> typed.ctrl('C'), shown -> Typed.lastLine(shown).matches(SHELL));
      shell("exit");
      typed.awaitLine(
          name + " \\+\\+\\+ exited with 130 \\+\\+\\+; it is a zombie until init waits");
      typed.awaitLastLine("doqu\\[1 init]>");
    }
    types("wait --all");
    assertThat(typed.screen()).contains("= -1 ECHILD (No child processes)");
    types("hostname");
    assertThat(typed.screen()).contains("init: doqueru").contains("host: stage");

    typed.awaitLastLine(PROMPT);
    typed.ctrl('D');
    assertThat(typed.exitStatus()).isZero();
    assertThat(typed.modes()).isEqualTo(typed.modesBefore());
    assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
  }

  @Test
  @NeedsOrdinaryUser
  void anOrdinaryUserIsOne() throws Exception {
    String status = Files.readString(Path.of("/proc/" + typed.process().pid() + "/status"));
    assertThat(status)
        .containsPattern("Uid:\\s+[1-9]\\d*\\s+[1-9]")
        .contains("CapEff:\t0000000000000000");
    // And is root on the stage all the same.
    types("id");
    assertThat(typed.screen()).contains("uid: 0, effective 0");
  }

  @Test
  void aLateReplyIsToldAboveTheLineBeingTyped() throws Exception {
    types("fork", "wait");
    typed.awaitLine("doqu is blocked in wait4\\(-1, 0x..., 0, NULL\\); switch .*");
    ProcessHandle child = onTheMachine("child");
    typed.type("sethostname half");
    typed.awaitLastLine("doqu> sethostname half");
    child.destroyForcibly();
    typed.awaitLine(
        "\\[pid 2] wait4\\(-1, \\[\\{WIFSIGNALED\\(s\\) && WTERMSIG\\(s\\) == SIGKILL}], 0, NULL\\) = 3");
    typed.awaitLastLine("doqu> sethostname half");
    typed.type("way\r");
    typed.awaitLine("  hostname: stage -> halfway \\(the host's too\\)");
  }

  @Test
  void theFocusLeavesAnActorThatEndsWhileALineIsTyped() throws Exception {
    types("fork", "switch child");
    ProcessHandle child = onTheMachine("child");
    typed.type("sethost");
    typed.awaitLastLine("doqu\\[3 child]> sethost");
    child.destroyForcibly();
    typed.awaitLine("child \\+\\+\\+ killed by SIGKILL \\+\\+\\+");
    typed.awaitLastLine("doqu> sethost");
  }

  @Test
  void ctrlCInterruptsABlockedCall() throws Exception {
    types("fork", "wait");
    typed.awaitLine("doqu is blocked in wait4.*");
    typed.awaitLastLine(PROMPT);
    typed.ctrl('C');
    typed.awaitLine(".*wait4\\(.*\\) = -1 EINTR \\(Interrupted system call\\)");
    typed.awaitLine("  nothing changed");
    types("sethostname free");
    assertThat(typed.screen()).contains("sethostname(\"free\", 4) = 0");
  }

  @Test
  void aProgramThatIsKilledLeavesTheTerminalSane() throws Exception {
    ProcessHandle program = onTheMachine("doqu");
    begins("exec /bin/sh -c 'stty raw -echo; printf \"\\033[?1049h\\033[?25lup\"; sleep 100'");
    typed.await("the program's own screen", shown -> shown.strip().equals("up"));
    program.destroyForcibly();
    typed.awaitLine("doqu \\+\\+\\+ killed by SIGKILL \\+\\+\\+|doqu has ended");
    typed.awaitLastLine("doqu>");
    assertThat(typed.output()).contains("\033[?25h").contains("\033[?1049l");
    types("sethostname sane");
    assertThat(typed.screen()).contains("hostname: stage -> sane");
    typed.awaitLastLine(PROMPT);
    typed.ctrl('D');
    assertThat(typed.exitStatus()).isZero();
    assertThat(typed.modes()).isEqualTo(typed.modesBefore());
  }

  @Test
  void aProgramsTerminalTakesOverWhatIsTheHumansOwn() throws Exception {
    typed.close();
    List<String> command =
        new ArrayList<>(
            List.of("sh", "-c", "stty iutf8 -ixon erase ^H werase ^A intr ^B; exec \"$@\"", "sh"));
    command.addAll(Doqu.command());
    typed = new Typed(100, 40, Map.of(), command);
    typed.awaitLastLine("doqu> ?");
    types("fork", "switch child");
    begins("exec /bin/sh -c 'stty -a; read line; printf %s \"$line\" | od -An -tx1'");
    typed.awaitLine("intr = \\^B; quit = \\^\\\\; erase = \\^H; .*");
    typed.awaitLine(".*werase = \\^A; .*");
    typed.awaitLine(".* -ixon .*");
    typed.awaitLine(".* iutf8.*");
    assertThat(typed.screen()).contains(" icrnl ").contains("icanon").contains(" echo ");
    typed.type("aé\b\r");
    typed.awaitLine(" 61");
  }

  @Test
  void aKeyThatTheHumanHasTakenAwayIsNoneOfAProgramEither() throws Exception {
    typed.close();
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "stty quit undef kill undef; exec \"$@\"", "sh"));
    command.addAll(Doqu.command());
    typed = new Typed(100, 40, Map.of(), command);
    typed.awaitLastLine("doqu> ?");
    typed.line("exec /bin/stty -a");
    typed.awaitLine(".*quit = <undef>.*kill = <undef>.*");
  }

  @Test
  void aProgramIsLeftAndReturnedTo() throws Exception {
    types("fork", "switch child", "unshare uts", "sethostname busy");
    begins("exec /bin/sh");
    shell("name=kept");
    typed.awaitLastLine(SHELL);
    typed.ctrl(']');
    typed.awaitLine("child is detached and goes on; attach child returns");
    types("actors");
    assertThat(typed.screen()).containsPattern("child +3 +3 +\\d+ +runs ");
    types("diff child");
    assertThat(typed.screen()).containsPattern("hostname +busy +stage");
    begins("attach");
    typed.awaitLine("attached to child; Ctrl-] leaves it again");
    typed.type("\r");
    shell("echo it is $name");
    typed.awaitLine("it is kept");
  }

  @Test
  void whatWasTypedIntoAProgramIsNotDoneAgain() throws Exception {
    types("sethostname first", "fork", "switch child");
    begins("exec /bin/sh");
    shell("exit 3");
    typed.awaitLine("child \\+\\+\\+ exited with 3 \\+\\+\\+; it is a zombie until doqu waits");
    types("wait", "sethostname last", "undo");
    assertThat(typed.screen())
        .contains("ran a program that was typed into")
        .contains("undo 3 goes back before it");
    types("hostname");
    assertThat(typed.screen()).contains("doqu: last");
    types("undo 3", "hostname");
    assertThat(typed.screen()).contains("child: first");
    assertThat(Typed.lastLine(typed.screen())).isEqualTo("doqu[3 child]>");
  }

  @Test
  void ctrlZStopsAJobOfTheProgramAndNothingElse() throws Exception {
    begins("exec /bin/sh");
    shell("echo slee''ping; sleep 100");
    typed.awaitLine("sleeping");
    until(() -> typed.ctrl('Z'), shown -> shown.toLowerCase(Locale.ROOT).contains("stopped"));
    shell("kill %1; echo sti''ll here");
    typed.awaitLine("still here");
  }

  @Test
  void aProgramSeesTheSizeOfTheWindow() throws Exception {
    begins("exec /bin/sh");
    shell("stty size");
    typed.awaitLine("40 100");
    typed.resize(90, 30);
    shell("sleep 1; stty size");
    typed.awaitLine("30 90");
  }

  /**
   * As that of a serial line, of script(1) without a terminal, of the first moments in a container.
   */
  @Test
  void aWindowThatDoesNotSayItsSizeIsTakenForAUsualOne() throws Exception {
    typed.close();
    List<String> command = new ArrayList<>(List.of("sh", "-c", "stty rows 0 cols 0; \"$@\"", "sh"));
    command.addAll(Doqu.command());
    typed = new Typed(80, 24, Map.of(), command);
    types("hostname");
    assertThat(typed.screen()).contains("doqu> hostname\ndoqu: stage");
  }

  @Test
  void anEmptyStageStartsAgain() throws Exception {
    types("sethostname old", "exit", "hostname");
    assertThat(typed.screen())
        .contains("the stage is empty: its last actor has ended. A fresh one begins; quit leaves.")
        .contains("doqu: stage, ");
  }

  @Test
  void killMinusNineWithAProgramInTheForegroundLeavesNothing() throws Exception {
    types("unshare pid mnt", "fork", "switch init");
    begins("exec /bin/sh");
    shell("sleep 1000 & (setsid sleep 1001 &); echo sleep''ers");
    typed.awaitLine("sleepers");
    List<ProcessHandle> stage = typed.process().descendants().toList();
    assertThat(stage).hasSizeGreaterThanOrEqualTo(6);
    typed.process().destroyForcibly();
    for (ProcessHandle process : stage) {
      process.onExit().get(10, TimeUnit.SECONDS);
    }
    assertThat(stage).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void aDumbTerminalWillDo() throws Exception {
    typed.close();
    typed = new Typed(100, 40, Map.of("TERM", "dumb"), Doqu.command());
    cooked("fork");
    cooked("wait");
    typed.awaitLine("doqu is blocked in wait4.*"); // Ctrl-C takes away what has not been read yet
    typed.ctrl('C');
    typed.awaitLine(".*wait4\\(.*\\) = -1 EINTR \\(Interrupted system call\\)");
    typed.awaitLine("  nothing changed");
    cooked("sethostname free");
    typed.awaitLine("  hostname: stage -> free .the host.s too.");
    assertThat(typed.output()).doesNotContain("\033");
  }

  /**
   * Types a line where the kernel echoes it: at once, so in the middle of a prompt that is still
   * being written.
   */
  private void cooked(String line) throws Exception {
    typed.await("whole prompt before " + line, shown -> typed.output().endsWith("doqu> "));
    typed.line(line);
  }

  /** A learner's actor, as the machine knows it. */
  private ProcessHandle onTheMachine(String actor) throws Exception {
    types("actors");
    Matcher row = Pattern.compile(actor + " +\\d+ +\\d+ +(\\d+) ").matcher(typed.screen());
    assertThat(row.find()).as(typed.screen()).isTrue();
    return ProcessHandle.of(Long.parseLong(row.group(1))).orElseThrow();
  }
}
