package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would be a mistake is red while it is typed, and nothing else. */
class ColoursTest {
  private static Play play;

  @BeforeAll
  static void begin() throws Exception {
    play = new Play();
  }

  @AfterAll
  static void end() {
    play.close();
  }

  /** A terminal would feel slow, and strace of doqu would show nothing else. */
  @Test
  void nothingIsReadWhileALineIsTyped() throws Exception {
    coloured("switch 1");
    long before = reads();
    for (String line :
        List.of("switch 999", "attach nobdy", "diff doqu 12345", "switch dqu; ps x")) {
      for (int times = 0; times < 100; times++) {
        coloured(line);
      }
    }
    assertThat(reads() - before).as("calls of read(2) for 400 keys").isLessThan(100);
  }

  private static void coloured(String line) {
    assertThat(Colours.coloured(line, play.session.stage()).toString()).isEqualTo(line);
  }

  /** How often this process has called read(2) so far: proc_pid_io(5). */
  private static long reads() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/io")).stream()
        .filter(line -> line.startsWith("syscr: "))
        .mapToLong(line -> Long.parseLong(line.substring("syscr: ".length())))
        .sum();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "unshare uts | ",
        "unsh | ",
        "unshx | unshx",
        "unsh uts | unsh",
        "unshare ut | ",
        "unshare utx | utx",
        "unshare utx pid | utx",
        "mount --make-rpri | ",
        "mount --make-rprix | --make-rprix",
        "mount --make-rprix / | --make-rprix",
        "mount -t tmpfs x /mnt; bogus | bogus",
        "fork; unshare -x | -x",
        "umount -x /mnt | -x",
        "kill -KIL 1 | -KIL",
        "kill -9 abc | abc",
        "chdir a b | b",
        "sethostname 'bogus' | ",
        "chdir $ROOTFS | ",
        "chdir $ROOT | $ROOT",
        "chdir $ROOTFS/bin | ",
        "caps drop cap_sys_admi | ",
        "caps drop cap_bogus all | cap_bogus",
        "syscall getpi | ",
        "syscall getpix | getpix",
        "help unshare | ",
        "# unshx bogus | ",
        "unshare uts # bogus | ",
        "exec /bin/ls -z --bogus | ",
        "sethostname 'open | ",
        "ps x | x",
        "kill -FOO 2 | -FOO",
        "errno EFOO | EFOO",
        "errno ENO | ",
        "errno 2 | ",
        "switch nobody | nobody",
        "switch doq | ",
        "switch 'nobody' | 'nobody'",
        "set feedback loud | loud",
        "set feedback ful | ",
        "set feedbak full | feedbak",
        "help foo | foo",
        "help for | ",
        "host fork | fork",
        "host ps | ",
        "both fork | fork",
        "predict ps | ps",
        "undo x | x",
        "undo 3 | ",
        "diff nobody | nobody",
        "diff --steps 1 2 | ",
        "diff doqu nobody | nobody",
        "diff host | ",
      })
  void whatWouldBeAMistakeIsRed(String line, String red) {
    AttributedString coloured = Colours.coloured(line, play.session.stage());
    assertThat(coloured.toString()).isEqualTo(line);
    StringBuilder marked = new StringBuilder();
    for (int i = 0; i < coloured.length(); i++) {
      AttributedStyle style = coloured.styleAt(i);
      if (style.equals(AttributedStyle.DEFAULT.foreground(AttributedStyle.RED))) {
        marked.append(coloured.charAt(i));
      }
    }
    assertThat(marked.toString()).isEqualTo(red == null ? "" : red);
  }
}
