package doqu.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a user's files go: XDG Base Directory Specification 0.8. */
public final class Xdg {
  private static final String NAME = "doqu";
  private static final String STATE = "XDG_STATE_HOME .local/state";
  private static final String CONFIG = "XDG_CONFIG_HOME .config";
  private static final String DATA = "XDG_DATA_HOME .local/share";
  private static final String CACHE = "XDG_CACHE_HOME .cache";

  private Xdg() {}

  /** For what is kept from one session to the next, as histories. It need not exist. */
  public static Path state() {
    return folder(STATE).resolve(NAME);
  }

  /** For what a user has gathered and wants to keep. It need not exist. */
  public static Path data() {
    return folder(DATA).resolve(NAME);
  }

  /** For settings. It need not exist. */
  public static Path config() {
    return folder(CONFIG).resolve(NAME);
  }

  /** All folders of the user's in which those of programs lie. They need not exist. */
  public static List<Path> folders() {
    return Stream.of(CONFIG, DATA, STATE, CACHE).map(Xdg::folder).toList();
  }

  /**
   * Makes such a folder, or one in it, with what it lies in: for its user alone, as the
   * specification wants them. One that is there stays as it is.
   */
  public static void create(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Relative paths in the environment are to be ignored, says the specification. */
  private static Path folder(String variableAndOtherwise) {
    String[] words = variableAndOtherwise.split(" ", 2);
    return Optional.ofNullable(System.getenv(words[0]))
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .orElseGet(() -> home().resolve(words[1]));
  }

  private static Path home() {
    return Path.of(
        Optional.ofNullable(System.getenv("HOME"))
            .filter(value -> value.startsWith("/"))
            .orElse(System.getProperty("user.home", "/")));
  }
}
