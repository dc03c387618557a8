package doqu.rootfs;

import doqu.kernel.ElfHead;
import doqu.kernel.ElfHead.Segment;
import java.io.IOException;
import java.nio.ByteBuffer;
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

  private static final class Reader {
    private final FileChannel file;
    private final long length;
    private final ElfHead head;

    Reader(FileChannel file) throws IOException {
      this.file = file;
      this.length = file.size();
      if (length < ElfHead.SIZE) {
        throw new ElfException("is neither an ELF file nor a script");
      }
      head =
          ElfHead.of(bytes(0, ElfHead.SIZE).array())
              .orElseThrow(() -> new ElfException("is neither an ELF file nor a script"));
      if (!head.isKnown()) {
        throw new ElfException("is damaged: it is an ELF file of an unknown class or byte order");
      }
    }

    Elf read() throws IOException {
      List<Segment> segments = segments();
      String interpreter = null;
      List<String> needed = new ArrayList<>();
      List<String> rpath = List.of();
      List<String> runpath = List.of();
      for (Segment segment : segments) {
        if (segment.isInterpreter() && interpreter == null) {
          interpreter = string(segment.offset());
        } else if (segment.isDynamic()) {
          ByteBuffer dynamic =
              bytes(segment.offset(), size(segment.size(), MAX_DYNAMIC, "dynamic section"))
                  .order(head.order());
          long strings = fileOffset(segments, dynamicValue(dynamic, DT_STRTAB));
          for (int at = 0; at + 2 * head.word() <= dynamic.limit(); at += 2 * head.word()) {
            long tag = head.word(dynamic, at);
            long value = head.word(dynamic, at + head.word());
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
      Target target = new Target(head.elfClass(), head.data(), head.machine());
      return new Elf(target, interpreter, needed, runpath.isEmpty() ? rpath : List.of(), runpath);
    }

    private List<Segment> segments() throws IOException {
      int count = size(head.count(), MAX_PROGRAM_HEADERS, "program header table");
      return head.segments(bytes(head.table(), head.entry() * count).array());
    }

    /** The value of a tag, or 0: with no names to look up it does not matter. */
    private long dynamicValue(ByteBuffer dynamic, int tag) {
      for (int at = 0; at + 2 * head.word() <= dynamic.limit(); at += 2 * head.word()) {
        if (head.word(dynamic, at) == tag) {
          return head.word(dynamic, at + head.word());
        }
      }
      return 0;
    }

    /** DT_STRTAB is an address in memory; the segments say where it is in the file. */
    private static long fileOffset(List<Segment> segments, long address) {
      for (Segment segment : segments) {
        long into = address - segment.address();
        if (segment.isLoaded() && into >= 0 && into < segment.size()) {
          return segment.offset() + into;
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
      if (offset < 0 || offset > length - size) {
        throw new ElfException("is damaged: it points beyond its own end");
      }
      ByteBuffer bytes = ByteBuffer.allocate(size);
      while (bytes.hasRemaining()) {
        if (file.read(bytes, offset + bytes.position()) < 0) {
          throw new ElfException("became shorter while it was read");
        }
      }
      return bytes.flip();
    }
  }
}
