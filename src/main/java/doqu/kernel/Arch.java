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

  /** Whether its kernel runs programs for an e_machine (elf(5)), those of 32 bits included. */
  public boolean runs(int machine) {
    return this == X86_64 ? machine == 62 || machine == 3 : machine == 183 || machine == 40;
  }

  /** The name uname(2) gives it: {@code x86_64}, {@code aarch64}. */
  public String machine() {
    return name().toLowerCase(Locale.ROOT);
  }
}
