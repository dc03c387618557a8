package doqu.rootfs.archive;

/**
 * How much an archive may unpack to.
 *
 * @param items the most files, directories and links
 * @param bytes the most bytes in files, holes not counted
 * @param ratio how many times as large as the archive that may be; not looked at below {@link
 *     #RATIO_FROM} bytes, for a small archive may well be mostly zeros
 */
public record Bounds(long items, long bytes, long ratio) {
  /** Five times as much as a large image of a distribution has. */
  public static final Bounds USUAL = new Bounds(1_000_000, 16L << 30, 200);

  static final long RATIO_FROM = 256L << 20;
}
