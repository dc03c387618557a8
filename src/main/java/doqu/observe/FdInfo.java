package doqu.observe;

import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** /proc/PID/fdinfo/FD (proc_pid_fdinfo(5)): what the kernel tells of an open file. */
public record FdInfo(String content) {
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

  /** The number mountinfo has for the mount it lies on; -1: nobody can tell. */
  public int mount() {
    String id = get("mnt_id");
    return id.isEmpty() ? -1 : Integer.parseInt(id);
  }
}
