package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.step.Mistake;
import doqu.step.Word;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LineTest {
  private static List<List<String>> split(String line) {
    return Line.split(line, Map.of("ROOTFS", "/mnt/rootfs")).stream()
        .map(command -> command.words().stream().map(Word::text).toList())
        .toList();
  }

  @Test
  void splitsAsShDoes() {
    assertThat(split("a 'b c' \"d $ROOTFS\" e\\ f;g # h"))
        .containsExactly(List.of("a", "b c", "d /mnt/rootfs", "e f"), List.of("g"));
    assertThat(split("  ;; ")).isEmpty();
    assertThat(split("echo a#b '' ${ROOTFS}/x"))
        .containsExactly(List.of("echo", "a#b", "", "/mnt/rootfs/x"));
  }

  @Test
  void keepsEachCommandAsItWasTyped() {
    assertThat(
            Line.split(" write x 'a  b' ; cat \"$ROOTFS/;#\" # so\n ls#a ", Map.of("ROOTFS", "/r")))
        .extracting(Line.Command::text)
        .containsExactly("write x 'a  b'", "cat \"$ROOTFS/;#\"", "ls#a");
  }

  @Test
  void namesTheOffendingWord() {
    assertThatThrownBy(() -> split("cat $ROOTS"))
        .isInstanceOf(Mistake.class)
        .hasMessage("unknown variable '$ROOTS'; did you mean '$ROOTFS'?");
    assertThatThrownBy(() -> split("echo 'a")).hasMessage("the quote ' is not closed");
    assertThatThrownBy(() -> split("a\0b")).isInstanceOf(Mistake.class);
  }
}
