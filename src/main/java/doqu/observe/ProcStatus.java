package doqu.observe;

import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * /proc/PID/status (proc_pid_status(5)) as it was at one moment. It has some sixty fields of which
 * few are asked for: each is looked up when it is.
 */
public final class ProcStatus {
  /** Nobody looked. */
  static final ProcStatus NONE = new ProcStatus("");

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** Begins with a line end, so that every name stands behind one. */
  private final String content;

  private ProcStatus(String content) {
    this.content = "\n" + content;
  }

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
        : Optional.of(new ProcStatus(new String(content, StandardCharsets.UTF_8)));
  }

  /** A field, empty when the kernel has none of that name. */
  public String get(String name) {
    String head = "\n" + name + ":";
    int begin = content.indexOf(head);
    if (begin < 0) {
      return "";
    }
    int end = content.indexOf('\n', begin + head.length());
    return content.substring(begin + head.length(), end < 0 ? content.length() : end).strip();
  }

  /** Its PIDs, from that in the namespace of the proc file system to its own. */
  List<Integer> pids() {
    return BLANKS.splitAsStream(get("NSpid")).map(Integer::valueOf).toList();
  }

  /** The PID the process sees itself: what getpid(2) returns to it. */
  public int pidInside() {
    List<Integer> pids = pids();
    return pids.get(pids.size() - 1);
  }

  /** The PID so many namespaces below that of the proc file system; 0: it has none there. */
  public int pidAt(int level) {
    List<Integer> pids = pids();
    return pids.size() > level ? pids.get(level) : 0;
  }

  /** The effective one of its ids, as doqu sees it; {@code Uid} or {@code Gid}. */
  public long id(String kind) {
    return Long.parseLong(BLANKS.split(get(kind))[1]);
  }

  /** A set of signals, the lowest bit that of signal 1: {@code SigCgt} and its like. */
  public long signals(String name) {
    return capabilities(name);
  }

  /** A set of capabilities: {@code CapEff} and its like. */
  public long capabilities(String name) {
    return get(name).isEmpty() ? 0 : Long.parseUnsignedLong(get(name), 16);
  }
}
