package doqu.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header of an ELF file, which says what machine it is for and where its segments are told of
 * (elf(5)). Nothing it says is checked against the file.
 *
 * @param elfClass EI_CLASS: 1 is 32 bits, 2 is 64
 * @param data EI_DATA: 1 is little-endian, 2 big-endian
 * @param machine e_machine
 * @param table e_phoff: where in the file the table of segments begins
 * @param count e_phnum: how many entries it has
 */
public record ElfHead(int elfClass, int data, int machine, long table, int count) {
  /** How many bytes it takes at most. */
  public static final int SIZE = 64;

  private static final int MAGIC = 0x7f454c46;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;

  /**
   * An entry of the table: a part of the file, and where it goes in memory.
   *
   * @param size how many bytes of the file
   */
  public record Segment(int type, long offset, long address, long size) {
    /** Whether it is code or data of the program. */
    public boolean isLoaded() {
      return type == PT_LOAD;
    }

    /** Whether it says which libraries are needed. */
    public boolean isDynamic() {
      return type == PT_DYNAMIC;
    }

    /** Whether it holds the path of what the kernel starts in the program's stead. */
    public boolean isInterpreter() {
      return type == PT_INTERP;
    }
  }

  /** Reads it from the first bytes of a file; empty: that is none. */
  public static Optional<ElfHead> of(byte[] start) {
    ByteBuffer bytes = ByteBuffer.wrap(start);
    if (start.length < SIZE || bytes.getInt(0) != MAGIC) {
      return Optional.empty();
    }
    int elfClass = bytes.get(4);
    int data = bytes.get(5);
    bytes.order(order(data));
    boolean wide = elfClass == 2;
    return Optional.of(
        new ElfHead(
            elfClass,
            data,
            Short.toUnsignedInt(bytes.getShort(18)),
            wide ? bytes.getLong(32) : Integer.toUnsignedLong(bytes.getInt(28)),
            Short.toUnsignedInt(bytes.getShort(wide ? 56 : 44))));
  }

  private static ByteOrder order(int data) {
    return data == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  /** Whether there is such a class and such a byte order. */
  public boolean isKnown() {
    return elfClass >= 1 && elfClass <= 2 && data >= 1 && data <= 2;
  }

  /** The byte order of all numbers in the file. */
  public ByteOrder order() {
    return order(data);
  }

  /** The bytes of an address, and of most other numbers in the file. */
  public int word() {
    return elfClass == 2 ? Long.BYTES : Integer.BYTES;
  }

  /** One of those. */
  public long word(ByteBuffer bytes, int at) {
    return word() == Long.BYTES ? bytes.getLong(at) : Integer.toUnsignedLong(bytes.getInt(at));
  }

  /** The bytes of an entry of the table. */
  public int entry() {
    return word() == Long.BYTES ? 56 : 32;
  }

  /** The entries of the table. */
  public List<Segment> segments(byte[] entries) {
    ByteBuffer bytes = ByteBuffer.wrap(entries).order(order());
    boolean wide = word() == Long.BYTES;
    List<Segment> segments = new ArrayList<>();
    for (int at = 0; at + entry() <= entries.length; at += entry()) {
      segments.add(
          new Segment(
              bytes.getInt(at),
              word(bytes, at + (wide ? 8 : 4)),
              word(bytes, at + (wide ? 16 : 8)),
              word(bytes, at + (wide ? 32 : 16))));
    }
    return segments;
  }
}
