package doqu.kernel;

import java.util.Locale;

/** An architecture doqu has actors for. */
public enum Arch {
  X86_64,
  AARCH64;

  private static final Arch CURRENT = of(System.getProperty("os.arch"));

  /**
   * The architecture this JVM runs on.
   *
   * @throws UnsupportedOperationException on any other than these two
   */
  public static Arch current() {
    return CURRENT;
  }

  private static Arch of(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "doqu has no actor for the architecture " + osArch + ", only for x86_64 and aarch64");
    };
  }

  /** The name uname(2) gives it: {@code x86_64}, {@code aarch64}. */
  public String machine() {
    return name().toLowerCase(Locale.ROOT);
  }
}
