package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Needs;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the pages say does the same in sh works there: each is run in namespaces of its own, so that
 * none reaches the machine.
 */
@Needs({"unshare", "findmnt", "lsns", "nsenter", "setpriv", "ps", "hostname", "domainname", "perl"})
class ShellLinesTest {
  private static final List<String> APART =
      List.of(
          "unshare",
          "--user",
          "--map-root-user",
          "--pid",
          "--fork",
          "--kill-child",
          "--mount",
          "--mount-proc",
          "--uts",
          "--ipc");

  private static final String A_TMP_OF_ITS_OWN = "mount -t tmpfs tmp /tmp\n";

  /** The shell is PID 1 and starts nothing before. */
  private static final String A_PID_3 = "sleep 60 & sleep 60 &\n";

  /** What has to be there first, where the reader of the page has it already. */
  private static final Map<String, String> FIRST =
      Map.of(
          "chroot", A_TMP_OF_ITS_OWN + "cd /tmp; mkdir rootfs; mount --rbind / rootfs\n",
          "kill", A_PID_3,
          "mkdir", A_TMP_OF_ITS_OWN,
          "pivot_root", A_TMP_OF_ITS_OWN + "cd /tmp; mkdir oldroot\n",
          "rmdir", A_TMP_OF_ITS_OWN + "mkdir /tmp/box\n",
          "setns", A_PID_3,
          "umount", A_TMP_OF_ITS_OWN);

  /** Not run: whether the manual has the page is the machine's affair; see ManualTest. */
  private static final Set<String> LEFT_OUT = Set.of("man");

  static Stream<String> commands() {
    return Session.words().stream().filter(command -> !shell(command).isEmpty());
  }

  private static String shell(String command) {
    return Page.of(command)
        .filter(page -> !LEFT_OUT.contains(command))
        .map(page -> String.join("\n", page.shell()))
        .orElse("");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theLineOfShWorks(String command) throws Exception {
    List<String> sh = new ArrayList<>(APART);
    String first = FIRST.getOrDefault(command, "");
    sh.addAll(List.of("sh", "-c", "set -e\n" + first + shell(command)));
    ProcessBuilder builder = new ProcessBuilder(sh).redirectErrorStream(true);
    builder.environment().put("SHELL", "/bin/sh");
    builder.environment().merge("PATH", ":/usr/sbin:/sbin", String::concat);
    Process process = builder.start();
    process.getOutputStream().close(); // a shell that it starts has nothing to read, and ends
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("its end; " + output).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(command.equals("exit") ? 7 : 0);
  }

  @Test
  void whatComesFirstComesBeforeALine() {
    assertThat(commands()).hasSizeGreaterThan(25).containsAll(FIRST.keySet());
  }
}
