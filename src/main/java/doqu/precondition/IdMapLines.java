package doqu.precondition;

import doqu.precondition.IdMapLines.Fault.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is written to uid_map or gid_map, read as the kernel reads it (map_write of
 * kernel/user_namespace.c): a line has the first id inside, the first outside, and how many.
 *
 * @param ranges as far as the lines are good
 * @param fault why the kernel goes no further; empty: all are good
 */
record IdMapLines(List<Range> ranges, Optional<Fault> fault) {
  /** UID_GID_MAP_MAX_EXTENTS of include/linux/user_namespace.h. */
  private static final int MOST = 340;

  /** (uid_t) -1, which means nobody: the kernel has 32 bits for an id and takes these alone. */
  private static final long NONE = 0xffffffffL;

  private static final int DECIMAL = 10;

  /** So many ids from {@code inside} on are those from {@code outside} on. */
  record Range(long inside, long outside, long count) {
    private boolean overlaps(Range other) {
      return overlap(inside, other.inside, other) || overlap(outside, other.outside, other);
    }

    private boolean overlap(long first, long others, Range other) {
      return first < others + other.count && others < first + count;
    }

    /** What of it is no id; empty: all are some. */
    private String fault() {
      if (inside == NONE || outside == NONE) {
        return NONE + " is no id";
      }
      if (count == 0) {
        return "it maps no id";
      }
      // As in the kernel, the one after the last has to be a number of 32 bits too.
      return Math.max(inside, outside) + count > NONE ? "its ids run past " + (NONE - 1) : "";
    }
  }

  /**
   * What is wrong.
   *
   * @param says with the line it is in
   */
  record Fault(Kind kind, String says) {
    /** Of what kind. */
    enum Kind {
      NO_NUMBERS,
      NO_IDS,
      OVERLAP,
      TOO_MANY
    }
  }

  static IdMapLines of(byte[] written) {
    String text = new String(written, StandardCharsets.ISO_8859_1).replaceFirst("(?s)\0.*", "");
    List<Range> ranges = new ArrayList<>();
    // One line feed may end the last line; after it there would be another, empty line.
    for (String line : text.replaceFirst("\n$", "").split("\n", -1)) {
      Optional<Fault> fault =
          ranges.size() == MOST
              ? Optional.of(new Fault(Kind.TOO_MANY, "it has more than " + MOST + " lines"))
              : next(line, ranges);
      if (fault.isPresent()) {
        return new IdMapLines(List.copyOf(ranges), fault);
      }
    }
    return new IdMapLines(List.copyOf(ranges), Optional.empty());
  }

  private static Optional<Fault> next(String line, List<Range> ranges) {
    String shown = "line " + (ranges.size() + 1) + ", '" + line + "': ";
    String bare = line.replaceAll("^[ \t\u000b\f\r]+|[ \t\u000b\f\r]+$", "");
    if (!bare.matches("\\d+[ \t\u000b\f\r]+\\d+[ \t\u000b\f\r]+\\d+")) {
      return Optional.of(
          new Fault(
              Kind.NO_NUMBERS,
              shown + "needed are three numbers: first id inside, first outside, how many"));
    }
    String[] words = bare.split("[ \t\u000b\f\r]+", -1);
    Range range = new Range(number(words[0]), number(words[1]), number(words[2]));
    if (!range.fault().isEmpty()) {
      return Optional.of(new Fault(Kind.NO_IDS, shown + range.fault()));
    }
    for (int i = 0; i < ranges.size(); i++) {
      if (range.overlaps(ranges.get(i))) {
        return Optional.of(
            new Fault(Kind.OVERLAP, shown + "some of its ids are in line " + (i + 1) + " too"));
      }
    }
    ranges.add(range);
    return Optional.empty();
  }

  /** The kernel keeps the last 32 bits of a number, however large it is. */
  private static long number(String digits) {
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      number = number * DECIMAL + Character.digit(digits.charAt(i), DECIMAL);
    }
    return number & NONE;
  }
}
