package doqu.rootfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an ELF file says about the files it needs (elf(5)).
 *
 * @param interpreter PT_INTERP: the dynamic linker the kernel starts in the program's stead
 * @param needed DT_NEEDED, in order
 * @param rpath DT_RPATH split at colons, unexpanded; empty when there is a DT_RUNPATH, which
 *     replaces it
 * @param runpath DT_RUNPATH split at colons, unexpanded
 */
record Elf(
    Target target,
    @Nullable String interpreter,
    List<String> needed,
    List<String> rpath,
    List<String> runpath) {

  /**
   * What two files must have in common to be linked: EI_CLASS (1 is 32 bits, 2 is 64), EI_DATA (1
   * is little-endian) and e_machine.
   */
  record Target(int elfClass, int data, int machine) {}

  private static final int MAGIC = 0x7f454c46;
  private static final int HEADER = 64;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int DT_NULL = 0;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;
  private static final int DT_RPATH = 15;
  private static final int DT_RUNPATH = 29;

  // No real file comes near these; a hostile one must not make us read or search for long.
  private static final int MAX_PROGRAM_HEADERS = 1024;
  private static final int MAX_DYNAMIC = 64 << 10;
  private static final int MAX_STRING = 32 << 10;
  private static final int MAX_NAMES = 256;

  /**
   * Reads the headers.
   *
   * @throws ElfException if the file is not ELF, is cut off or points outside itself
   */
  static Elf read(FileChannel file) throws IOException {
    return new Reader(file).read();
  }

  private record Segment(int type, long offset, long address, long size) {}

  private static final class Reader {
    private final FileChannel file;
    private final long length;
    private final Target target;
    private final ByteBuffer header;

    Reader(FileChannel file) throws IOException {
      this.file = file;
      this.length = file.size();
      if (length < HEADER) {
        throw new ElfException("is neither an ELF file nor a script");
      }
      header = bytes(0, HEADER, ByteOrder.BIG_ENDIAN);
      if (header.getInt(0) != MAGIC) {
        throw new ElfException("is neither an ELF file nor a script");
      }
      int elfClass = header.get(4);
      int data = header.get(5);
      if (elfClass < 1 || elfClass > 2 || data < 1 || data > 2) {
        throw new ElfException("is damaged: it is an ELF file of an unknown class or byte order");
      }
      header.order(data == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      target = new Target(elfClass, data, Short.toUnsignedInt(header.getShort(18)));
    }

    Elf read() throws IOException {
      List<Segment> segments = segments();
      String interpreter = null;
      List<String> needed = new ArrayList<>();
      List<String> rpath = List.of();
      List<String> runpath = List.of();
      for (Segment segment : segments) {
        if (segment.type == PT_INTERP && interpreter == null) {
          interpreter = string(segment.offset);
        } else if (segment.type == PT_DYNAMIC) {
          ByteBuffer dynamic =
              bytes(segment.offset, size(segment.size, MAX_DYNAMIC, "dynamic section"));
          long strings = fileOffset(segments, dynamicValue(dynamic, DT_STRTAB));
          for (int at = 0; at + 2 * word() <= dynamic.limit(); at += 2 * word()) {
            long tag = word(dynamic, at);
            long value = word(dynamic, at + word());
            if (tag == DT_NULL) {
              break;
            } else if (tag == DT_NEEDED) {
              needed.add(string(strings + value));
            } else if (tag == DT_RPATH) {
              rpath = folders(string(strings + value));
            } else if (tag == DT_RUNPATH) {
              runpath = folders(string(strings + value));
            }
            size(needed.size(), MAX_NAMES, "list of libraries");
          }
        }
      }
      return new Elf(target, interpreter, needed, runpath.isEmpty() ? rpath : List.of(), runpath);
    }

    private List<Segment> segments() throws IOException {
      boolean wide = word() == 8;
      int entry = wide ? 56 : 32;
      int count = Short.toUnsignedInt(header.getShort(wide ? 56 : 44));
      long start = word(header, wide ? 32 : 28);
      ByteBuffer table =
          bytes(start, entry * size(count, MAX_PROGRAM_HEADERS, "program header table"));
      List<Segment> segments = new ArrayList<>();
      for (int at = 0; at < table.limit(); at += entry) {
        segments.add(
            new Segment(
                table.getInt(at),
                word(table, at + (wide ? 8 : 4)),
                word(table, at + (wide ? 16 : 8)),
                word(table, at + (wide ? 32 : 16))));
      }
      return segments;
    }

    /** The value of a tag, or 0: with no names to look up it does not matter. */
    private long dynamicValue(ByteBuffer dynamic, int tag) {
      for (int at = 0; at + 2 * word() <= dynamic.limit(); at += 2 * word()) {
        if (word(dynamic, at) == tag) {
          return word(dynamic, at + word());
        }
      }
      return 0;
    }

    /** DT_STRTAB is an address in memory; the segments say where it is in the file. */
    private static long fileOffset(List<Segment> segments, long address) {
      for (Segment segment : segments) {
        long into = address - segment.address;
        if (segment.type == PT_LOAD && into >= 0 && into < segment.size) {
          return segment.offset + into;
        }
      }
      return address;
    }

    private static List<String> folders(String path) throws ElfException {
      List<String> folders = List.of(path.split(":"));
      size(folders.size(), MAX_NAMES, "library search path");
      return folders;
    }

    private static int size(long value, int most, String what) throws ElfException {
      if (value < 0 || value > most) {
        throw new ElfException("is damaged: its " + what + " is too long");
      }
      return (int) value;
    }

    private int word() {
      return target.elfClass == 2 ? 8 : 4;
    }

    private long word(ByteBuffer buffer, int at) {
      return word() == 8 ? buffer.getLong(at) : Integer.toUnsignedLong(buffer.getInt(at));
    }

    /** A string that ends with a zero byte. */
    private String string(long offset) throws IOException {
      for (int most = 256; most <= MAX_STRING; most *= 4) {
        int size = (int) Math.min(most, Math.max(0, length - offset));
        ByteBuffer bytes = bytes(offset, size);
        for (int end = 0; end < size; end++) {
          if (bytes.get(end) == 0) {
            return StandardCharsets.UTF_8.decode(bytes.limit(end)).toString();
          }
        }
      }
      throw new ElfException("is damaged: a name in it does not end");
    }

    private ByteBuffer bytes(long offset, int size) throws IOException {
      return bytes(offset, size, header.order());
    }

    private ByteBuffer bytes(long offset, int size, ByteOrder order) throws IOException {
      if (offset < 0 || offset > length - size) {
        throw new ElfException("is damaged: it points beyond its own end");
      }
      ByteBuffer bytes = ByteBuffer.allocate(size).order(order);
      while (bytes.hasRemaining()) {
        if (file.read(bytes, offset + bytes.position()) < 0) {
          throw new ElfException("became shorter while it was read");
        }
      }
      return bytes.flip().order(order);
    }
  }
}
