package doqu.observe;

import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * /proc/PID/status (proc_pid_status(5)).
 *
 * @param fields each line's value by its name
 */
public record ProcStatus(Map<String, String> fields) {
  /** Reads it of a process, by its PID in doqu's own PID namespace; empty: it is gone. */
  public static Optional<ProcStatus> of(int pid) {
    return read("/proc/" + pid);
  }

  /** Reads doqu's own. */
  public static Optional<ProcStatus> own() {
    return read("/proc/self");
  }

  /** Reads it in the folder of a process in some proc file system. */
  static Optional<ProcStatus> read(String folder) {
    byte[] content = Libc.readFile(folder + "/status");
    return content == null
        ? Optional.empty()
        : Optional.of(parse(new String(content, StandardCharsets.UTF_8)));
  }

  static ProcStatus parse(String content) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : content.split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return new ProcStatus(fields);
  }

  /** A field, empty when the kernel has none of that name. */
  public String get(String name) {
    return fields.getOrDefault(name, "");
  }

  /** Its PIDs, from that in the namespace of the proc file system to its own. */
  List<Integer> pids() {
    return List.of(get("NSpid").split("\\s+")).stream().map(Integer::valueOf).toList();
  }

  /** The PID the process sees itself: what getpid(2) returns to it. */
  public int pidInside() {
    return pids().get(pids().size() - 1);
  }

  /** The PID so many namespaces below that of the proc file system; 0: it has none there. */
  public int pidAt(int level) {
    return pids().size() > level ? pids().get(level) : 0;
  }

  /** The effective one of its ids, as doqu sees it; {@code Uid} or {@code Gid}. */
  public long id(String kind) {
    return Long.parseLong(get(kind).split("\\s+")[1]);
  }

  /** A set of capabilities: {@code CapEff} and its like. */
  public long capabilities(String name) {
    return get(name).isEmpty() ? 0 : Long.parseUnsignedLong(get(name), 16);
  }
}
