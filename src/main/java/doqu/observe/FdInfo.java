package doqu.observe;

import doqu.kernel.Flags;
import doqu.kernel.Libc;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** /proc/PID/fdinfo/FD (proc_pid_fdinfo(5)): what the kernel tells of an open file. */
public record FdInfo(String content) {
  private static final int OCTAL = 8;

  /** O_ACCMODE of open(2). */
  private static final long ACCESS = 3;

  /**
   * Those of all that a process has open, by their numbers; none: it is gone, or doqu may not look.
   *
   * @param process its folder in /proc
   */
  public static SortedMap<Integer, FdInfo> all(String process) {
    SortedMap<Integer, FdInfo> all = new TreeMap<>();
    String[] numbers = new File(process + "/fd").list();
    for (String number : Objects.requireNonNullElse(numbers, new String[0])) {
      FdInfo info = of(process, Integer.parseInt(number));
      if (!info.get("flags").isEmpty()) { // otherwise it has been closed meanwhile
        all.put(Integer.valueOf(number), info);
      }
    }
    return all;
  }

  /**
   * That of a descriptor.
   *
   * @param process the folder of its process in /proc
   */
  public static FdInfo of(String process, long descriptor) {
    byte[] content = Libc.readFile(process + "/fdinfo/" + descriptor);
    return new FdInfo(
        new String(Objects.requireNonNullElse(content, new byte[0]), StandardCharsets.US_ASCII));
  }

  /** A field; empty: there is none, or the file is not open. */
  public String get(String name) {
    return content
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .findFirst()
        .map(line -> line.substring(name.length() + 1).strip())
        .orElse("");
  }

  /** What it was opened with, and whether it is closed on exec; 0: nobody can tell. */
  public long flags() {
    String flags = get("flags");
    return flags.isEmpty() ? 0 : Long.parseLong(flags, OCTAL);
  }

  /** Whether the file can be written to by it. */
  public boolean writes() {
    long access = flags() & ACCESS;
    return access == Flags.O_WRONLY || access == Flags.O_RDWR;
  }

  /** The number mountinfo has for the mount it lies on; -1: nobody can tell. */
  public int mount() {
    String id = get("mnt_id");
    return id.isEmpty() ? -1 : Integer.parseInt(id);
  }
}
