package doqu.lesson;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What is wrong with the parts of a file: its author is told all of it at once. */
final class Faults {
  private final Set<String> lines = new LinkedHashSet<>();

  /** A part; empty: it is at fault, which {@link #tell} will say. */
  <T> Optional<T> of(Supplier<T> part) {
    try {
      return Optional.of(part.get());
    } catch (Fault e) {
      add(e);
      return Optional.empty();
    }
  }

  void add(Fault fault) {
    lines.addAll(fault.lines());
  }

  /**
   * Ends the making of something of which parts may be at fault.
   *
   * @throws Fault when one is
   */
  void tell() {
    if (!lines.isEmpty()) {
      throw new Fault(List.copyOf(lines));
    }
  }
}
