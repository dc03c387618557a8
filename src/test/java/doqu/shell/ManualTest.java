package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.Word;
import doqu.testing.Doqu;
import doqu.testing.Needs;
import doqu.testing.Typed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine's manual: mostly a man(1) of the test's own, for a machine need not have one. */
class ManualTest {
  /**
   * Knows a page; told to show it, says how, and waits for a line when on a terminal. Another one
   * it does not come to show.
   */
  private static final String MAN =
      """
      #!/bin/sh
      case $* in
        '-w -- 2 known' | '-w -- known' | '-w -- slow') echo /usr/share/man/man2/known.2.gz; exit ;;
        -w*) echo 'No manual entry' >&2; exit 16 ;;
      esac
      [ "$*" != '-- slow' ] || { sleep 0.3; echo formatting; exec sleep 60; }
      trap 'echo interrupted' INT
      [ ! -t 0 ] || sleep 0.3 # no human is as quick as a test
      echo "man $* pager=$MANPAGER/$PAGER width=$MANWIDTH secure=$LESSSECURE"
      printf 'N\\bNA\\bAM\\bME\\bE \\033[1mbold\\033[0m _\\bu\\n'
      if [ -t 0 ]; then
        until read -r key; do :; done
        echo "read $key"
      fi
      """;

  @TempDir Path bin;

  @BeforeEach
  void install() throws Exception {
    Path man = Files.writeString(bin.resolve("man"), MAN);
    Files.setPosixFilePermissions(man, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Manual manual(String words) {
    return manual(bin.resolve("man").toString(), words);
  }

  private static Manual manual(String program, String line) {
    List<Word> words = Line.split("man " + line, Map.of()).get(0).words();
    Args args = Args.of(words.subList(1, words.size()), Control.MAN.usage());
    return new Manual(program, args.operands());
  }

  @ParameterizedTest
  @CsvSource({
    "known, -- known",
    "2 known, -- 2 known",
    "known(2), -- 2 known",
    "-- known, -- known"
  })
  void aPageIsPlainTextWithoutATerminal(String words, String asked) {
    assertThat(manual(words).lines())
        .containsExactly("man " + asked + " pager=cat/cat width=80 secure=", "NAME bold u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "unknown | this machine has no manual page 'unknown'; Debian has those of system calls in manpages-dev",
        "2 unknown | this machine has no manual page 'unknown' in section 2; Debian has those in manpages-dev",
        "unknown(7) | this machine has no manual page 'unknown' in section 7; Debian has those of the kernel in manpages",
        "8 unknown | this machine has no manual page 'unknown' in section 8; Debian has it with the program",
        " | something is missing: man [SECTION] PAGE",
        "2 | something is missing: man 2 PAGE",
        "1 2 3 | '3' is too much: man [SECTION] PAGE",
        "2 known(2) | '2' is too much: known(2) has its section",
        "-k | unknown option '-k'",
        "'-k' | '-k' is no name of a manual page",
        "-- --help | '--help' is no name of a manual page",
        "2 '-Hsh' | '-Hsh' is no name of a manual page",
        "/etc/passwd | '/etc/passwd' is no name of a manual page",
        "../known | '../known' is no name of a manual page",
        "2 ./known | './known' is no name of a manual page",
        "'kn own' | 'kn own' is no name of a manual page",
        "'' | '' is no name of a manual page",
        "'$(id)' | '$(id)' is no name of a manual page",
        "known( | 'known(' is no name of a manual page",
        "known(2 | 'known(2' is no name of a manual page",
        "known() | 'known()' is no name of a manual page",
        "ls known | 'ls' is no section of the manual",
        "known(-k) | '-k' is no section of the manual",
        "'-P sh' known | '-P sh' is no section of the manual",
        "/bin/sh known | '/bin/sh' is no section of the manual"
      })
  void badInputIsToldInOneLine(String words, String why) {
    assertThatThrownBy(() -> manual(words == null ? "" : words).lines())
        .isInstanceOf(Mistake.class)
        .hasMessageStartingWith(why)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aMachineWithoutManSaysWhatToInstall() {
    assertThatThrownBy(() -> manual("/no/such/man", "2 unshare").lines())
        .isInstanceOf(Mistake.class)
        .hasMessage(
            "this machine has no man(1); Debian has it in man-db, and the pages in manpages-dev");
  }

  @Test
  void aMistakeIsToldByTheSession() throws Exception {
    try (Play play = new Play()) {
      assertThat(play.session.line("man /etc/passwd")).isFalse();
      assertThat(play.mistakes)
          .singleElement()
          .asString()
          .startsWith("'/etc/passwd' is no name of a manual page");
    }
  }

  private Typed typed(String... arguments) throws Exception {
    Map<String, String> path = Map.of("PATH", bin + ":" + System.getenv("PATH"));
    return new Typed(80, 24, path, Doqu.command(arguments));
  }

  @Test
  void thePromptLendsTheTerminalToThePager() throws Exception {
    try (Typed doqu = typed()) {
      doqu.awaitLastLine("doqu> ?");
      doqu.line("fork");
      doqu.awaitLine(".*on the machine");
      doqu.line("wait");
      doqu.awaitLine("doqu is blocked in wait4.*");
      doqu.line("man 2 known");
      doqu.awaitLine("man -- 2 known pager=/ width= secure=1");
      doqu.awaitLine("NAME bold u");
      doqu.ctrl('c');
      doqu.awaitLine(".*interrupted");
      doqu.type("first\r");
      doqu.awaitLine("read first");
      doqu.awaitLastLine("doqu> ?");
      // That Ctrl-C was none of the actor's business.
      doqu.line("actors");
      doqu.awaitLine("\\* doqu .* blocked in wait4.*");
      doqu.line("man unknown");
      doqu.awaitLine("doqu: this machine has no manual page 'unknown'.*");
      doqu.awaitLastLine("doqu> ?");
      doqu.ctrl('d');
      assertThat(doqu.exitStatus()).isZero();
      assertThat(doqu.modes()).isEqualTo(doqu.modesBefore());
    }
  }

  /** Where no line reader is there to take it, Ctrl-C would end the JVM. */
  @Test
  void ctrlCInThePagerDoesNotEndAScript() throws Exception {
    try (Typed doqu = typed("-c", "man known; uname")) {
      doqu.awaitLine("man -- known .*");
      doqu.ctrl('c');
      doqu.awaitLine(".*interrupted");
      doqu.type("go on\r");
      doqu.awaitLine("read go on");
      doqu.awaitLine(".*sysname: Linux");
      assertThat(doqu.exitStatus()).isZero();
    }
  }

  /** It is gone at once then, before the JVM would have come to handle the signal. */
  @Test
  void whatManDiesOfDoesNotEndAScript() throws Exception {
    try (Typed doqu = typed("-c", "man slow; uname")) {
      doqu.awaitLine("formatting");
      doqu.ctrl('c');
      doqu.awaitLine(".*sysname: Linux");
      assertThat(doqu.exitStatus()).isZero();
    }
  }

  @Test
  @Needs("man")
  void theMachinesOwnManShowsItsPages() throws Exception {
    Process probe =
        new ProcessBuilder("man", "-w", "2", "unshare")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean there =
        !new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8).isEmpty();
    assumeThat(there || "true".equals(System.getenv("CI"))).as("man 2 unshare is there").isTrue();
    List<String> lines = manual("man", "unshare(2)").lines();
    assertThat(String.join("\n", lines)).contains("CLONE_NEWUTS").doesNotContain("\b", "\033");
    assertThatThrownBy(() -> manual("man", "2 nosuchpageatall").lines())
        .hasMessageStartingWith("this machine has no manual page 'nosuchpageatall' in section 2");
    for (String command : Session.words()) {
      for (String page : Page.of(command).orElseThrow().manual().split(", ")) {
        if (page.matches(".*\\([27]\\)")) {
          assertThatCode(() -> manual("man", page).find()).as(command).doesNotThrowAnyException();
        }
      }
    }
  }
}
