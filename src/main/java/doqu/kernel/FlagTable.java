package doqu.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The names of the bits of one kind of flags, in the order in which strace(1) prints them.
 *
 * @param prefix what every name begins with, as {@code CLONE_}; strace names it when no bit is
 *     known
 * @param zero the name that is printed when none of the bits of {@code zeroMask} is set, empty when
 *     there is none: {@code O_RDONLY}
 * @param zeroMask the bits that name speaks of
 * @param flags the names in strace's order; one of several bits stands before those of its parts
 */
public record FlagTable(String prefix, String zero, long zeroMask, List<Flag> flags) {

  /** One name for one bit, or for several that belong together. */
  public record Flag(String name, long bits) {}

  static FlagTable of(String prefix, Object... namesAndBits) {
    List<Flag> flags = new ArrayList<>();
    for (int i = 0; i < namesAndBits.length; i += 2) {
      flags.add(new Flag((String) namesAndBits[i], ((Number) namesAndBits[i + 1]).longValue()));
    }
    return new FlagTable(prefix, "", 0, List.copyOf(flags));
  }

  FlagTable withZero(String name, long mask) {
    return new FlagTable(prefix, name, mask, flags);
  }

  /** As strace prints it: {@code CLONE_NEWNS|CLONE_NEWUTS|0x200}. */
  public String show(long value) {
    StringBuilder text = new StringBuilder();
    if ((value & zeroMask) == 0) {
      append(text, zero);
    }
    long rest = value;
    for (Flag flag : flags) {
      if ((rest & flag.bits) == flag.bits) {
        append(text, flag.name);
        rest &= ~flag.bits;
      }
    }
    if (value == 0 && text.isEmpty()) {
      return "0";
    }
    if (text.isEmpty()) {
      return "0x" + Long.toHexString(rest) + " /* " + prefix + "??? */";
    }
    if (rest != 0) {
      append(text, "0x" + Long.toHexString(rest));
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name) {
    text.append(text.isEmpty() || name.isEmpty() ? "" : "|").append(name);
  }

  /** The bits of one name, or nothing when the table does not have it. */
  public OptionalLong bits(String name) {
    if (name.equals(zero)) {
      return OptionalLong.of(0);
    }
    return flags.stream().filter(f -> f.name.equals(name)).mapToLong(Flag::bits).findFirst();
  }

  /** Every name the table has. */
  public Stream<String> names() {
    return Stream.concat(Stream.of(zero).filter(n -> !n.isEmpty()), flags.stream().map(Flag::name));
  }
}
