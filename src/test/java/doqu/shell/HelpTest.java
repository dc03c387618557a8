package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.kernel.Errno;
import doqu.step.Mistake;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What help and errno show of the pages, and how it fits the screen. */
class HelpTest {
  private static List<String> help(String... words) {
    return Help.lines(List.of(words), Columns.WIDTH);
  }

  @Test
  void helpFitsOneScreen() {
    assertThat(help()).hasSizeLessThan(24);
    String all = String.join("\n", help());
    assertThat(Session.words())
        .allSatisfy(command -> assertThat(all).containsPattern("\\b" + command + "\\b"));
  }

  @Test
  void noLineIsWiderThanATerminal() {
    List<String> lines = new ArrayList<>(help());
    Session.words().forEach(command -> lines.addAll(help(command)));
    lines.addAll(ErrnoTable.lines(List.of()));
    for (Errno errno : Errno.values()) {
      lines.addAll(ErrnoTable.lines(List.of(errno.name())));
    }
    assertThat(lines)
        .hasSizeGreaterThan(500)
        .allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
  }

  /** What is to be typed is left as it is. */
  @ParameterizedTest
  @ValueSource(ints = {40, 60})
  void proseFitsANarrowTerminal(int width) {
    List<String> lines = new ArrayList<>(Help.lines(List.of(), width));
    for (String command : Session.words()) {
      Help.lines(List.of(command), width).stream()
          .takeWhile(line -> !line.matches("(In C|In sh|Example) .*"))
          .forEach(lines::add);
    }
    assertThat(lines)
        .hasSizeGreaterThan(500)
        .filteredOn(line -> line.length() > width)
        .as("words that have no room")
        .hasSizeLessThan(lines.size() / 50);
  }

  @Test
  void helpOfACommandTellsAll() throws Exception {
    try (Play play = new Play()) {
      play.does("help umount");
      assertThat(play.lastLook())
          .startsWith("umount [-l] [-f] TARGET: take a mount away\n\nTakes a mount away; what it")
          .contains("\n\nCalls    umount2(2)\nNeeds    CAP_SYS_ADMIN over its mount namespace\n")
          .contains("\nReaches  all in that namespace, and by propagation\n")
          .contains("\nOptions  -l, --lazy   detach now, end when nobody uses it any more\n")
          .contains("\n         -f, --force  for network file systems: do not wait")
          .contains("\nErrnos   EBUSY         it is in use, or something is mounted below it\n")
          .contains("\nIn C     umount2(\"/tmp\", MNT_DETACH);\n")
          .contains("\nIn sh    umount --lazy /tmp\n")
          .contains("\nManual   umount2(2), umount(8), mount_namespaces(7)\n")
          .endsWith("\nExample  mount -t tmpfs box /tmp; umount -l /tmp");
      play.does("help caps");
      assertThat(play.lastLook())
          .startsWith(
              "caps drop|raise all|CAPABILITY...: give up capabilities\ncaps: the capability sets\n");
      play.does("help quit");
      assertThat(play.lastLook())
          .isEqualTo(
              "quit: leave, as Ctrl-D does\n\n"
                  + "Leaves doqu, as Ctrl-D does. Everything on the stage ends with it.");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"env", "fork", "wait", "exit"})
  void aStepThatNeedsNoPermissionHasNoNeeds(String step) {
    assertThat(help(step)).noneMatch(line -> line.startsWith("Needs"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec", "unshare", "setns", "mkdir", "rmdir", "write"})
  void aStepThatNeedsPermissionSaysSo(String step) {
    assertThat(help(step)).anyMatch(line -> line.startsWith("Needs    "));
  }

  @Test
  void aLongHeadStandsAlone() {
    assertThat(Columns.beside("ab", 4, "one two three", 11))
        .containsExactly("ab  one two", "    three");
    assertThat(Columns.beside("abcd", 4, "one", 11)).containsExactly("abcd", "    one");
    assertThat(Columns.beside("", 0, "one two", 6)).containsExactly("one", "two");
    assertThat(Columns.beside("", 2, "overlong", 6)).containsExactly("  overlong");
  }

  // errno

  private static List<String> errno(String... words) {
    return ErrnoTable.lines(List.of(words));
  }

  @Test
  void errnoListsAll() {
    assertThat(errno())
        .hasSize(Errno.values().length + 1)
        .startsWith(
            "NUMBER NAME            TEXT",
            "1      EPERM           Operation not permitted",
            "2      ENOENT          No such file or directory");
  }

  @ParameterizedTest
  @CsvSource({
    "EPERM, 1 EPERM: Operation not permitted",
    "eperm, 1 EPERM: Operation not permitted",
    "1, 1 EPERM: Operation not permitted",
    "011, 11 EAGAIN: Resource temporarily unavailable",
    "EWOULDBLOCK, 11 EAGAIN: Resource temporarily unavailable",
    "EDEADLOCK, 35 EDEADLK: Resource deadlock avoided",
    "enotsup, 95 EOPNOTSUPP: Operation not supported",
    "133, 133 EHWPOISON: Memory page has hardware error"
  })
  void errnoTellsOfOne(String asked, String first) {
    assertThat(errno(asked)).startsWith(first);
  }

  @Test
  void errnoTellsWhichCommandsMeetIt() throws Exception {
    try (Play play = new Play()) {
      play.does("errno etxtbsy");
      assertThat(play.lastLook())
          .isEqualTo(
              "26 ETXTBSY: Text file busy\n"
                  + "exec           somebody still has the file open for writing");
    }
    Set<String> commands = new HashSet<>();
    for (String line : errno("EPERM")) {
      commands.add(line.split(" ")[0]);
    }
    assertThat(commands).contains("unshare", "setns", "mount", "chroot", "caps", "kill");
    assertThat(errno("EHWPOISON")).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "EPRM, unknown errno 'EPRM'; did you mean 'EPERM'?",
    "enonet2, unknown errno 'enonet2'; did you mean 'ENONET'?",
    "0, unknown errno '0'",
    "41, unknown errno '41'",
    "-1, unknown errno '-1'",
    "99999999999, unknown errno '99999999999'",
    "-x, unknown errno '-x'"
  })
  void anUnknownErrnoIsAMistake(String asked, String why) {
    assertThatThrownBy(() -> errno(asked)).isInstanceOf(Mistake.class).hasMessage(why);
  }
}
