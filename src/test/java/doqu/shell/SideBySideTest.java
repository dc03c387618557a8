package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jline.utils.WCWidth;
import org.junit.jupiter.api.Test;

/** {@code both}: two texts next to each other in a width, what differs marked. */
class SideBySideTest {
  private static List<String> shown(int width, List<String> left, List<String> right) {
    return SideBySide.of("one", left, "other", right).shown(width).stream()
        .map(SideBySide.Shown::text)
        .toList();
  }

  @Test
  void equalLinesStandBesideEachOtherAndTheOthersAreMarked() {
    assertThat(
            shown(
                23,
                List.of("same", "mine", "again", "extra", "end"),
                List.of("same", "yours", "again", "end", "more")))
        .containsExactly(
            "one          other",
            "same         same",
            "mine       | yours",
            "again        again",
            "extra      <",
            "end          end",
            "           > more");
  }

  @Test
  void linesThatOnlyOneHasMoveTheRest() {
    List<String> right = List.of("a", "b", "c", "d");
    assertThat(shown(23, List.of("c", "d"), right))
        .containsExactly(
            "one          other",
            "           > a",
            "           > b",
            "c            c",
            "d            d");
    assertThat(shown(23, right, List.of())).hasSize(5).allMatch(line -> !line.contains(">"));
  }

  @Test
  void linesThatDifferArePairedByTheirFirstColumn() {
    assertThat(
            shown(
                23,
                List.of("/ x", "  \\_ /a x", "  \\_ /new", "  \\_ /b x", "  \\_ /c x"),
                List.of("/ y", "  \\_ /a y", "  \\_ /b y", "    \\_ /d", "  \\_ /c y")))
        .containsExactly(
            "one          other",
            "/ x        | / y",
            "  \\_ /a x  |   \\_ /a y",
            "  \\_ /new  <",
            "  \\_ /b x  |   \\_ /b y",
            "           >     \\_ /d",
            "  \\_ /c x  |   \\_ /c y");
    // None does: in order.
    assertThat(shown(23, List.of("a", "b"), List.of("c")))
        .containsExactly("one          other", "a          | c", "b          <");
  }

  @Test
  void thatNothingDiffersIsSaid() {
    assertThat(shown(23, List.of("x"), List.of("x")))
        .containsExactly(
            "one          other", "x            x", "nothing differs between one and other");
    assertThat(shown(23, List.of("x"), List.of("y"))).noneMatch(line -> line.contains("nothing"));
  }

  @Test
  void aLongLineIsWrappedInItsColumn() {
    assertThat(shown(13, List.of("abcdefgh", "z"), List.of("abc", "z")))
        .containsExactly("one     other", "abcde | abc", "fgh   |", "z       z");
    // However narrow, wide letters and tabs included.
    List<String> hard = List.of("\u6f22\u5b57\u6f22\u5b57", "a\tb", "\033[31mred", "");
    for (int width = 1; width < 60; width++) {
      int most = Math.max(width, 7);
      assertThat(shown(width, hard, List.of("x".repeat(40))).subList(1, 6))
          .allSatisfy(
              line -> assertThat(line.codePoints().map(WCWidth::wcwidth).sum()).isBetween(0, most));
    }
    assertThat(shown(43, List.of("a\tb"), List.of("ab\tc")).get(1))
        .isEqualTo("a       b            | ab      c");
    assertThat(shown(80, List.of("\033[31mred"), List.of())).noneMatch(l -> l.contains("\033"));
  }

  @Test
  void tensOfThousandsOfLinesAreComparedAtOnce() {
    List<String> left = IntStream.range(0, 20_000).mapToObj(i -> "left " + i).toList();
    List<String> right = new ArrayList<>(left);
    Collections.reverse(right);
    assertThat(shown(80, left, right)).hasSize(20_001);
    right = new ArrayList<>(left);
    right.add(10_000, "one more");
    assertThat(SideBySide.of("one", left, "other", right).rows())
        .filteredOn(SideBySide.Row::differs)
        .containsExactly(new SideBySide.Row(null, "one more"));
  }

  @Test
  void whatDiffersIsYellowWhereThereAreColours() {
    List<String> out = new ArrayList<>();
    SideBySide sides = SideBySide.of("a", List.of("x", "same"), "b", List.of("y", "same"));
    new TextScreen(out::add, out::add, true, Settings.untouched(), () -> {}, () -> 11)
        .both("both", sides);
    assertThat(out).containsExactly("a      b", "\033[33mx    | y\033[m", "same   same");
    out.clear();
    new TextScreen(out::add, out::add, false, Settings.untouched()).both("both", sides);
    assertThat(out.get(1)).isEqualTo("x" + " ".repeat(37) + " | y");
  }

  // of a look

  @Test
  void theActorAndTheHost() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare uts", "sethostname doqueru", "both uname");
      assertThat(play.lastLook())
          .containsPattern("^doqu +host\n")
          .containsPattern("(?m)^sysname: Linux +sysname: Linux$")
          .containsPattern("(?m)^nodename: doqueru +\\| nodename: stage$");
      play.does("both caps");
      assertThat(play.lastLook()).endsWith("nothing differs between doqu and host");
    }
  }

  @Test
  void theNamesOfEachAreItsOwn() throws Exception {
    try (Play play = new Play()) {
      play.does("fork v", "switch v", "both hostname");
      assertThat(play.lastLook())
          .containsPattern("(?m)^stage, domain name \\(none\\) +stage, domain name \\(none\\)$")
          .endsWith("nothing differs between v and host");
      play.does("unshare uts", "sethostname own", "both hostname");
      assertThat(play.lastLook().lines().skip(1))
          .singleElement()
          .asString()
          .matches("own, domain name \\(none\\) +\\| stage, domain name \\(none\\)");
      play.does("hostname");
      assertThat(play.lastLook().lines()).hasSize(2);
    }
  }

  @Test
  void aMountStandsBesideTheSameOfTheHost() throws Exception {
    try (Play play = new Play()) {
      play.does("unshare mnt", "mount --make-rprivate /", "mkdir /tmp/own");
      play.does("mount -t tmpfs t /tmp/own", "both mounts");
      List<SideBySide.Row> rows = play.sides.get(0).rows();
      assertThat(rows)
          .filteredOn(row -> row.left() != null && row.right() != null)
          .hasSizeGreaterThan(2)
          .allSatisfy(
              row ->
                  assertThat(point(String.valueOf(row.left())))
                      .isEqualTo(point(String.valueOf(row.right()))));
      assertThat(rows)
          .filteredOn(row -> row.left() == null || row.right() == null)
          .singleElement()
          .satisfies(row -> assertThat(point(String.valueOf(row.left()))).isEqualTo("/tmp/own"));
    }
  }

  private static String point(String line) {
    return line.replaceFirst("^ *(\\\\_ )?", "").split(" ", 2)[0];
  }

  @Test
  void whatOneOfThemCannotSeeStandsInItsColumn() throws Exception {
    try (Play play = new Play()) {
      play.does("mkdir /mnt/jail", "chroot /mnt/jail", "chdir /", "both cat /etc/hostname");
      assertThat(play.lastLook()).containsPattern("(?m)^/etc/hostname: ENOENT .* \\| \\S+");
      assertThat(play.session.line("both cat /no/such")).isFalse();
    }
  }
}
