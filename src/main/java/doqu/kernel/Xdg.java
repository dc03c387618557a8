package doqu.kernel;

import java.nio.file.Path;
import java.util.Optional;

/** Where a user's files go: XDG Base Directory Specification 0.8. */
public final class Xdg {
  private static final String NAME = "doqu";

  private Xdg() {}

  /** For what is kept from one session to the next, as histories. It need not exist. */
  public static Path state() {
    return folder("XDG_STATE_HOME", ".local/state");
  }

  /** For settings. It need not exist. */
  public static Path config() {
    return folder("XDG_CONFIG_HOME", ".config");
  }

  /** Relative paths in the environment are to be ignored, says the specification. */
  private static Path folder(String variable, String otherwise) {
    return Optional.ofNullable(System.getenv(variable))
        .filter(value -> value.startsWith("/"))
        .map(Path::of)
        .orElseGet(() -> home().resolve(otherwise))
        .resolve(NAME);
  }

  private static Path home() {
    return Path.of(
        Optional.ofNullable(System.getenv("HOME"))
            .filter(value -> value.startsWith("/"))
            .orElse(System.getProperty("user.home", "/")));
  }
}
