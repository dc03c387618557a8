package doqu.shell;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Cell;
import doqu.testing.Doqu;
import doqu.testing.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the keys of the prompt do beside typing a line, what it looks like, and what it keeps. */
class PromptKeysTest {
  private static final String PROMPT = "doqu(\\[\\d+ \\w+])?>";
  private static final String TAB = "\t";
  private static final String UP = "\033OA";
  private static final String DOWN = "\033OB";

  /** Where the sessions of a test keep what they keep. */
  @TempDir Path xdg;

  private Typed typed;

  @BeforeEach
  void begin() throws Exception {
    begin(Doqu.command());
  }

  private void begin(List<String> command) throws Exception {
    typed =
        new Typed(
            100,
            40,
            Map.of("XDG_CONFIG_HOME", xdg.toString(), "XDG_STATE_HOME", xdg.toString()),
            command);
    typed.awaitCursorLine(PROMPT);
  }

  @AfterEach
  void end() {
    typed.close();
  }

  /** Leaves, and begins another session that finds what this one has kept. */
  private void again() throws Exception {
    typed.ctrl('D');
    assertThat(typed.exitStatus()).isZero();
    typed.close();
    begin();
  }

  /** Types lines, each when the one before is done. */
  private void types(String... lines) throws Exception {
    for (String line : lines) {
      typed.line(line);
      typed.awaitCursorLine(PROMPT);
    }
  }

  /** Types, presses Tab, and says what has to stand there then; and takes it away. */
  private void completes(String keys, String line) throws Exception {
    typed.keys(keys);
    typed.type(TAB);
    typed.awaitCursorLine(PROMPT + " \\Q" + line + "\\E");
    typed.ctrl('U');
    typed.awaitCursorLine(PROMPT);
  }

  // history

  @Test
  void upAndDownGoThroughTheLinesOfTheSessionsBefore() throws Exception {
    types("sethostname first", "ns");
    again();
    types("sethostname second");
    typed.close(); // as kill -9 does
    begin();
    typed.type(UP);
    typed.awaitCursorLine("doqu> sethostname second");
    typed.type(UP);
    typed.awaitCursorLine("doqu> ns");
    typed.type(UP);
    typed.awaitCursorLine("doqu> sethostname first");
    typed.type(DOWN);
    typed.awaitCursorLine("doqu> ns");
  }

  @Test
  void whatWasTypedIsReadableByNobodyElse() throws Exception {
    Path history = xdg.resolve("doqu/history");
    typed.close();
    Files.deleteIfExists(history);
    Files.deleteIfExists(history.getParent());
    List<String> open = new ArrayList<>(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"));
    open.addAll(Doqu.command());
    begin(open);
    types("sethostname secret");
    assertThat(Files.readString(history)).contains("sethostname secret");
    assertThat(permissions(history)).isEqualTo("rw-------");
    assertThat(permissions(history.getParent())).isEqualTo("rwx------");
  }

  @Test
  void aHistoryThatOthersCouldReadIsClosedToThem() throws Exception {
    Path history = xdg.resolve("doqu/history");
    types("sethostname secret");
    typed.close();
    Files.setPosixFilePermissions(history, PosixFilePermissions.fromString("rw-r--r--"));
    begin();
    types("ns");
    assertThat(permissions(history)).isEqualTo("rw-------");
    assertThat(typed.output()).doesNotContain("accessible by other users");
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void ctrlRFindsAnOlderLine() throws Exception {
    types("sethostname needle", "sethostname hay");
    again();
    types("ns");
    typed.ctrl('R');
    typed.awaitLine("bck-i-search: _");
    typed.type("need");
    typed.awaitLine("bck-i-search: need_");
    typed.awaitCursorLine("doqu> sethostname needle");
    typed.type("\r");
    typed.awaitLine("sethostname\\(\"needle\", 6\\) = 0");
  }

  // keys that a terminal sends otherwise than its description says, or that nobody uses

  @ParameterizedTest
  @ValueSource(strings = {"[1~", "[7~", "[H", "OH", "[1;5H"})
  void homeGoesToTheBeginning(String home) throws Exception {
    typed.keys("abc def");
    typed.type("\033" + home + "x");
    typed.awaitCursorLine("doqu> xabc def");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[4~", "[8~", "[F", "OF"})
  void endGoesToTheEnd(String end) throws Exception {
    typed.keys("abc def");
    typed.ctrl('A');
    typed.type("\033" + end + "x");
    typed.awaitCursorLine("doqu> abc defx");
  }

  @ParameterizedTest
  @CsvSource({
    "[3~, abc defx",
    "[D, abc dexf",
    "OD, abc dexf",
    "[1;2D, abc dexf",
    "[1;3D, abc xdef",
    "[1;5D, abc xdef",
    "[1;5A, abc defx",
    "[15;2~, abc defx",
    "[24~, abc defx",
    "[200;5$z, abc defx",
    "[?1;2c, abc defx",
    "OP, abc defx",
    "OR, abc defx"
  })
  void noKeyLeavesItsTailInTheLine(String key, String line) throws Exception {
    typed.keys("abc def");
    typed.type("\033" + key + "x");
    typed.awaitCursorLine("doqu> " + line);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\030\005", "\030\026"})
  void noKeyOpensAnEditorOrChangesWhatTheOthersMean(String harmful) throws Exception {
    typed.keys("hostnam");
    typed.type(harmful);
    typed.keys("e");
    typed.type("\r");
    typed.awaitLine("host: stage, domain name \\(none\\)");
  }

  @Test
  void deleteTakesALetterAway() throws Exception {
    typed.keys("abc");
    typed.ctrl('A');
    typed.type("\033[3~x");
    typed.awaitCursorLine("doqu> xbc");
  }

  // Tab

  @Test
  void tabCompletesWordsOfEveryKind() throws Exception {
    completes("unsh", "unshare");
    completes("unshare ut", "unshare uts");
    completes("unshare CLONE_NEWP", "unshare CLONE_NEWPID");
    completes("mount --make-rpr", "mount --make-rprivate");
    completes("caps drop CAP_SYS_ADM", "caps drop CAP_SYS_ADMIN");
    completes("errno ENOEN", "errno ENOENT");
    completes("syscall pivot_", "syscall pivot_root");
    completes("syscall openat AT_FD", "syscall openat AT_FDCWD");
    completes("ns; sethost", "ns; sethostname");
  }

  @Test
  void tabCompletesPathsAsTheActorSeesThem() throws Exception {
    types("unshare mnt", "mount --make-rprivate /", "mount -t tmpfs box /mnt");
    types("mkdir /mnt/onlyhere", "mkdir /mnt/put", "fork", "switch child", "chroot /mnt");
    completes("ls /only", "ls /onlyhere/");
    types("switch parent");
    completes("ls /only", "ls /only");
    completes("ls /mnt/only", "ls /mnt/onlyhere/");
    types("chdir /mnt", "pivot_root . put");
    completes("ls /only", "ls /onlyhere/");
    completes("ls /put/etc/hostn", "ls /put/etc/hostname");
  }

  @Test
  void tabCompletesActorsAndPids() throws Exception {
    types("fork worker");
    completes("switch wor", "switch worker");
    typed.keys("kill ");
    typed.type(TAB);
    typed.awaitLine("1 +\\(doqu\\) +2 +\\(doqu \\(doqu\\)\\) +3 +\\(doqu \\(worker\\)\\)");
    completes("3", "kill 3");
  }

  @Test
  void aWordThatIsNearlyOneIsOfferedUnderNoHeading() throws Exception {
    typed.keys("unshare CLONE_NEWXYZ");
    typed.type(TAB + TAB);
    types("");
    assertThat(typed.output()).doesNotContain("original").doesNotContain("others");
  }

  @Test
  void aSecondTabTellsOfTheCommand() throws Exception {
    String usage = "unshare NAMESPACE... \\[--no-map]: get new namespaces";
    typed.keys("unshare ");
    typed.type(TAB);
    typed.awaitLine("CLONE_NEWIPC .*");
    assertThat(typed.screen()).doesNotContainPattern(usage);
    typed.type(TAB);
    typed.awaitLine(usage);
    typed.awaitLine("Options +uts, -u, --uts, CLONE_NEWUTS");
    typed.awaitCursorLine("doqu> unshare");
  }

  @Test
  void aSecondTabTellsOfTheCommandAlsoWhereTheFirstHasAddedToTheWord() throws Exception {
    typed.keys("cat /etc/ho");
    typed.type(TAB);
    typed.awaitLine(".*hostname +hosts.*");
    typed.awaitCursorLine("doqu> cat /etc/host");
    typed.type(TAB);
    typed.awaitLine("cat FILE: a file's text");
    typed.awaitCursorLine("doqu> cat /etc/host");
  }

  @Test
  void aTabThatCompletesTheWordIsNotTheSecond() throws Exception {
    typed.keys("unsh");
    typed.type(TAB);
    typed.awaitCursorLine("doqu> unshare");
    types(" uts"); // what was told would stand above by now
    assertThat(typed.output()).doesNotContain("get new namespaces");
  }

  // colours

  @Test
  void whatWouldBeAMistakeIsRedAsItIsTyped() throws Exception {
    typed.keys("unsh");
    assertThat(typedIn(Cell::isRed)).isEmpty();
    typed.keys("unshx uts; unshare --bogus pid".substring("unsh".length()));
    awaitTyped(Cell::isRed, "unshx--bogus");
    awaitTyped(Cell::isBold, "unshare");
    typed.ctrl('U');
    typed.keys("unshare uts");
    awaitTyped(Cell::isBold, "unshare");
    assertThat(typedIn(Cell::isRed)).isEmpty();
  }

  @Test
  void aFailureIsRed() throws Exception {
    types("chdir /nowhere");
    String failure = "chdir(\"/nowhere\") = -1 ENOENT (No such file or directory)";
    assertThat(typed.cells())
        .filteredOn(line -> text(line, cell -> true).startsWith(failure))
        .singleElement()
        .satisfies(line -> assertThat(text(line, Cell::isRed)).isEqualTo(failure));
    types("set colour off", "chdir /nowhere", "unshx");
    assertThat(typed.cells())
        .filteredOn(line -> !text(line, Cell::isRed).isEmpty())
        .as("the one from before")
        .hasSize(1);
  }

  @Test
  void theLineAtTheFootIsFaintAsLongAsThereAreColours() throws Exception {
    awaitStanding(".* hostname stage");
    assertThat(typed.output()).contains("\033[2mdoqu  pid 2");
    types("set colour off");
    int before = typed.output().length();
    types("sethostname x");
    awaitStanding(".* hostname x");
    assertThat(typed.output().substring(before)).doesNotContainPattern("\033\\[[1-9][0-9]*m");
  }

  /** What looks so of the line that is typed. */
  private String typedIn(Predicate<Cell> look) {
    return text(typed.cursorCells(), look);
  }

  private void awaitTyped(Predicate<Cell> look, String text) throws Exception {
    typed.await(text + " in its colour", shown -> typedIn(look).equals(text));
  }

  private static String text(List<Cell> line, Predicate<Cell> look) {
    return line.stream().filter(look).map(Cell::text).collect(joining());
  }

  @Test
  void eachChangeHasALineOfItsOwn() throws Exception {
    types("unshare uts mnt");
    typed.awaitLine("  uts:\\[\\d+] -> uts:\\[\\d+]");
    typed.awaitLine("  mnt:\\[\\d+] -> mnt:\\[\\d+]");
  }

  // several steps on a line

  @Test
  void severalStepsOnALineAreCarriedOutUpToTheFirstThatFails() throws Exception {
    types("unshare uts; sethostname a; chdir /nowhere; sethostname b");
    typed.awaitLine("  hostname: stage -> a");
    typed.awaitLine("chdir\\(\"/nowhere\"\\) = -1 ENOENT .*");
    types("hostname");
    typed.awaitLine("doqu: a, .*");
  }

  // the line at the foot

  private void awaitStanding(String regex) throws Exception {
    typed.awaitLastLine(regex);
  }

  @Test
  void theLineAtTheFootSaysWhereTheActorStands() throws Exception {
    awaitStanding("doqu  pid 2, 2 on the stage  own: -  root /  hostname stage");
    types("unshare uts; sethostname x");
    awaitStanding("doqu  pid 2, 2 on the stage  own: uts  root /  hostname x");
    types("unshare pid mnt");
    types("mount --make-rprivate /", "fork", "switch init");
    awaitStanding("init  pid 1, 3 on the stage  own: mnt pid uts  root /  hostname x");
    types("switch parent");
    awaitStanding("doqu  pid 2, 2 on the stage  own: mnt uts  root /  hostname x");
    types("unshare user");
    awaitStanding("doqu  pid 2, 2 on the stage  own: mnt user uts  root /  hostname x");
  }

  @Test
  void theLineAtTheFootFollowsTheRoot() throws Exception {
    types("unshare mnt", "mount --make-rprivate /", "mount -t tmpfs box /mnt", "mkdir /mnt/put");
    types("fork", "switch child", "chroot /mnt");
    awaitStanding("child  pid 3, 3 on the stage  own: mnt  root /mnt  hostname stage");
    types("switch parent", "chdir /mnt", "pivot_root . put");
    awaitStanding("doqu  pid 2, 2 on the stage  own: mnt  root /  hostname stage");
  }

  @Test
  void theHostnameIsThereWheneverALineCanBeTyped() throws Exception {
    for (int i = 0; i < 20; i++) {
      types("sethostname h" + i);
      awaitStanding(".*  hostname h" + i);
    }
  }

  @Test
  void theLineAtTheFootTakesNoLineAway() throws Exception {
    types("sethostname a", "sethostname b", "sethostname c");
    assertThat(typed.screen()).startsWith("doqu> sethostname a\nsethostname(\"a\", 1) = 0\n");
    awaitStanding(".* hostname c");
  }

  @Test
  void aProgramHasTheLineAtTheFootToo() throws Exception {
    types("fork", "switch child");
    typed.line("exec /bin/sh -c 'read line; echo $line'");
    typed.await("the program", shown -> !shown.contains(" own: "));
    typed.line("mine");
    awaitStanding("doqu  pid 2, .*");
  }

  @Test
  void theLineAtTheFootGoesAndComes() throws Exception {
    awaitStanding(".* hostname stage");
    types("set status off");
    awaitStanding(PROMPT);
    assertThat(typed.screen()).doesNotContain("own:");
    types("sethostname x");
    awaitStanding(PROMPT);
    types("set status on");
    awaitStanding(".* hostname x");
  }

  // set

  @Test
  void whatIsSetIsSoInTheNextSession() throws Exception {
    types("set feedback terse", "set colour off", "set plumbing on", "set status off");
    again();
    types("set");
    typed.awaitLine("feedback +terse .*");
    typed.awaitLine("colour +off .*");
    typed.awaitLine("plumbing +on .*");
    typed.awaitLine("status +off .*");
    types("chdir /nowhere", "fork", "unshx");
    assertThat(typed.screen())
        .contains("ENOENT")
        .contains("(doqu's own)")
        .doesNotContain("nothing changed")
        .doesNotContain(" own: ");
    assertThat(typed.cells()).allSatisfy(line -> assertThat(text(line, Cell::isRed)).isEmpty());
    for (Setting setting : Setting.values()) {
      types("set " + setting.word() + " " + setting.choices().get(0));
    }
    again();
    types("set");
    for (Setting setting : Setting.values()) {
      typed.awaitLine(setting.word() + " +" + setting.choices().get(0) + " .*");
    }
    awaitStanding(".*own: .*");
  }

  @Test
  void aValueThatIsNoneIsRefusedWithTheNearestThatIs() throws Exception {
    types("set feedback ful", "set status of", "set colr off", "set plumbing sideways");
    typed.awaitLine(
        "doqu: 'ful' is no value of feedback: normal, full, terse; did you mean 'full'\\?");
    typed.awaitLine("doqu: 'of' is no value of status: on, off; did you mean 'off'\\?");
    typed.awaitLine("doqu: unknown setting 'colr'; did you mean 'colour'\\?");
    typed.awaitLine("doqu: 'sideways' is no value of plumbing: off, on");
    again();
    types("set");
    typed.awaitLine("feedback +normal .*");
    typed.awaitLine("status +on .*");
  }
}
