package doqu.step;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.kernel.Arch;
import doqu.kernel.Flags;
import doqu.kernel.Syscalls;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * {@code syscall NAME ARG...}: any system call there is.
 *
 * <p>An argument is a number (decimal, 0x, 0 octal), a flag expression ({@code CLONE_NEWUTS|0x20}),
 * NULL, {@code hex:BYTES}, {@code out:LENGTH} for room the kernel writes into, and a string
 * otherwise; a quoted word is a string always.
 */
final class RawSyscall {
  private static final int MOST_ROOM = 60000;
  private static final String USAGE = "syscall NAME [ARG...]";

  private RawSyscall() {}

  static Step of(List<Word> words) {
    if (words.isEmpty()) {
      throw new Mistake("something is missing: " + USAGE);
    }
    String name = words.get(0).text();
    Syscalls table = Syscalls.on(Arch.current());
    OptionalLong number = table.number(name);
    if (number.isEmpty()) {
      throw Mistake.unknown("system call", name, table.names());
    }
    List<Word> rest = words.subList(1, words.size());
    if (rest.size() > Call.MOST_ARGS) {
      throw new Mistake("'" + rest.get(Call.MOST_ARGS) + "' is too much: a call has six arguments");
    }
    List<Arg> args = new ArrayList<>();
    rest.forEach(word -> args.add(arg(word)));
    if (Set.of("clone3", "vfork").contains(name)) {
      throw new Mistake("'" + name + "' would share the actor's memory; use fork or clone");
    }
    if (name.equals("fork")) {
      return Processes.fork(List.of());
    }
    if (name.equals("clone")) {
      return Processes.cloned(args.isEmpty() ? 0 : args.get(0).value());
    }
    return Processes.raw(new Call(name, number.getAsLong(), args));
  }

  private static Arg arg(Word word) {
    String text = word.text();
    if (word.quoted()) {
      return Arg.text(text);
    }
    if (text.equals("NULL")) {
      return Arg.nothing();
    }
    if (text.startsWith("out:")) {
      int length = Args.number(text.substring(4), "a length");
      if (length < 1 || length > MOST_ROOM) {
        throw new Mistake("'" + text + "': room for 1 to " + MOST_ROOM + " bytes can be had");
      }
      return Arg.room(new byte[length], (result, block) -> "0x...");
    }
    if (text.startsWith("hex:")) {
      try {
        return Arg.bytes(HexFormat.of().parseHex(text.substring(4)));
      } catch (IllegalArgumentException e) {
        throw new Mistake("'" + text + "' is not pairs of hexadecimal digits");
      }
    }
    if (text.matches("-?(0x[0-9a-fA-F]{1,16}|\\d{1,19})")) {
      return Arg.hex(number(text));
    }
    if (text.matches("[A-Z_][A-Z0-9_]*(\\|([A-Z_][A-Z0-9_]*|0x[0-9a-fA-F]{1,16}|\\d{1,18}))*")) {
      long value = 0;
      for (String part : text.split("\\|")) {
        value |= Character.isDigit(part.charAt(0)) ? number(part) : constant(part);
      }
      return Arg.hex(value);
    }
    return Arg.text(text);
  }

  private static long constant(String name) {
    return Flags.constant(name)
        .orElseThrow(
            () ->
                Mistake.unknown(
                    "constant", name, Flags.ALL.stream().flatMap(t -> t.names()).toList()));
  }

  private static long number(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    try {
      long value =
          digits.startsWith("0x")
              ? Long.parseUnsignedLong(digits.substring(2), 16)
              : digits.startsWith("0") && digits.length() > 1
                  ? Long.parseLong(digits, 8)
                  : Long.parseLong(digits);
      return negative ? -value : value;
    } catch (NumberFormatException e) {
      throw new Mistake("'" + text + "' is not a number a register holds");
    }
  }
}
