package doqu.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;

/** The kinds of file systems this kernel has ready, as {@code /proc/filesystems} lists them. */
public final class FileSystems {
  private FileSystems() {}

  /** Whether a kind is listed. */
  public static boolean has(String type) {
    return lines().anyMatch(line -> line.endsWith("\t" + type));
  }

  /** Whether a kind lies on a block device: filesystems(5) marks those that do not with nodev. */
  public static boolean needsDevice(String type) {
    return lines().anyMatch(line -> line.equals("\t" + type));
  }

  private static Stream<String> lines() {
    byte[] content = Libc.readFile("/proc/filesystems");
    return new String(Objects.requireNonNullElse(content, new byte[0]), StandardCharsets.US_ASCII)
        .lines();
  }
}
