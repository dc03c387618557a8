package doqu.testing;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import java.io.File;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** System calls as a test writes them down: a name, then numbers, texts, bytes and {@link Arg}s. */
public final class Syscall {
  /** What {@link #errno} says of a call that did not fail. */
  public static final String WORKED = "worked";

  private Syscall() {}

  /** The call of that name. */
  public static Call of(String name, Object... args) {
    return Call.of(name, Stream.of(args).map(Syscall::arg).toArray(Arg[]::new));
  }

  private static Arg arg(Object value) {
    if (value instanceof Arg arg) {
      return arg;
    }
    if (value instanceof Number number) {
      return Arg.hex(number.longValue());
    }
    return value instanceof byte[] bytes ? Arg.bytes(bytes) : Arg.text(value.toString());
  }

  /** What an actor's call returns. */
  public static Reply reply(Actor actor, String name, Object... args) {
    return actor.plumb(of(name, args));
  }

  /** What a call that has to work returns. */
  public static long value(Actor actor, String name, Object... args) {
    Reply reply = reply(actor, name, args);
    if (reply.failed()) {
      throw new AssertionError(of(name, args) + ": " + name(reply));
    }
    return reply.value();
  }

  /** The name of the errno a call fails with, {@link #WORKED} when it does not. */
  public static String errno(Actor actor, String name, Object... args) {
    return name(reply(actor, name, args));
  }

  private static String name(Reply reply) {
    return reply.failed() ? Errno.of(reply.errno()).map(Enum::name).orElse("?") : WORKED;
  }

  /** The numbers of the descriptors a process has open, by its PID as the test sees it. */
  public static IntStream descriptors(long pid) {
    return Stream.of(Objects.requireNonNull(new File("/proc/" + pid + "/fd").list()))
        .mapToInt(Integer::parseInt);
  }
}
