package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.precondition.Explanation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Why a call failed is found out from the state, and foreseen before it is made. */
class WhyTest {
  @ParameterizedTest(name = "{0} | {1} = {2}")
  @MethodSource("doqu.shell.Failures#rows")
  void eachFailureHasItsCause(String before, String line, String callAndErrno) {
    try (Play play = new Play()) {
      play.does(before);
      play.errno(line);
      Explanation why = play.last().explanations().get(play.last().explanations().size() - 1);
      assertThat(why.causes()).as("%s %s", why.errno(), why.checked()).isNotEmpty();
    }
  }

  @ParameterizedTest(name = "{0} | {1} = {2}")
  @MethodSource("doqu.shell.Failures#rows")
  void eachFailureIsForeseen(String before, String line, String callAndErrno) {
    try (Play play = new Play()) {
      play.does(before, "predict " + line);
      String[] words = callAndErrno.split(" ");
      assertThat(play.lastLook())
          .containsPattern("(?m)^" + words[0] + "\\(.*\\) would fail with " + words[1] + " ");
    }
  }
}
