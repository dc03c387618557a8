package doqu.stage;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** For an enclosed actor there is nothing outside, whatever it is told to do. */
class EnclosureTest {
  @TempDir Path folder;

  private Path victim;
  private Path inside;
  private final Ids ids = Ids.here();

  @BeforeEach
  void putAVictimOutside() throws Exception {
    victim = Files.writeString(folder.resolve("victim"), "unharmed");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-rw-rw-"));
    inside = Files.createDirectory(folder.resolve("inside"));
    Files.createSymbolicLink(inside.resolve("link"), victim);
    Files.createSymbolicLink(inside.resolve("up"), Path.of("../victim"));
    Files.createDirectory(inside.resolve("below"));
    ids.own(inside);
    ids.own(inside.resolve("below"));
  }

  private static Errno errno(Enclosure enclosure, Call call) {
    return Errno.of(enclosure.actor().plumb(call).errno()).orElse(null);
  }

  private void reachesNothing(Enclosure enclosure) {
    String up = "../".repeat(30);
    for (String path :
        List.of(victim.toString(), "../victim", "link", "up", up + victim, "/proc/self/root")) {
      Call open = Calls.open(path, Flags.O_WRONLY | Flags.O_TRUNC, 0);
      assertThat(errno(enclosure, open)).as(path).isEqualTo(Errno.ENOENT);
    }
    assertThat(victim).hasContent("unharmed");
  }

  @Test
  void noNameLeadsOut() throws Exception {
    try (Enclosure enclosure = Enclosure.in(inside, ids)) {
      reachesNothing(enclosure);
      assertThat(errno(enclosure, Calls.mkdir("/made", 0755))).isNull();
      assertThat(inside.resolve("made")).isDirectory();
    }
  }

  @Test
  void theEscapeFromAChrootLeadsNowhere() throws Exception {
    try (Enclosure enclosure = Enclosure.in(inside, ids)) {
      assertThat(errno(enclosure, Calls.chroot("below"))).isNull();
      for (int i = 0; i < 30; i++) {
        enclosure.actor().plumb(Calls.chdir(".."));
      }
      assertThat(errno(enclosure, Calls.chroot("."))).isNull();
      reachesNothing(enclosure);
      assertThat(errno(enclosure, Calls.open("below", Flags.O_PATH, 0)))
          .as("it is back at the root of the enclosure")
          .isNull();
    }
  }

  @Test
  void whatIsMountedThereStays() throws Exception {
    try (Enclosure enclosure = Enclosure.in(inside, ids)) {
      assertThat(errno(enclosure, Calls.umount2("/", Flags.MNT_DETACH))).isNotNull();
      reachesNothing(enclosure);
      assertThat(
              Files.readString(Path.of("/proc/" + enclosure.actor().pid() + "/mountinfo")).lines())
          .hasSize(1);
    }
  }
}
