package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.stage.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a name or an output on the stage holds, it commands nobody's terminal. */
class HostileTextTest {
  /** Every kind of text that a terminal or a reader might obey, in hexadecimal. */
  private static final Map<String, String> TEXTS =
      Map.of(
          "ESC and CSI: a colour", hex("a\033[31mb"),
          "OSC: the window's title", hex("a\033]0;b\007"),
          "DCS", hex("a\033Pq\033\\"),
          "C1 as UTF-8", hex("a\u009b31m\u009d0;b\u009c"),
          "C1 as a byte", "619b33316d",
          "backspaces over what was printed", hex("a\b\b\bb"),
          "a carriage return", hex("a\rb"),
          "DEL, BEL, vertical tab, form feed, shift out", hex("\177\007\013\014\016"),
          "bidirectional overrides", hex("a\u202eb\u2066c\u200f"),
          "not UTF-8", "61ff80c0afeda080");

  /** What brings a text onto the screen; HEX stands for the text, LENGTH for its length. */
  private static final List<String> WAYS =
      List.of(
          "syscall sethostname hex:HEX LENGTH",
          "syscall setdomainname hex:HEX LENGTH",
          "hostname",
          "syscall mkdirat AT_FDCWD hex:2f6d6e742fHEX00 0755",
          "ls /mnt",
          "syscall mount hex:HEX00 hex:2f6d6e742fHEX00 tmpfs 0 NULL",
          "mounts",
          "proc mountinfo",
          "syscall chdir hex:2f6d6e742fHEX00",
          "syscall prctl 15 hex:HEX00", // PR_SET_NAME
          "ps",
          "actors",
          "ns",
          "proc comm",
          "proc status",
          "status",
          "syscall symlinkat hex:HEX00 AT_FDCWD /mnt/link",
          "syscall readlinkat AT_FDCWD /mnt/link out:100 100",
          "syscall openat AT_FDCWD /mnt/file O_RDWR|O_CREAT 0644",
          "syscall write 3 hex:HEX LENGTH",
          "cat /mnt/file",
          "syscall write 1 hex:HEX00HEX0a LENGTH",
          "syscall write 2 hex:HEX LENGTH");

  private static Stream<Arguments> texts() {
    return TEXTS.entrySet().stream().map(text -> Arguments.of(text.getKey(), text.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("texts")
  void isShownAsTextAndAsJson(String what, String hex) throws Exception {
    List<String> shown = new ArrayList<>();
    List<String> json = new ArrayList<>();
    play(new TextScreen(shown::add, shown::add, false, Settings.untouched()), hex);
    play(new JsonScreen(json::add), hex);
    assertThat(shown.size()).isGreaterThan(2 * WAYS.size());
    assertThat(shown)
        .allSatisfy(line -> assertThat(line.chars().filter(c -> commands(c)).boxed()).isEmpty());
    assertThat(json.size()).isGreaterThanOrEqualTo(WAYS.size());
    assertThat(json)
        .allSatisfy(
            line -> {
              assertThat(JSON.std.mapFrom(line)).isNotEmpty();
              assertThat(line.chars().filter(c -> c < ' ').boxed()).isEmpty();
            });
  }

  private static void play(Screen screen, String hex) throws Exception {
    String length = Integer.toString(hex.length() / 2);
    try (Session session =
        new Session(screen, Settings.untouched(), Venue.stages(), Stage.start(), null)) {
      for (String way : WAYS) {
        String line = way.replace("HEX", hex).replace("LENGTH", length);
        assertThat(session.line(line)).as(line).isTrue();
      }
      session.settle();
    }
  }

  private static boolean commands(int c) {
    return c < ' ' && c != '\n' && c != '\t'
        || c >= 0x7f && c < 0xa0
        || Character.getType(c) == Character.FORMAT;
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
