package doqu.rootfs;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The machine whose programs are taken.
 *
 * @param root its root directory; every path and every absolute symbolic link is meant below it
 * @param searchPath where programs are looked for, in this order; absolute below {@code root}
 */
public record Machine(Path root, List<String> searchPath) {

  /** Where systems keep their programs; the last is NixOS's. */
  private static final List<String> USUAL =
      List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/run/current-system/sw/bin");

  public Machine {
    searchPath = List.copyOf(searchPath);
  }

  /**
   * The machine doqu runs on. The usual folders come before those of {@code PATH}: the system's own
   * {@code ls}, not one that a conda or a pyenv puts first, makes a root file system small and the
   * same from every shell.
   */
  public static Machine here() {
    Stream<String> path = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"));
    return new Machine(
        Path.of("/"),
        Stream.concat(USUAL.stream(), path.filter(folder -> folder.startsWith("/")))
            .distinct()
            .toList());
  }
}
