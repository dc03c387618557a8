package doqu.step;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Reply;
import doqu.kernel.Arch;
import doqu.kernel.Flags;
import doqu.kernel.Syscalls;
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
record RawSyscall(Call call) implements Step {
  private static final int MOST_ROOM = 60000;
  private static final String NUMBER = "0x[0-9a-fA-F]{1,16}|\\d{1,20}";
  private static final String NAME = "[A-Z_][A-Z0-9_]*";

  /** These would go on in the memory of the actor that called, two in one. */
  private static final Set<String> SHARE_MEMORY = Set.of("clone3", "vfork");

  static Step parse(Args words) {
    String name = words.operand(0);
    Syscalls table = Syscalls.on(Arch.current());
    OptionalLong number = table.number(name);
    if (number.isEmpty()) {
      throw Mistake.unknown("system call", name, table.names());
    }
    List<Word> rest = words.words().subList(1, words.words().size());
    if (rest.size() > Call.MOST_ARGS) {
      throw new Mistake("'" + rest.get(Call.MOST_ARGS) + "' is too much: a call has six arguments");
    }
    if (SHARE_MEMORY.contains(name)) {
      throw new Mistake("'" + name + "' would share the actor's memory; use fork or clone");
    }
    List<Arg> args = rest.stream().map(RawSyscall::arg).toList();
    return switch (name) {
      case "fork" -> Fork.plain();
      case "clone" -> clone(rest, args);
      default -> new RawSyscall(new Call(name, number.getAsLong(), args));
    };
  }

  /** The child goes on with its parent's stack: there is nothing to be said but the flags. */
  private static Fork clone(List<Word> words, List<Arg> args) {
    if (args.size() > 1 && args.stream().skip(1).anyMatch(arg -> arg.value() != 0)) {
      throw new Mistake(
          "'" + words.get(1) + "' is too much: clone takes its flags here, and zeros");
    }
    long flags = args.isEmpty() ? 0 : args.get(0).value();
    long shared = flags & (Flags.CLONE_VM | Flags.CLONE_VFORK | Flags.CLONE_FILES);
    if (shared != 0) {
      throw new Mistake(
          "'"
              + Flags.CLONE.show(shared)
              + "': an actor cannot share memory or descriptors with its child");
    }
    return Fork.cloned(flags);
  }

  private static Arg arg(Word word) {
    String text = word.text();
    if (word.quoted()) {
      return Arg.text(text);
    }
    if (text.equals("NULL")) {
      return Arg.nothing();
    }
    if (text.equals("AT_FDCWD")) {
      return Arg.named(Flags.AT_FDCWD, text);
    }
    if (text.startsWith("out:")) {
      return room(text);
    }
    if (text.startsWith("hex:")) {
      return bytes(text);
    }
    if (text.matches("-?(" + NUMBER + ")")) {
      return Arg.hex(number(text));
    }
    if (text.matches(NAME + "(\\|(" + NAME + "|" + NUMBER + "))*")) {
      long value = 0;
      for (String part : text.split("\\|", -1)) {
        value |= Character.isDigit(part.charAt(0)) ? number(part) : constant(part);
      }
      return Arg.hex(value);
    }
    return Arg.text(text);
  }

  private static Arg room(String text) {
    int length = Args.number(text.substring("out:".length()), "a length");
    if (length < 1 || length > MOST_ROOM) {
      throw new Mistake("'" + text + "': room for 1 to " + MOST_ROOM + " bytes can be had");
    }
    return Arg.room(new byte[length], (result, block) -> "0x...");
  }

  private static Arg bytes(String text) {
    try {
      return Arg.bytes(HexFormat.of().parseHex(text.substring("hex:".length())));
    } catch (IllegalArgumentException e) {
      throw new Mistake("'" + text + "' is not pairs of hexadecimal digits");
    }
  }

  private static long constant(String name) {
    return Flags.constant(name)
        .orElseThrow(() -> Mistake.unknown("constant", name, Flags.names().toList()));
  }

  private static long number(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    try {
      long value =
          digits.startsWith("0x")
              ? Long.parseUnsignedLong(digits.substring(2), 16)
              : digits.startsWith("0") && digits.length() > 1
                  ? Long.parseUnsignedLong(digits, 8)
                  : Long.parseUnsignedLong(digits);
      return negative ? -value : value;
    } catch (NumberFormatException e) {
      throw new Mistake("'" + text + "' is not a number a register holds");
    }
  }

  @Override
  public void run(Run run) {
    Reply reply = run.call(call);
    for (int i = 0; i < call.args().size(); i++) {
      if (call.args().get(i).comesBack()) {
        run.note("argument " + (i + 1) + ": " + Arg.quoted(reply.block(i)));
      }
    }
  }

  @Override
  public boolean becomesProgram() {
    return call.executes();
  }

  @Override
  public boolean endsActor() {
    return call.name().equals("exit_group") || call.name().equals("exit");
  }
}
