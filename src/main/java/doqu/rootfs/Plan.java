package doqu.rootfs;

import java.util.List;

/**
 * What to lay, in order, and what could not be had.
 *
 * @param entries each directory stands before what is in it; no path stands twice
 * @param missingPrograms programs of the description that the machine does not have; of a line with
 *     alternatives, all of them: {@code "less or more"}
 * @param missingLibraries names of shared libraries that are not found, sorted. The programs that
 *     need them are laid and will not start
 * @param problems one line each, {@code "PROGRAM: what is wrong with it"}
 */
public record Plan(
    List<Entry> entries,
    List<String> missingPrograms,
    List<String> missingLibraries,
    List<String> problems) {

  public Plan {
    entries = List.copyOf(entries);
    missingPrograms = List.copyOf(missingPrograms);
    missingLibraries = List.copyOf(missingLibraries);
    problems = List.copyOf(problems);
  }

  /** The size of all files together, in bytes. */
  public long bytes() {
    return entries.stream()
        .mapToLong(entry -> entry instanceof Entry.RegularFile file ? file.source().size() : 0)
        .sum();
  }
}
