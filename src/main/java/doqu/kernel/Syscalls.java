package doqu.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** The numbers of the system calls (syscalls(2)), which differ between architectures. */
public final class Syscalls {
  private static final Map<Arch, Syscalls> TABLES = new EnumMap<>(Arch.class);

  private final Map<String, Long> numbers = new HashMap<>();

  private Syscalls() {}

  static {
    for (Arch arch : Arch.values()) {
      TABLES.put(arch, new Syscalls());
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Syscalls.class.getResourceAsStream("syscalls")),
                StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          String[] row = line.split(" ", 3);
          on(Arch.X86_64).add(row[0], row[1]);
          on(Arch.AARCH64).add(row[0], row[2]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String name, String number) {
    if (!number.equals("-")) {
      numbers.put(name, Long.valueOf(number));
    }
  }

  /** The table of one architecture. */
  public static Syscalls on(Arch arch) {
    return Objects.requireNonNull(TABLES.get(arch));
  }

  /** The number of a call, or nothing when this architecture has none of that name. */
  public OptionalLong number(String name) {
    Long number = numbers.get(name);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** Every name this architecture knows. */
  public Set<String> names() {
    return Set.copyOf(numbers.keySet());
  }
}
