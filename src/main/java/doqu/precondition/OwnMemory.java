package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a call points to without doqu having sent it along: the memory of the actor itself, whose
 * mappings are in /proc/PID/maps (proc_pid_maps(5)).
 */
final class OwnMemory {
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (r|-)(w|-).*");
  private static final int READ = 3;
  private static final int WRITE = 4;
  private static final int HEX = 16;

  private OwnMemory() {}

  /**
   * Whether the kernel can read there what an argument points to. What is there doqu does not read.
   *
   * @param name of the argument, in words
   */
  static Verdict readable(Situation now, Call call, int argument, String name) {
    return mapped(now, call.number(argument), name, READ);
  }

  /** Whether the kernel can write there. */
  static Verdict writable(Situation now, long address, String name) {
    return mapped(now, address, name, WRITE);
  }

  private static Verdict mapped(Situation now, long address, String name, int permission) {
    String at = address == 0 ? "NULL" : "0x" + Long.toHexString(address);
    return isMapped(now, address, permission)
        ? Verdict.unknown(name + " is in its own memory, at " + at)
        : Verdict.broken(
            Errno.EFAULT,
            name
                + " is to be at "
                + at
                + ", and /proc/PID/maps has nothing to "
                + (permission == READ ? "read" : "write to")
                + " there",
            "");
  }

  private static boolean isMapped(Situation now, long address, int permission) {
    byte[] maps = Libc.readFile("/proc/" + now.actor().pid() + "/maps");
    return new String(Objects.requireNonNullElse(maps, new byte[0]), StandardCharsets.UTF_8)
        .lines()
        .map(MAPPING::matcher)
        .filter(Matcher::matches)
        .filter(mapping -> !mapping.group(permission).equals("-"))
        .anyMatch(
            mapping ->
                Long.compareUnsigned(address, number(mapping.group(1))) >= 0
                    && Long.compareUnsigned(address, number(mapping.group(2))) < 0);
  }

  private static long number(String hex) {
    return Long.parseUnsignedLong(hex, HEX);
  }
}
