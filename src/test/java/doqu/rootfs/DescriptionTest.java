package doqu.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptionTest {
  @TempDir Path folder;

  @BeforeEach
  void anEmptyDescription() throws IOException {
    for (String file : List.of("programs", "terminals", "layout")) {
      Files.writeString(folder.resolve(file), "");
    }
  }

  @Test
  void readsWhatANewcomerWrites() throws IOException {
    Files.writeString(folder.resolve("programs"), "# shells\nash | bash  # comfort\n\n  ls\n");
    Files.writeString(folder.resolve("terminals"), "xterm\n");
    Files.writeString(
        folder.resolve("layout"), "1777 /tmp/\n0644 /etc/motd\n/etc/mtab -> /proc/self/mounts\n");
    Files.createDirectories(folder.resolve("skeleton/etc"));
    Files.writeString(folder.resolve("skeleton/etc/motd"), "hello\n");

    Description description = Description.read(folder);

    assertThat(description.programs()).hasToString("[ash or bash, ls]");
    assertThat(description.terminals()).containsExactly("xterm");
    assertThat(description.entries())
        .contains(
            new Entry.Directory("/tmp", 01777),
            new Entry.Symlink("/etc/mtab", "/proc/self/mounts"));
    Entry.RegularFile motd = (Entry.RegularFile) description.entries().get(1);
    assertThat(motd.mode()).isEqualTo(0644);
    assertThat(motd.source().open()).hasContent("hello\n");
    assertThat(motd.source().size()).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource({
    "layout, 755 tmp/, layout:2: not an absolute path",
    "layout, 4755 /tmp/, layout:2: neither MODE PATH",
    "layout, 755 /a/../b/, layout:2: a path must not go up",
    "layout, /tmp, layout:2: neither MODE PATH",
    "layout, a -> b, layout:2: not an absolute path",
    "layout, 644 /etc/none, skeleton/etc/none",
    "programs, bin/ls, programs:2: not names of programs: [bin/ls]",
    "programs, less | | more, programs:2: not names of programs",
    "programs, |, programs:2: not names of programs",
    "terminals, ../x, terminals:2: not the name of a terminal"
  })
  void saysWhichLineIsWrong(String file, String line, String said) throws IOException {
    Files.writeString(folder.resolve(file), "# a comment\n" + line + "\n");
    assertThatThrownBy(() -> Description.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(said);
  }

  @Test
  void theStandardOneIsWholeAndLeavesTheOldRootToTheLearner() throws Exception {
    Description standard = Description.standard();
    assertThat(standard.programs().stream().flatMap(program -> program.names().stream()))
        .contains(
            "sh", "ls", "ps", "cat", "hostname", "mount", "umount", "ip", "id", "sleep", "env")
        .doesNotHaveDuplicates();
    List<String> paths = standard.entries().stream().map(Entry::path).toList();
    assertThat(paths)
        .contains("/tmp", "/proc", "/dev", "/etc/passwd")
        .doesNotContain("/oldroot")
        .noneMatch(path -> path.startsWith("/dev/"));
    assertThat(standard.entries()).contains(new Entry.Directory("/tmp", 01777));

    Path skeleton = Path.of(Description.class.getResource("skeleton").toURI());
    try (Stream<Path> files = Files.walk(skeleton)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> "/" + skeleton.relativize(file)))
          .as("every file of the skeleton stands in the layout")
          .isNotEmpty()
          .allMatch(paths::contains);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "etc", "/etc/", "/etc//x", "/./etc", "/a/..", "/a\0b"})
  void anEntryHasAnAbsolutePathInItsShortestForm(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Entry.Directory(path, 0755));
    assertThatIllegalArgumentException().isThrownBy(() -> new Entry.Symlink(path, "x"));
  }

  @Test
  void anEntryIsNeverSetuid() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Entry.Directory("/a", 02755));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Entry.RegularFile("/a", 04755, Source.of("")));
  }
}
