package doqu.rootfs.archive;

import doqu.kernel.ByteText;
import java.util.Arrays;

/**
 * One header of 512 bytes: tar(5) as POSIX.1-1988 has it, with what GNU tar adds to it.
 *
 * @param bytes all 512
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TarHeader(byte[] bytes) {
  static final int SIZE = 512;

  private static final int CHECKSUM = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int MAGIC = 257;

  /** Whether it is the mark of an archive's end: nothing but zeros. */
  boolean isZero() {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether the checksum is that of the bytes; old programs took bytes for signed. */
  boolean hasItsChecksum() {
    long told;
    try {
      told = number(CHECKSUM, CHECKSUM_LENGTH);
    } catch (ArchiveException e) {
      return false;
    }
    long unsigned = 0;
    long signed = 0;
    for (int i = 0; i < SIZE; i++) {
      boolean inChecksum = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH;
      byte b = inChecksum ? (byte) ' ' : bytes[i];
      unsigned += b & 0xff;
      signed += b;
    }
    return told == unsigned || told == signed;
  }

  char type() {
    return (char) (bytes[156] & 0xff);
  }

  /** The name; POSIX has the part before the last 100 bytes in a field of its own. */
  String name() {
    String prefix = isPosix() ? text(345, 155) : "";
    return prefix.isEmpty() ? text(0, 100) : prefix + "/" + text(0, 100);
  }

  String linkName() {
    return text(157, 100);
  }

  int mode() throws ArchiveException {
    return (int) number(100, 8) & 07777;
  }

  Item.Owner owner() throws ArchiveException {
    return new Item.Owner(number(108, 8), number(116, 8));
  }

  long size() throws ArchiveException {
    long size = number(124, 12);
    if (size < 0) {
      throw new ArchiveException("an entry of " + size + " bytes");
    }
    return size;
  }

  long seconds() throws ArchiveException {
    return number(136, 12);
  }

  int major() throws ArchiveException {
    return hasDevices() ? (int) number(329, 8) : 0;
  }

  int minor() throws ArchiveException {
    return hasDevices() ? (int) number(337, 8) : 0;
  }

  private boolean hasDevices() {
    return text(MAGIC, 5).equals("ustar");
  }

  /** "ustar" and NUL; GNU tar's own format has a blank there, and other things in the prefix. */
  private boolean isPosix() {
    return hasDevices() && bytes[MAGIC + 5] == 0;
  }

  /** A field up to its NUL byte, if it has one. */
  private String text(int at, int length) {
    int end = at;
    while (end < at + length && bytes[end] != 0) {
      end++;
    }
    return ByteText.of(Arrays.copyOfRange(bytes, at, end));
  }

  /** Octal digits; or, with the first bit set, 64 bits or more with the sign as GNU tar has it. */
  long number(int at, int length) throws ArchiveException {
    if ((bytes[at] & 0x80) != 0) {
      return binary(at, length);
    }
    String digits = text(at, length).strip();
    if (digits.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseUnsignedLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new ArchiveException("a header with \"" + digits + "\" for a number");
    }
  }

  private long binary(int at, int length) throws ArchiveException {
    boolean negative = (bytes[at] & 0x40) != 0;
    long value = negative ? -1 : 0;
    for (int i = 0; i < length; i++) {
      int b = i == 0 && !negative ? bytes[at] & 0x7f : bytes[at + i] & 0xff;
      if (value >> 55 != (negative ? -1 : 0)) {
        throw new ArchiveException("a header with a number of more than 64 bits");
      }
      value = value << 8 | b;
    }
    return value;
  }
}
