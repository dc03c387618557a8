package doqu.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeedsTest {
  @TempDir Path bin;

  @Needs({"strace", "gcc"})
  private static final class Both {}

  @NeedsRoot
  private static final class Root {}

  @NeedsOrdinaryUser
  private static final class OrdinaryUser {}

  @BeforeEach
  void straceIsInstalled() throws IOException {
    install("strace", "rwxr-xr-x");
  }

  @Test
  void runsWhenAllIsThere() throws IOException {
    install("gcc", "rwxr-xr-x");
    assertThat(new NeedsCondition("/nowhere:" + bin, true).evaluate(Both.class).isDisabled())
        .isFalse();
  }

  @Test
  void skipsAndNamesWhatIsMissing() {
    var result = new NeedsCondition("/nowhere:" + bin, false).evaluate(Both.class);
    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason()).hasValue("not on PATH: gcc");
  }

  @Test
  void failsInCi() {
    assertThatThrownBy(() -> new NeedsCondition(bin.toString(), true).evaluate(Both.class))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not on PATH: gcc");
  }

  @Test
  void aFileThatCannotBeExecutedIsNoProgram() throws IOException {
    install("gcc", "rw-r--r--");
    assertThat(new NeedsCondition(bin.toString(), false).evaluate(Both.class).isDisabled())
        .isTrue();
  }

  @Test
  void eachUserHasTestsOfItsOwn() {
    assertThat(new UserCondition(true).evaluate(Root.class).isDisabled()).isFalse();
    assertThat(new UserCondition(false).evaluate(Root.class).getReason()).hasValue("needs root");
    assertThat(new UserCondition(false).evaluate(OrdinaryUser.class).isDisabled()).isFalse();
    assertThat(new UserCondition(true).evaluate(OrdinaryUser.class).getReason())
        .hasValue("needs an ordinary user");
  }

  private void install(String program, String mode) throws IOException {
    Path file = Files.createFile(bin.resolve(program));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }
}
