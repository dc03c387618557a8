package doqu.rootfs.archive;

import doqu.kernel.ByteText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar archive: POSIX ustar and pax, GNU tar's formats, and what came before them (tar(5) of
 * libarchive; "Basic Tar Format" of GNU tar's manual).
 *
 * <p>doqu has one of its own because names must stay bytes, a header's checksum must be looked at,
 * and an archive made to fill the memory must not.
 */
final class TarReader {
  /** The most an extended header, a long name or the map of a sparse file may take. */
  private static final int MOST_EXTENDED = 1 << 20;

  private static final int MOST_EXTENTS = 1 << 16;

  private final InputStream in;
  private PaxRecords global = new PaxRecords();
  private boolean begun;

  /** How much of the present item's bytes has not been read, and what fills its last block. */
  private long left;

  private int padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * Goes to the next item, over what is left of the one before.
   *
   * @return empty: the archive has ended as it should
   * @throws ArchiveException when it is damaged or cut off
   */
  Optional<Item> next() throws IOException {
    skipRest();
    PaxRecords records = new PaxRecords();
    String longName = null;
    String longLink = null;
    while (true) {
      TarHeader header = header();
      if (header.isZero()) {
        return Optional.empty();
      }
      if (!header.hasItsChecksum()) {
        throw new ArchiveException(
            begun ? "a header whose checksum is wrong: it is damaged" : "not a tar archive");
      }
      begun = true;
      switch (header.type()) {
        case 'x', 'X' -> records = PaxRecords.parse(extended(header));
        case 'g' -> global = PaxRecords.parse(extended(header)).over(global);
        case 'L' -> longName = cString(extended(header));
        case 'K' -> longLink = cString(extended(header));
        case 'V' -> skip(header.size()); // the label of a tape
        default -> {
          return Optional.of(item(header, records.over(global), longName, longLink));
        }
      }
    }
  }

  /** Reads of the present item's bytes; -1: there are no more. */
  int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(buffer, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw cutOff();
    }
    left -= count;
    return count;
  }

  private Item item(
      TarHeader header, PaxRecords records, @Nullable String longName, @Nullable String longLink)
      throws IOException {
    String name = records.text("path").orElse(longName == null ? header.name() : longName);
    String link = records.text("linkpath").orElse(longLink == null ? header.linkName() : longLink);
    long stored = records.number("size", header.size());
    Item.Kind kind = kind(header, name, link);
    boolean hasBytes = kind instanceof Item.Kind.File;
    left = stored;
    padding = padding(stored);
    long size = hasBytes ? stored : 0;
    List<Item.Extent> extents = List.of(new Item.Extent(0, size));
    if (header.type() == 'S') {
      size = header.number(483, 12);
      extents = extents(oldSparse(header), size);
    } else if (hasBytes && records.number("GNU.sparse.major", 0) == 1) {
      name = records.text("GNU.sparse.name").orElse(name);
      size = records.number("GNU.sparse.realsize", size);
      extents = extents(sparseBeforeBytes(), size);
    } else if (hasBytes && records.text("GNU.sparse.size").isPresent()) {
      name = records.text("GNU.sparse.name").orElse(name);
      size = records.number("GNU.sparse.size", size);
      extents = extents(records.sparseNumbers(), size);
    }
    if (hasBytes && extents.stream().mapToLong(Item.Extent::length).sum() != left) {
      throw new ArchiveException(Item.shown(name) + ": its map of holes does not fit its bytes");
    }
    BigDecimal time = time(records, header.seconds());
    long seconds = time.setScale(0, RoundingMode.FLOOR).longValue();
    return new Item(
        kind,
        name,
        header.mode(),
        new Item.Owner(
            records.number("uid", header.owner().user()),
            records.number("gid", header.owner().group())),
        size,
        extents,
        seconds,
        time.subtract(BigDecimal.valueOf(seconds)).movePointRight(9).intValue(),
        records.hasAttributes());
  }

  private static BigDecimal time(PaxRecords records, long seconds) throws ArchiveException {
    Optional<String> told = records.text("mtime").filter(text -> text.length() <= 40);
    try {
      BigDecimal time = told.map(BigDecimal::new).orElse(BigDecimal.valueOf(seconds));
      // more digits than a clock has would take forever to count
      return time.precision() - time.scale() > 18 || time.scale() > 30
          ? BigDecimal.valueOf(seconds)
          : time;
    } catch (NumberFormatException e) {
      throw new ArchiveException("an extended header with mtime=" + told.orElse(""));
    }
  }

  private static Item.Kind kind(TarHeader header, String name, String link)
      throws ArchiveException {
    return switch (header.type()) {
      // Before POSIX a directory was a file whose name ended so.
      case '0', 0 -> name.endsWith("/") ? new Item.Kind.Directory() : new Item.Kind.File();
      case '7', 'S' -> new Item.Kind.File();
      case '1' -> new Item.Kind.HardLink(link);
      case '2' -> new Item.Kind.Symlink(link);
      case '3' -> new Item.Kind.Device(false, header.major(), header.minor());
      case '4' -> new Item.Kind.Device(true, header.major(), header.minor());
      case '5', 'D' -> new Item.Kind.Directory();
      case '6' -> new Item.Kind.Fifo();
      case 'M' ->
          throw new ArchiveException(
              Item.shown(name) + ": begins on another volume of the archive, which is not here");
      default ->
          throw new ArchiveException(
              Item.shown(name) + ": of a type doqu does not know, '" + header.type() + "'");
    };
  }

  /**
   * GNU tar's old format: four pairs in the header, then blocks of 21 as long as there are more.
   */
  private List<Long> oldSparse(TarHeader header) throws IOException {
    List<Long> numbers = new ArrayList<>();
    pairs(header, 386, 4, numbers);
    boolean more = header.bytes()[482] != 0;
    while (more) {
      TarHeader block = header();
      pairs(block, 0, 21, numbers);
      more = block.bytes()[504] != 0;
      if (numbers.size() > 2 * MOST_EXTENTS) {
        throw tooManyHoles();
      }
    }
    return numbers;
  }

  private static void pairs(TarHeader block, int at, int count, List<Long> numbers)
      throws ArchiveException {
    for (int i = 0; i < count && block.bytes()[at + 24 * i] != 0; i++) {
      numbers.add(block.number(at + 24 * i, 12));
      numbers.add(block.number(at + 24 * i + 12, 12));
    }
  }

  /** GNU tar's format 1.0: decimal numbers, a line each, before the file's own bytes. */
  private List<Long> sparseBeforeBytes() throws IOException {
    long read = left;
    long count = line();
    if (count < 0 || count > MOST_EXTENTS) {
      throw tooManyHoles();
    }
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < 2 * count; i++) {
      numbers.add(line());
    }
    read -= left;
    byte[] rest = new byte[padding(read)];
    for (int at = 0; at < rest.length; ) {
      at += Math.max(0, read(rest, at, rest.length - at));
      if (left == 0 && at < rest.length) {
        throw cutOff();
      }
    }
    return numbers;
  }

  private long line() throws IOException {
    byte[] one = new byte[1];
    long number = 0;
    for (int digits = 0; read(one, 0, 1) == 1 && digits < 19; digits++) {
      if (one[0] == '\n') {
        return number;
      }
      if (one[0] < '0' || one[0] > '9') {
        break;
      }
      number = number * 10 + (one[0] - '0');
    }
    throw new ArchiveException("a map of holes with something else than numbers");
  }

  private static List<Item.Extent> extents(List<Long> numbers, long size) throws ArchiveException {
    List<Item.Extent> extents = new ArrayList<>();
    long end = 0;
    for (int i = 0; i + 1 < numbers.size(); i += 2) {
      long offset = numbers.get(i);
      long length = numbers.get(i + 1);
      if (offset < end || length < 0 || offset > size - length) {
        throw new ArchiveException("a map of holes that is out of order");
      }
      extents.add(new Item.Extent(offset, length));
      end = offset + length;
    }
    return List.copyOf(extents);
  }

  private static ArchiveException tooManyHoles() {
    return new ArchiveException("a file with more than " + MOST_EXTENTS + " holes");
  }

  private byte[] extended(TarHeader header) throws IOException {
    long size = header.size();
    if (size > MOST_EXTENDED) {
      throw new ArchiveException(
          "an extended header of " + size + " bytes; doqu takes " + MOST_EXTENDED + " at most");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw cutOff();
    }
    skip(padding(size));
    return bytes;
  }

  private static String cString(byte[] bytes) {
    String text = ByteText.of(bytes);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  private TarHeader header() throws IOException {
    byte[] block = in.readNBytes(TarHeader.SIZE);
    if (block.length < TarHeader.SIZE) {
      throw begun ? cutOff() : new ArchiveException("not a tar archive");
    }
    return new TarHeader(block);
  }

  private void skipRest() throws IOException {
    skip(left + padding);
    left = 0;
    padding = 0;
  }

  private void skip(long count) throws IOException {
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw cutOff();
    }
  }

  private static int padding(long size) {
    return (int) (-size & (TarHeader.SIZE - 1));
  }

  private static ArchiveException cutOff() {
    return new ArchiveException("it ends in the middle: it is cut off");
  }
}
