package doqu.shell;

/** A number of bytes as people read it. */
final class Amount {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private Amount() {}

  /** {@code 512 B}, {@code 3.4 MiB}. */
  static String of(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.length - 1) {
      amount /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format("%.1f %s", amount, UNITS[unit]);
  }
}
