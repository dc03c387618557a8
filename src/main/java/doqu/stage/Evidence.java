package doqu.stage;

import doqu.kernel.Capability;
import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where causes are looked for: this machine, or one a test has made up. */
interface Evidence {
  /** This machine. */
  Evidence HERE =
      new Evidence() {
        @Override
        public Optional<String> file(String path) {
          byte[] content = Libc.readFile(path);
          return Optional.ofNullable(content)
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip());
        }

        @Override
        public boolean exists(String path) {
          return Files.exists(Path.of(path));
        }

        @Override
        public long user() {
          return Integer.toUnsignedLong(Libc.effectiveUser());
        }

        @Override
        public long limit(int resource) {
          return Libc.softLimit(resource);
        }
      };

  /** What a file says; empty: it is not there, or cannot be read. */
  Optional<String> file(String path);

  /** Whether a file is there. */
  boolean exists(String path);

  /** The effective user id of doqu. */
  long user();

  /** The soft limit of a resource; below 0: there is none. */
  long limit(int resource);

  /** Whether a file says just that. */
  default boolean says(String path, String content) {
    return file(path).filter(content::equals).isPresent();
  }

  /** A line of /proc/self/status (proc_pid_status(5)); empty: there is none. */
  default String status(String name) {
    return file("/proc/self/status").stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** Whether doqu itself has a capability in its own user namespace. */
  default boolean has(Capability capability) {
    String effective = status("CapEff");
    return !effective.isEmpty() && (Long.parseUnsignedLong(effective, 16) & capability.bit()) != 0;
  }
}
