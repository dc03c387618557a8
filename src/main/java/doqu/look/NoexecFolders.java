package doqu.look;

import doqu.kernel.Xdg;
import doqu.observe.Mount;
import doqu.observe.Mounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Folders in which no program can be started, because of how they are mounted (mount(2)). */
final class NoexecFolders {
  private static final String NAME = "noexec folders";

  private NoexecFolders() {}

  static Finding check() {
    Mounts mounts = Mounts.own();
    List<String> found = new ArrayList<>();
    List<String> mends = new ArrayList<>();
    for (Path folder : folders()) {
      mount(mounts, folder)
          .ifPresent(
              point -> {
                found.add(folder.toString());
                if (!mends.contains(mend(point))) {
                  mends.add(mend(point));
                }
              });
    }
    return found.isEmpty()
        ? Finding.ok(NAME, "none of the temporary, the XDG ones and doqu's own")
        : Finding.limited(
            NAME,
            String.join(", ", found) + ": no program there can be started",
            String.join("; ", mends));
  }

  private static List<Path> folders() {
    List<Path> folders = new ArrayList<>();
    folders.add(Path.of(System.getProperty("java.io.tmpdir")));
    folders.addAll(Xdg.folders());
    String own = System.getProperty("jna.boot.library.path");
    if (own != null) {
      folders.add(Path.of(own));
    }
    return folders;
  }

  /** Where that is mounted what a folder lies on, or would, if it is mounted noexec. */
  static Optional<String> mount(Mounts mounts, Path folder) {
    return mounts.holding(real(folder)).filter(mount -> mount.has("noexec")).map(Mount::point);
  }

  /** The folder without symbolic links; where it is not there yet the one it will be made in. */
  private static Path real(Path folder) {
    for (Path path = folder.toAbsolutePath(); path != null; path = path.getParent()) {
      try {
        return path.toRealPath();
      } catch (IOException e) {
        // Then it is made in the one above.
      }
    }
    return Path.of("/");
  }

  static String mend(String point) {
    return "as root: mount -o remount,exec " + point;
  }
}
