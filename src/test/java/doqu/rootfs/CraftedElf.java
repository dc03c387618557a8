package doqu.rootfs;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A small 64-bit x86-64 or 32-bit i386 ELF file that says what it needs and cannot run. */
final class CraftedElf {
  private static final long ADDRESS = 0x400000;

  private final boolean wide;
  private final List<long[]> dynamic = new ArrayList<>();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private int interpreter;

  private CraftedElf(boolean wide) {
    this.wide = wide;
    strings.write(0);
  }

  static CraftedElf of64Bits() {
    return new CraftedElf(true);
  }

  static CraftedElf of32Bits() {
    return new CraftedElf(false);
  }

  CraftedElf interpreter(String path) {
    interpreter = string(path);
    return this;
  }

  CraftedElf needs(String... libraries) {
    for (String library : libraries) {
      dynamic.add(new long[] {1, string(library)});
    }
    return this;
  }

  CraftedElf rpath(String path) {
    dynamic.add(new long[] {15, string(path)});
    return this;
  }

  CraftedElf runpath(String path) {
    dynamic.add(new long[] {29, string(path)});
    return this;
  }

  byte[] bytes() {
    int header = wide ? 64 : 52;
    int entry = wide ? 56 : 32;
    int tables = header + 3 * entry;
    int dynamicSize = (dynamic.size() + 2) * 2 * (wide ? 8 : 4);
    int stringsAt = tables + dynamicSize;
    ByteBuffer elf = ByteBuffer.allocate(stringsAt + strings.size()).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1}).position(16);
    elf.putShort((short) 3).putShort((short) (wide ? 62 : 3)).putInt(1);
    word(elf, 0);
    word(elf, header);
    word(elf, 0);
    elf.putInt(0).putShort((short) header).putShort((short) entry).putShort((short) 3);
    elf.position(header);
    segment(elf, 1, 0, elf.capacity());
    segment(elf, 2, tables, dynamicSize);
    segment(elf, interpreter == 0 ? 0 : 3, stringsAt + interpreter, 1);
    for (long[] tag : dynamic) {
      word(elf, tag[0]);
      word(elf, tag[1]);
    }
    word(elf, 5);
    word(elf, ADDRESS + stringsAt);
    word(elf, 0);
    word(elf, 0);
    return elf.put(strings.toByteArray()).array();
  }

  private void segment(ByteBuffer elf, int type, int offset, int size) {
    elf.putInt(type);
    if (wide) {
      elf.putInt(4);
    }
    word(elf, offset);
    word(elf, ADDRESS + offset);
    word(elf, ADDRESS + offset);
    word(elf, size);
    word(elf, size);
    if (!wide) {
      elf.putInt(4);
    }
    word(elf, 1);
  }

  private void word(ByteBuffer elf, long value) {
    if (wide) {
      elf.putLong(value);
    } else {
      elf.putInt((int) value);
    }
  }

  private int string(String text) {
    int at = strings.size();
    strings.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    strings.write(0);
    return at;
  }
}
