package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input changes nothing and gets one line that names the word and the nearest valid one. */
class MistakeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "unshar uts | unknown command 'unshar'; did you mean 'unshare'?",
        "unshare utz | unknown namespace 'utz'; did you mean 'uts'?",
        "unshare -x | unknown option '-x'",
        "mount --make-rprivat / | unknown option '--make-rprivat'; did you mean '--make-rprivate'?",
        "mount / | something is missing: mount",
        "chdir | something is missing: chdir DIRECTORY",
        "chdir a b | 'b' is too much: chdir DIRECTORY",
        "kill abc | 'abc' is not a PID",
        "kill -KIL 1 | unknown signal 'KIL'; did you mean 'KILL'?",
        "caps drop cap_sys_admn | did you mean 'CAP_SYS_ADMIN'?",
        "syscall unshar 0 | did you mean 'unshare'?",
        "syscall clone3 0 0 | use fork or clone",
        "switch nobody | unknown actor 'nobody'",
        "switch child | 'child': doqu has none that lives",
        "mkdir -m 9 x | '9' is not an octal mode",
        "host unshare | unknown look 'unshare'",
        "help unshar | unknown command 'unshar'; did you mean 'unshare'?"
      })
  void isToldInOneLine(String line, String why) throws Exception {
    try (Play play = new Play()) {
      play.does("status");
      assertThat(play.session.line(line)).isFalse();
      assertThat(play.mistakes).singleElement().asString().contains(why).doesNotContain("\n");
      assertThat(play.steps).isEmpty();
      play.does("status");
      assertThat(play.looks.get(1)).isEqualTo(play.looks.get(0));
    }
  }

  @Test
  void anArgumentTooLongForAnActorIsRefused() throws Exception {
    try (Play play = new Play()) {
      assertThat(play.session.line("chdir " + "x".repeat(1 << 20))).isFalse();
      assertThat(play.mistakes)
          .singleElement()
          .asString()
          .startsWith("chdir: its arguments are longer");
      play.does("status");
    }
  }
}
