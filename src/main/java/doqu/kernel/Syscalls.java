package doqu.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The numbers of the system calls (syscalls(2)), which differ between architectures. */
public final class Syscalls {
  private static final Map<Arch, Syscalls> TABLES = new ConcurrentHashMap<>();

  /**
   * Forms of one call. Newer architectures have only the newer of each: arm64 no fork, no mkdir.
   */
  private static final Set<Set<String>> FORMS =
      Set.of(
          Set.of("mkdir", "mkdirat"),
          Set.of("rmdir", "unlinkat"),
          Set.of("fork", "vfork", "clone", "clone3"),
          Set.of("open", "openat", "openat2"),
          Set.of("chdir", "fchdir"),
          Set.of("exit", "exit_group"),
          Set.of("wait4", "waitid"),
          Set.of("execve", "execveat"),
          Set.of("symlink", "symlinkat"),
          Set.of("rename", "renameat", "renameat2"));

  private final Map<String, Long> numbers = new HashMap<>();

  private Syscalls(Arch arch) {
    int column = arch == Arch.X86_64 ? 1 : 2;
    try (InputStream table =
        Objects.requireNonNull(Syscalls.class.getResourceAsStream("syscalls"))) {
      for (String line : new String(table.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
        String[] row = line.split(" ");
        if (!row[0].equals("#") && !row[column].equals("-")) {
          numbers.put(row[0], Long.valueOf(row[column]));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The table of one architecture. */
  public static Syscalls on(Arch arch) {
    return TABLES.computeIfAbsent(arch, Syscalls::new);
  }

  /** The number of a call, or nothing when this architecture has none of that name. */
  public OptionalLong number(String name) {
    Long number = numbers.get(name);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** Whether two names are of one call, or of two of its forms. */
  public static boolean isSame(String one, String other) {
    return one.equals(other)
        || FORMS.stream().anyMatch(forms -> forms.contains(one) && forms.contains(other));
  }

  /** Every name this architecture knows. */
  public Set<String> names() {
    return Set.copyOf(numbers.keySet());
  }
}
