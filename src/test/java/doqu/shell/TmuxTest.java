package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Doqu;
import doqu.testing.Needs;
import doqu.testing.Tmux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** doqu as a job of a shell in a window of tmux: job control, wide letters, windows that change. */
@Needs({"tmux", "bash"})
class TmuxTest {
  private static final String FOOT = "doqu  pid 2, 2 on the stage  own: -  root /.*";

  private Tmux tmux;

  @BeforeEach
  void start(@TempDir Path bin) throws Exception {
    Path doqu = Files.writeString(bin.resolve("doqu"), "#!/bin/sh\nexec " + quoted() + "\n");
    Files.setPosixFilePermissions(doqu, PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> environment =
        Map.of("PS1", "sh> ", "PATH", bin + ":" + System.getenv("PATH"));
    tmux = new Tmux(80, 24, environment, List.of("bash", "--norc", "-i"));
    tmux.awaitLines("sh>");
    tmux.type("clear; doqu\n");
    tmux.await("prompt", shown -> shown.matches("doqu>\\n+" + FOOT));
  }

  /** The command as words of a shell's. */
  private static String quoted() {
    return Doqu.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
  }

  @AfterEach
  void end() {
    tmux.close();
  }

  @Test
  void ctrlZGivesTheShellItsTerminalAndFgBringsTheLineBack() throws Exception {
    tmux.type("sethostname fore");
    tmux.awaitLines("doqu> sethostname fore");
    tmux.press("C-z");
    tmux.awaitLines("\\[1]\\+ +Stopped .*", "sh>");
    assertThat(tmux.screen()).doesNotContain("on the stage");
    tmux.type("echo at'' home; stty -a | grep -o ' echo '\n");
    tmux.awaitLines("at home", " echo", "sh>");
    tmux.type("fg\n");
    tmux.awaitLines("doqu> sethostname fore", "(\\n)*" + FOOT);
    assertThat(tmux.screen().split("doqu> sethostname fore", -1)).hasSize(3);
    tmux.type("ground\n");
    tmux.awaitLines("  hostname: stage -> foreground .*", "doqu>", "(\\n)*.* hostname foreground");
    tmux.press("C-d");
    tmux.awaitLines("doqu>", "sh>");
    tmux.type("stty -a | grep -o ' icanon '\n");
    tmux.awaitLines(" icanon", "sh>");
    assertThat(tmux.screen()).doesNotContain("on the stage");
  }

  @Test
  void aLineThatIsTypedIsDrawnAnewInAWindowOfAnotherSize() throws Exception {
    tmux.type("sethostname a\n");
    tmux.awaitLines("  hostname: stage -> a .*", "doqu>");
    String above =
        "doqu> sethostname a\nsethostname(\"a\", 1) = 0\n  hostname: stage -> a (the host's too)\n";
    String typed = "doqu> mkdir " + "long-".repeat(25);
    tmux.type(typed.substring(6));
    screenIs(80, 24, above, typed);
    for (int[] size : new int[][] {{60, 20}, {150, 30}, {50, 12}, {70, 12}, {70, 30}, {45, 28}}) {
      tmux.resize(size[0], size[1]);
      screenIs(size[0], size[1], above, typed);
    }
    tmux.press("C-u");
    tmux.await("nothing but a prompt", shown -> shown.matches("(?s)(.*\\n)?doqu>\\n+doqu  pid .*"));
    assertThat(tmux.screen()).doesNotContain("long");
  }

  /** Waits until there is nothing but what was before, the line and the foot, each once. */
  private void screenIs(int columns, int rows, String above, String line) throws Exception {
    String whole =
        Stream.of(above, line)
            .flatMap(String::lines)
            .map(part -> part.replaceAll("(.{" + columns + "})(?=.)", "$1\n"))
            .collect(Collectors.joining("\n"));
    // Where the lines that are wrapped anew are more than they were, tmux scrolls.
    tmux.await(
        "screen of %dx%d with\n%s\n".formatted(columns, rows, whole),
        shown -> {
          List<String> shownRows = shown.lines().toList();
          int end = (int) shown.replaceFirst("\\n+doqu  pid 2.*$", "").lines().count();
          return shownRows.size() == rows
              && shownRows.get(rows - 1).startsWith("doqu  pid 2, 2")
              && end > 0
              && whole.endsWith(String.join("\n", shownRows.subList(0, end)));
        });
    assertThat(tmux.everything()).contains(whole + "\n").containsOnlyOnce("doqu  pid 2, 2");
  }

  @Test
  void whatHasScrolledAwayComesBackWhenTheWindowGrows() throws Exception {
    tmux.type("env\nls /proc/self\n");
    tmux.awaitLines("wchan", "doqu>", FOOT);
    String before = tmux.screen();
    tmux.resize(80, 10);
    tmux.awaitLines("wchan", "doqu>", FOOT);
    tmux.resize(80, 6); // too low for a line at its foot
    tmux.await("prompt at the foot", shown -> shown.endsWith("wchan\ndoqu>"));
    tmux.resize(80, 24);
    tmux.await("screen as before", shown -> shown.equals(before));
  }

  @Test
  void aWindowOf40By10WillDo() throws Exception {
    tmux.resize(40, 10);
    tmux.await(
        "foot", shown -> shown.matches("(?s)doqu>\\n{9}doqu  pid 2, 2 on the stage  own: -  r…"));
    tmux.type("help unshare\n");
    tmux.awaitLines("Example  unshare user --no-map; id", "doqu>", "doqu  pid 2, .*…");
    tmux.type("sethostname " + "x".repeat(60));
    tmux.awaitLines("doqu> sethostname x{22}", "x{38}", "doqu  pid 2, .*…");
    tmux.press("Enter");
    tmux.awaitLines("x{33}\", 60\\)", "= 0", "(.*\\n)+doqu>", "doqu  pid 2, .*…");
  }

  @Test
  void wideLettersStayInPlaceWhereTheLineWraps() throws Exception {
    tmux.resize(40, 10);
    String wide = "漢字".repeat(12) + "😀".repeat(12);
    for (String narrow : List.of("x", "xy")) {
      tmux.type(narrow + " " + wide);
      String line = "doqu> " + narrow + " " + wide;
      String rows = rows(line, 40);
      tmux.await(rows, shown -> shown.contains(rows + "\n"));
      tmux.press("C-a");
      tmux.await("cursor after the prompt", shown -> tmux.cursor().startsWith("6,"));
      assertThat(tmux.screen()).contains(rows + "\n");
      tmux.press("C-c");
      tmux.awaitLines("doqu>", "\\n*doqu  pid 2, .*");
    }
  }

  /** Breaks a line where the next letter would not fit. */
  private static String rows(String line, int columns) {
    StringBuilder rows = new StringBuilder();
    int used = 0;
    for (int letter : line.codePoints().toArray()) {
      int width = letter < 0x80 ? 1 : 2;
      if (used + width > columns) {
        rows.append('\n');
        used = 0;
      }
      rows.appendCodePoint(letter);
      used += width;
    }
    return rows.toString();
  }

  @Test
  @Needs("busybox")
  void anEditorHasTheWholeWindowAndLeavesTheScreenAsItWas() throws Exception {
    tmux.type("fork\n");
    tmux.awaitLines("  \\+ child: .*", "doqu>");
    tmux.type("switch child\n");
    tmux.awaitLines("doqu\\[3 child]>");
    tmux.type("exec busybox vi /etc/passwd\n");
    tmux.await("editor", shown -> shown.contains("/etc/passwd") && shown.startsWith("root:"));
    tmux.resize(70, 14);
    tmux.await("status of the editor in the last row", TmuxTest::hasEditorOf14Rows);
    tmux.type("ix");
    tmux.awaitLines("xroot:.*", "(.*\\n)+I /etc/passwd.*");
    tmux.press("C-c");
    tmux.awaitLines("- /etc/passwd.*");
    tmux.type(":q!");
    tmux.press("Enter");
    tmux.awaitLines(
        "child \\+\\+\\+ exited with 0 \\+\\+\\+; it is a zombie until doqu waits",
        "doqu>",
        "\\n*" + FOOT);
    assertThat(tmux.screen().lines().toList()).hasSize(14).noneMatch(line -> line.startsWith("~"));
    assertThat(tmux.screen()).doesNotContain("root:");
  }

  private static boolean hasEditorOf14Rows(String shown) {
    List<String> rows = shown.lines().toList();
    return rows.size() == 14
        && rows.get(13).contains("/etc/passwd")
        && rows.get(0).startsWith("root:");
  }

  @Test
  @Needs({"man", "less"})
  void ctrlCAndCtrlZLeaveThePagerWhereItIs() throws Exception {
    tmux.type("man 2 unshare\n");
    tmux.await("page", shown -> shown.contains("NAME") && shown.contains("Manual page"));
    tmux.press("C-z");
    tmux.press("C-c");
    // A key that comes while less is in its signal handler is lost to less.
    for (int tries = 0; !tmux.screen().contains("(press RETURN)") && tries < 50; tries++) {
      tmux.type("=");
      Thread.sleep(200);
    }
    tmux.press("Enter");
    tmux.type("/CLONE_FILES"); // searches, which less answers by an echo
    tmux.await("search", shown -> shown.endsWith("/CLONE_FILES"));
    tmux.press("Enter");
    tmux.await(
        "page where it says so",
        shown -> shown.lines().findFirst().orElse("").contains("CLONE_FILES"));
    tmux.type("q");
    tmux.awaitLines("doqu> man 2 unshare", "doqu>", "\\n*" + FOOT);
    tmux.type("hostname\n");
    tmux.awaitLines("host: stage, .*", "doqu>");
  }
}
