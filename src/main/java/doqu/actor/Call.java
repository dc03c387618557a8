package doqu.actor;

import doqu.kernel.Arch;
import doqu.kernel.ByteText;
import doqu.kernel.Syscalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A system call to be made.
 *
 * @param name the kernel's name for it
 * @param number its number on the actor's architecture
 * @param args its arguments, at most six
 */
public record Call(String name, long number, List<Arg> args) {
  /** The most arguments the kernel takes. */
  public static final int MOST_ARGS = 6;

  public Call {
    if (args.size() > MOST_ARGS) {
      throw new IllegalArgumentException(name + ": a system call has at most six arguments");
    }
    args = List.copyOf(args);
  }

  /**
   * The call of that name on this machine's architecture.
   *
   * @throws IllegalArgumentException when the architecture has no such call
   */
  public static Call of(String name, Arg... args) {
    return on(Arch.current(), name, args);
  }

  /** The call of that name on an architecture. */
  public static Call on(Arch arch, String name, Arg... args) {
    long number =
        Syscalls.on(arch)
            .number(name)
            .orElseThrow(
                () -> new IllegalArgumentException(arch.machine() + " has no call " + name));
    return new Call(name, number, List.of(args));
  }

  /** A number among the arguments; 0 when it has not so many. */
  public long number(int argument) {
    return argument < args.size() ? args.get(argument).value() : 0;
  }

  /** A string among the arguments; empty: there the process points to none. */
  public Optional<String> text(int argument) {
    return argument < args.size() && args.get(argument).isBlock()
        ? Optional.of(ByteText.of(Calls.cBytes(args.get(argument).block(), 0)))
        : Optional.empty();
  }

  /** The same call with another argument in the place of one. */
  public Call with(int argument, Arg other) {
    List<Arg> others = new ArrayList<>(args);
    others.set(argument, other);
    return new Call(name, number, others);
  }

  /** Whether the process is another program once it has worked. */
  public boolean executes() {
    return name.equals("execve") || name.equals("execveat");
  }

  /** The arguments as strace prints them once the call has returned. */
  public List<String> shownArgs(Reply reply) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      texts.add(args.get(i).shown().text(reply.value(), reply.block(i)));
    }
    return texts;
  }

  /** The arguments of a call that has not returned. */
  public List<String> shownArgs() {
    return args.stream().map(arg -> arg.shown().text(-1, arg.block())).toList();
  }

  /** The call alone, as it was made: {@code wait4(-1, 0x..., 0, NULL)}. */
  @Override
  public String toString() {
    return name + "(" + String.join(", ", shownArgs()) + ")";
  }
}
