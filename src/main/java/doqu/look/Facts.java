package doqu.look;

import doqu.kernel.Arch;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.observe.ProcStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What one wants to know of a machine, and what seldom is in the way. */
final class Facts {
  private static final String WHOLE_MAP = "0 0 4294967295";

  /** With fewer open files the actors' own descriptors do not lie where they should. */
  private static final long FILES = 1064;

  private static final int OF_A_STAGE = 16;
  private static final String MORE_FILES = "ulimit -n 4096";

  /** The check without which no other can be trusted: each reads files. */
  static final String LIMITS = "limits";

  private Facts() {}

  static Finding java() {
    return Finding.ok("java", property("java.runtime.version") + " in " + property("java.home"));
  }

  static Finding kernel() {
    return Finding.ok("kernel", property("os.name") + " " + property("os.version"));
  }

  static Finding architecture() {
    try {
      return Finding.ok("architecture", Arch.current().machine());
    } catch (LinkageError e) {
      return Finding.broken(
          "architecture",
          "doqu has no actor for " + property("os.arch") + ", only for x86_64 and aarch64",
          "");
    }
  }

  private static String property(String name) {
    return Objects.requireNonNullElse(System.getProperty(name), "?");
  }

  static Finding cLibrary() {
    return Finding.ok("C library", Libc.cLibrary());
  }

  static Finding user() {
    byte[] content = Libc.readFile("/proc/self/uid_map");
    String map =
        new String(Objects.requireNonNullElse(content, new byte[0]), StandardCharsets.US_ASCII)
            .strip()
            .replaceAll("[ \t]+", " ")
            .replace("\n", ", ");
    return Finding.ok(
        "user",
        "uid %d, gid %d".formatted(Libc.effectiveUser(), Libc.effectiveGroup())
            + (map.equals(WHOLE_MAP) ? "" : ", in a user namespace with uid_map '" + map + "'"));
  }

  static Finding capabilities() {
    return Finding.ok(
        "capabilities",
        ProcStatus.own().map(status -> Identity.named(status.capabilities("CapEff"))).orElse("?"));
  }

  static Finding limits() {
    long files = Libc.softLimit(Libc.RLIMIT_NOFILE);
    long processes = Libc.softLimit(Libc.RLIMIT_NPROC);
    long opened = openSome();
    if (opened < 0) {
      return Finding.broken(
          LIMITS,
          "no more files can be opened: " + Libc.error(opened) + ", ulimit -n is " + files,
          MORE_FILES);
    }
    String says =
        "%d open files, %s processes"
            .formatted(files, processes < 0 ? "any number of" : Long.toString(processes));
    return files >= FILES
        ? Finding.ok(LIMITS, says)
        : Finding.limited(
            LIMITS,
            says + ": with fewer than " + FILES + " files actors show descriptors of doqu's own",
            MORE_FILES);
  }

  /** As many files as a stage has open; a number below 0 is the errno. */
  private static long openSome() {
    List<Integer> opened = new ArrayList<>();
    long last = 0;
    while (last >= 0 && opened.size() < OF_A_STAGE) {
      last = Libc.open("/dev/null", Flags.O_RDONLY);
      if (last >= 0) {
        opened.add((int) last);
      }
    }
    opened.forEach(Libc::close);
    return last;
  }
}
