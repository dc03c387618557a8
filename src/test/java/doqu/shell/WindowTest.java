package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Doqu;
import doqu.testing.Typed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of every size, with the line at the foot, on a terminal that wraps nothing anew. */
class WindowTest {
  private static final String FOOT = "doqu  pid 2, 2 on the stage  own: -  root /  hostname stage";

  private Typed typed;

  @BeforeEach
  void start(@TempDir Path settings) throws Exception {
    typed =
        new Typed(
            80,
            12,
            Map.of(
                "XDG_CONFIG_HOME",
                settings.toString(),
                "XDG_STATE_HOME",
                settings.toString(),
                "XTERM_VERSION",
                "XTerm(0)"),
            Doqu.command());
    screenIs(12, "doqu>");
  }

  @AfterEach
  void end() {
    typed.close();
  }

  /** Waits until there are these lines at the top, the foot in the last row, and nothing else. */
  private void screenIs(int rows, String... lines) throws Exception {
    String expected = String.join("\n", lines) + "\n".repeat(rows - lines.length) + FOOT;
    typed.await("screen of " + rows + " rows:\n" + expected, shown -> shown.equals(expected));
  }

  @Test
  void commandsDoNotScrollWhileThereIsRoom() throws Exception {
    typed.type("hostname\r");
    screenIs(
        12,
        "doqu> hostname",
        "doqu: stage, domain name (none)",
        "host: stage, domain name (none)",
        "doqu>");
    typed.type("chdir /\r");
    screenIs(
        12,
        "doqu> hostname",
        "doqu: stage, domain name (none)",
        "host: stage, domain name (none)",
        "doqu> chdir /",
        "chdir(\"/\") = 0",
        "  nothing changed that doqu watches",
        "doqu>");
  }

  @Test
  void messagesBreakBetweenWords() throws Exception {
    typed.resize(30, 10);
    typed.awaitCursorLine("doqu>");
    typed.type("attach\r");
    typed.await("a mistake", shown -> shown.contains("doqu: no program runs that\ncould be"));
    typed.type("chroot /nowhere\r");
    typed.await(
        "a cause",
        shown ->
            shown.contains(
                "  because there is no\n  'nowhere' in '/'; needed:\n  the path leads to something"));
  }

  @Test
  void aLineThatIsTypedIsDrawnOnceInAWindowOfAnotherSize() throws Exception {
    typed.type("hostname\r");
    List<String> above =
        List.of(
            "doqu> hostname", "doqu: stage, domain name (none)", "host: stage, domain name (none)");
    String line = "doqu> mkdir " + "0123456789".repeat(10);
    typed.type(line.substring(6));
    screenIs(
        12, above.get(0), above.get(1), above.get(2), line.substring(0, 80), line.substring(80));
    typed.resize(100, 20);
    screenIs(
        20, above.get(0), above.get(1), above.get(2), line.substring(0, 100), line.substring(100));
    typed.resize(120, 9);
    screenIs(9, above.get(0), above.get(1), above.get(2), line);
    typed.resize(120, 5); // too low for a line at its foot
    typed.await(
        "line in the last row",
        shown -> shown.equals(String.join("\n", above) + "\n" + line + "\n"));
    typed.resize(120, 12);
    screenIs(12, above.get(0), above.get(1), above.get(2), line);
  }

  @Test
  void aProgramHasTheWholeWindowAndItsSize() throws Exception {
    String program =
        "printf \"\\033[?1049h\\033[H\"; trap \"stty size\" WINCH; stty size; while :; do sleep 0.1; done";
    typed.type("exec /bin/sh -c '" + program + "'\r");
    typed.await("program", shown -> shown.strip().equals("12 80"));
    typed.resize(90, 20);
    typed.await("program", shown -> shown.strip().equals("12 80\n20 90"));
    typed.ctrl(']');
    typed.await(
        "what was before, and the foot",
        shown ->
            shown.contains("\ndoqu is detached and goes on; attach doqu returns\ndoqu>\n")
                && shown
                    .lines()
                    .toList()
                    .get(19)
                    .startsWith("doqu  pid 2, 2 on the stage  own: -  root /")
                && shown.split("on the stage", -1).length == 2);
    typed.type("attach doqu\r");
    typed.await("program again", shown -> shown.strip().endsWith("20 90"));
    assertThat(typed.screen()).doesNotContain("doqu>");
  }

  @Test
  void fortyByTenWillDo() throws Exception {
    typed.resize(40, 10);
    typed.await(
        "foot", shown -> shown.matches("doqu>\\n{9}doqu  pid 2, 2 on the stage  own: -  r…"));
    typed.type("help unshare\r");
    typed.await(
        "prompt above the foot",
        shown -> {
          List<String> rows = shown.lines().toList();
          return rows.get(8).equals("doqu>") && rows.get(9).endsWith("r…");
        });
    assertThat(typed.screen().lines()).allMatch(row -> row.length() <= 40);
  }

  @Test
  void ctrlLClearsAllButTheLineAndTheFoot() throws Exception {
    typed.type("hostname\r");
    screenIs(
        12,
        "doqu> hostname",
        "doqu: stage, domain name (none)",
        "host: stage, domain name (none)",
        "doqu>");
    typed.type("chdir");
    typed.ctrl('L');
    screenIs(12, "doqu> chdir");
    typed.type(" /\r");
    screenIs(
        12, "doqu> chdir /", "chdir(\"/\") = 0", "  nothing changed that doqu watches", "doqu>");
  }

  /** Who draws the window anew has the terminal, and who tells of an end wants it. */
  @Test
  void aWindowChangesWhileAnEndIsTold() throws Exception {
    for (int round = 0; round < 12; round++) {
      List<ProcessHandle> before = typed.process().descendants().toList();
      String child = "c" + round;
      typed.type("fork " + child + "\r");
      typed.await(child, shown -> typed.output().contains("+ " + child + ": "));
      typed
          .process()
          .descendants()
          .filter(one -> !before.contains(one))
          .findFirst()
          .orElseThrow()
          .destroyForcibly();
      for (int rows = 12; rows < 18; rows++) {
        typed.resize(80, rows);
      }
      String end = child + " +++ killed by SIGKILL +++";
      typed.await(end, shown -> typed.output().contains(end));
      typed.type("wait\r");
      String waited = Integer.toString(round + 3);
      typed.await("wait", shown -> typed.output().contains("0, NULL) = " + waited));
    }
  }
}
