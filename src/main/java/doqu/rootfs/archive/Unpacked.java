package doqu.rootfs.archive;

import java.util.List;

/**
 * What came of unpacking.
 *
 * @param items how many files, directories and links were made
 * @param bytes how many bytes were written to files
 * @param notKept what the archive has and this root file system has not, a line for each kind
 */
public record Unpacked(long items, long bytes, List<String> notKept) {
  public Unpacked {
    notKept = List.copyOf(notKept);
  }
}
