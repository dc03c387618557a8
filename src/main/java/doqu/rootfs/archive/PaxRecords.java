package doqu.rootfs.archive;

import doqu.kernel.ByteText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The records of an extended header, which stand for fields of the header that follows: POSIX pax,
 * "pax Extended Header". The values are bytes.
 */
final class PaxRecords {
  private final Map<String, String> values = new HashMap<>();

  /** Sparse files of GNU tar, format 0.0, say the same keyword over and over. */
  private final List<Long> sparseNumbers = new ArrayList<>();

  /** Reads records {@code LENGTH KEYWORD=VALUE\n}; the length counts the whole record. */
  static PaxRecords parse(byte[] bytes) throws ArchiveException {
    PaxRecords records = new PaxRecords();
    for (int at = 0; at < bytes.length && bytes[at] != 0; ) {
      int blank = at;
      while (blank < bytes.length && bytes[blank] != ' ') {
        blank++;
      }
      int end = at + length(decoded(bytes, at, blank));
      if (end <= blank || end > bytes.length || bytes[end - 1] != '\n') {
        throw new ArchiveException("an extended header with a record that has no end");
      }
      String record = decoded(bytes, blank + 1, end - 1);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw new ArchiveException("an extended header with a record that names nothing");
      }
      records.put(record.substring(0, equals), record.substring(equals + 1));
      at = end;
    }
    return records;
  }

  private void put(String keyword, String value) throws ArchiveException {
    if (keyword.equals("GNU.sparse.offset") || keyword.equals("GNU.sparse.numbytes")) {
      sparseNumbers.add(number(keyword, value));
    }
    values.put(keyword, value);
  }

  private static int length(String digits) throws ArchiveException {
    if (!digits.matches("[0-9]{1,9}")) {
      throw new ArchiveException("an extended header with a record that has no length");
    }
    return Integer.parseInt(digits);
  }

  private static String decoded(byte[] bytes, int from, int to) {
    return ByteText.of(Arrays.copyOfRange(bytes, from, to));
  }

  /** These, and what another one says where these say nothing. */
  PaxRecords over(PaxRecords others) {
    PaxRecords both = new PaxRecords();
    both.values.putAll(others.values);
    both.values.putAll(values);
    both.sparseNumbers.addAll(sparseNumbers);
    return both;
  }

  /** A value; an empty one takes back what a global header has said. */
  Optional<String> text(String keyword) {
    return Optional.ofNullable(values.get(keyword)).filter(value -> !value.isEmpty());
  }

  /** A number, or what the header says where there is none. */
  long number(String keyword, long otherwise) throws ArchiveException {
    Optional<String> text = text(keyword);
    return text.isPresent() ? number(keyword, text.get()) : otherwise;
  }

  private static long number(String keyword, String text) throws ArchiveException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new ArchiveException(
          "an extended header with " + keyword + "=" + text + ": not a number");
    }
  }

  /** The numbers of a sparse file's map of format 0.0 or 0.1: offset, length, offset, length ... */
  List<Long> sparseNumbers() throws ArchiveException {
    Optional<String> map = text("GNU.sparse.map");
    if (map.isEmpty()) {
      return sparseNumbers;
    }
    List<Long> numbers = new ArrayList<>();
    for (String word : map.get().split(",", -1)) {
      numbers.add(number("GNU.sparse.map", word));
    }
    return numbers;
  }

  /** Whether there are extended attributes among them: {@code SCHILY.xattr.NAME}. */
  boolean hasAttributes() {
    return values.keySet().stream().anyMatch(key -> key.startsWith("SCHILY.xattr."));
  }
}
