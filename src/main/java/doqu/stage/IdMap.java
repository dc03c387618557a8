package doqu.stage;

import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * /proc/PID/uid_map or gid_map (user_namespaces(7)), as doqu reads it: which id inside is which for
 * doqu.
 */
public record IdMap(List<Range> ranges) {
  /** What the kernel shows for an id that has none inside: /proc/sys/kernel/overflowuid. */
  public static final long OVERFLOW = 65534;

  /** So many ids from {@code inside} on are those from {@code outside} on. */
  record Range(long inside, long outside, long length) {}

  /** The map of the users of a process, by its PID in doqu's own PID namespace. */
  public static IdMap ofUsers(int pid) {
    return read("/proc/" + pid + "/uid_map");
  }

  /** The map of its groups. */
  public static IdMap ofGroups(int pid) {
    return read("/proc/" + pid + "/gid_map");
  }

  private static IdMap read(String file) {
    byte[] content = Libc.readFile(file);
    return parse(content == null ? "" : new String(content, StandardCharsets.US_ASCII));
  }

  static IdMap parse(String content) {
    List<Range> ranges = new ArrayList<>();
    for (String line : content.lines().toList()) {
      String[] words = line.strip().split("\\s+", 3);
      ranges.add(
          new Range(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])));
    }
    return new IdMap(List.copyOf(ranges));
  }

  /** Whether it gives a process that id. */
  public boolean has(long inside) {
    return has(inside, 1);
  }

  /** Whether it has that id and those that follow, so many in all, in one range. */
  public boolean has(long inside, long length) {
    return ranges.stream()
        .anyMatch(
            range -> range.inside <= inside && inside + length <= range.inside + range.length);
  }

  /** Whether nobody has written it: then no id is mapped. */
  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** The ids inside: {@code 0 to 65535}, {@code none}. */
  public String inside() {
    return ranges.isEmpty()
        ? "none"
        : ranges.stream()
            .map(
                range ->
                    range.inside
                        + (range.length == 1 ? "" : " to " + (range.inside + range.length - 1)))
            .collect(Collectors.joining(", "));
  }

  /** The id doqu sees of one inside; -1: there is no such id inside. */
  public long outside(long id) {
    return ranges.stream()
        .filter(range -> id >= range.inside && id < range.inside + range.length)
        .map(range -> id - range.inside + range.outside)
        .findFirst()
        .orElse(-1L);
  }

  /** Whether one that doqu sees has an id inside. */
  public boolean hasOutside(long id) {
    return ranges.stream()
        .anyMatch(range -> id >= range.outside && id < range.outside + range.length);
  }

  /** The id inside of one that doqu sees; the overflow id when there is none. */
  public long inside(long id) {
    return ranges.stream()
        .filter(range -> id >= range.outside && id < range.outside + range.length)
        .map(range -> id - range.outside + range.inside)
        .findFirst()
        .orElse(OVERFLOW);
  }

  /**
   * As a process reads it that has that map itself: what is outside is told in the ids of the
   * reader, and as -1 when it has none for it (user_namespaces(7)).
   */
  public String seenWith(IdMap readers) {
    return ranges.stream()
        .map(
            range -> {
              long outside = readers.inside(range.outside);
              String shown = outside == OVERFLOW ? "4294967295" : Long.toString(outside);
              return range.inside + " " + shown + " " + range.length;
            })
        .collect(Collectors.joining(", "));
  }
}
