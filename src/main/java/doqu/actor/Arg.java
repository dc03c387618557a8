package doqu.actor;

import doqu.kernel.ByteText;
import doqu.kernel.FlagTable;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One argument of a system call: a number, or a block of memory that is sent along.
 *
 * @param value the number, when there is no block
 * @param block the memory the argument points to; empty: the argument is the number
 * @param pointers the offsets in the block of words that are themselves offsets in the block, and
 *     become addresses
 * @param comesBack whether the kernel writes into the block and the caller wants to see it
 * @param shown how strace prints it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copying it would cost every call
public record Arg(
    long value, byte[] block, List<Integer> pointers, boolean comesBack, Shown shown) {

  /** How an argument is printed once the reply is known. */
  @FunctionalInterface
  public interface Shown {
    /**
     * The text.
     *
     * @param result what the call returned
     * @param block the block as it came back, or as it was sent when it does not come back
     */
    String text(long result, byte[] block);
  }

  private static final byte[] NONE = {};
  private static final int PATH_MAX = 4096;

  private static Arg plain(long value, String text) {
    return new Arg(value, NONE, List.of(), false, (result, block) -> text);
  }

  /** A number in decimal: a PID, a descriptor, a length. */
  public static Arg number(long value) {
    return plain(value, Long.toString(value));
  }

  /** A number whose name says more than its digits. */
  public static Arg named(long value, String name) {
    return plain(value, name);
  }

  /** A number in hexadecimal: the arguments of a call doqu knows nothing of. */
  public static Arg hex(long value) {
    return plain(value, value == 0 ? "0" : "0x" + Long.toHexString(value));
  }

  /** A user or group id, which has no sign; -1 is the one that means none. */
  public static Arg id(int id) {
    return plain(id, id == -1 ? "-1" : Integer.toUnsignedString(id));
  }

  /** A file mode, in octal. */
  public static Arg mode(int mode) {
    String octal = Integer.toOctalString(mode);
    return plain(mode, "0".repeat(Math.max(1, 3 - octal.length())) + octal);
  }

  /** Flags, by name. */
  public static Arg flags(FlagTable table, long value) {
    return plain(value, table.show(value));
  }

  /** A null pointer. */
  public static Arg nothing() {
    return plain(0, "NULL");
  }

  /** A string, ended by a NUL byte, printed in quotes. */
  public static Arg text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Arg(0, terminated(bytes), List.of(), false, (result, block) -> quoted(bytes));
  }

  /** A path: a string of which strace prints no more than a path may have. */
  public static Arg path(String path) {
    byte[] bytes = ByteText.bytes(path);
    String shown =
        bytes.length < PATH_MAX
            ? quoted(bytes)
            : quoted(Arrays.copyOf(bytes, PATH_MAX - 1)) + "...";
    return new Arg(0, terminated(bytes), List.of(), false, (result, block) -> shown);
  }

  /** The same, printed as no more than an address unless it is a null pointer. */
  public Arg unread() {
    return isBlock() ? new Arg(value, block, pointers, comesBack, (result, back) -> "0x...") : this;
  }

  /** Bytes of a length the call is told by another argument. */
  public static Arg bytes(byte[] bytes) {
    // A block is never empty: the kernel is to get an address even for no bytes at all.
    byte[] block = bytes.length == 0 ? new byte[1] : bytes;
    return new Arg(0, block, List.of(), false, (result, sent) -> quoted(bytes));
  }

  /** A structure that is only read by the kernel. */
  public static Arg struct(byte[] bytes, String text) {
    return new Arg(0, bytes, List.of(), false, (result, block) -> text);
  }

  /** Room the kernel writes into, begun with these bytes. */
  public static Arg room(byte[] before, Shown shown) {
    return new Arg(0, before, List.of(), true, shown);
  }

  /** Room for so many bytes, printed like the buffer of read(2): as many as were returned. */
  public static Arg buffer(int length) {
    return room(
        new byte[Math.max(1, length)],
        (result, block) -> result < 0 ? "0x..." : quoted(first(block, result)));
  }

  /** A block with pointers into itself that comes back: struct msghdr. */
  public static Arg linked(byte[] block, List<Integer> pointers) {
    return new Arg(0, block, pointers, true, (result, back) -> "0x...");
  }

  /** The argument vector of execve(2). */
  public static Arg argv(List<String> strings) {
    String text =
        strings.stream()
            .map(s -> quoted(s.getBytes(StandardCharsets.UTF_8)))
            .collect(Collectors.joining(", ", "[", "]"));
    return vector(strings, text);
  }

  /** The environment of execve(2), which strace only counts. */
  public static Arg envp(List<String> strings) {
    int count = strings.size();
    return vector(strings, "0x... /* " + count + (count == 1 ? " var */" : " vars */"));
  }

  private static Arg vector(List<String> strings, String text) {
    int words = Long.BYTES * (strings.size() + 1);
    ByteBuffer table = ByteBuffer.allocate(words).order(ByteOrder.LITTLE_ENDIAN);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    List<Integer> pointers = new ArrayList<>();
    for (String string : strings) {
      pointers.add(table.position());
      table.putLong((long) words + data.size());
      data.writeBytes(terminated(string.getBytes(StandardCharsets.UTF_8)));
    }
    byte[] block = Arrays.copyOf(table.array(), words + data.size());
    System.arraycopy(data.toByteArray(), 0, block, words, data.size());
    return new Arg(0, block, pointers, false, (result, sent) -> text);
  }

  /** The strings it points to as argv and envp do; empty: doqu has not sent them. */
  public Optional<List<String>> strings() {
    boolean none = pointers.isEmpty() && value == 0 && Arrays.equals(block, new byte[block.length]);
    if (pointers.isEmpty() && !none) {
      return Optional.empty();
    }
    ByteBuffer table = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
    return Optional.of(
        pointers.stream().map(at -> Calls.cString(block, (int) table.getLong(at))).toList());
  }

  private static byte[] terminated(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static byte[] first(byte[] block, long count) {
    return Arrays.copyOf(block, (int) Math.min(count, block.length));
  }

  /** Bytes as strace quotes them: C escapes, octal for what is not ASCII. */
  public static String quoted(byte[] bytes) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < bytes.length; i++) {
      int b = bytes[i] & 0xff;
      switch (b) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\t' -> text.append("\\t");
        case '\r' -> text.append("\\r");
        case '\f' -> text.append("\\f");
        case 0x0b -> text.append("\\v");
        default -> {
          if (b >= ' ' && b < 0x7f) {
            text.append((char) b);
          } else {
            boolean digitFollows =
                i + 1 < bytes.length && bytes[i + 1] >= '0' && bytes[i + 1] <= '9';
            text.append(String.format(digitFollows ? "\\%03o" : "\\%o", b));
          }
        }
      }
    }
    return text.append('"').toString();
  }

  boolean isBlock() {
    return block.length > 0;
  }
}
