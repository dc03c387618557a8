package doqu.docs;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Doqu;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The picture in the README is of this doqu, not of an earlier one. */
class SessionPictureTest {
  @Test
  void thePictureShowsWhatDoquPrints() throws Exception {
    assertThat(masked(SessionPicture.draw(Doqu.command())))
        .as("docs/picture draws it anew")
        .isEqualTo(masked(Files.readString(Path.of("docs/session.svg"))));
  }

  @Test
  void theReadmeShowsThePicture() throws Exception {
    assertThat(Files.readString(Path.of("README.md"))).contains("](docs/session.svg)");
  }

  /** Without the numbers that every run, or every machine, has others of. */
  private static String masked(String picture) {
    return picture
        .replaceAll("\\[\\d+]", "[INODE]")
        .replaceAll("\\d+ mounts", "MANY mounts")
        .replaceAll("\\d+ on the machine", "PID on the machine")
        .replaceAll("(?m)>(\\d+ +\\d+ +)\\d+ +", ">$1PID ");
  }
}
