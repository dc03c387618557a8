package doqu.step;

import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;

/**
 * One line of /proc/PID/uid_map or gid_map (user_namespaces(7)), as doqu reads it.
 *
 * @param first the first id inside
 * @param outside what it is for the reader
 * @param length how many ids there are
 */
record IdMap(long first, long outside, long length) {
  /** The map of a process that has a single line; {@code kind} is {@code Uid} or {@code Gid}. */
  static IdMap of(int pid, String kind) {
    byte[] content = Libc.readFile("/proc/" + pid + (kind.equals("Uid") ? "/uid_map" : "/gid_map"));
    String[] words =
        content == null
            ? new String[] {"0", "0", "4294967295"}
            : new String(content, StandardCharsets.US_ASCII).strip().split("\\s+");
    return new IdMap(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
  }

  /** The id inside that the reader sees as this; the overflow id when there is none. */
  int inside(long id) {
    return id >= outside && id < outside + length ? (int) (id - outside + first) : 65534;
  }
}
