package doqu.look;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.step.Args;
import doqu.step.Mistake;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Files and directories as the actor itself sees them: it opens and reads them. */
public final class Files {
  private static final int CHUNK = 32768;
  private static final int MOST = 1 << 20;
  private static final int MOST_NAMES = 100_000;

  private Files() {}

  static List<String> cat(Looks.Seen seen, Args args) {
    return read(seen.actor(), args.operand(0));
  }

  static List<String> proc(Looks.Seen seen, Args args) {
    String file = args.operand(0);
    return read(seen.actor(), file.startsWith("/") ? file : "/proc/self/" + file);
  }

  private static List<String> read(Actor actor, String path) {
    long flags = Flags.O_RDONLY | Flags.O_CLOEXEC | Flags.O_NONBLOCK;
    int descriptor = open(actor, path, flags);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    Reply reply;
    do {
      reply = actor.plumb(Calls.read(descriptor, CHUNK));
      if (reply.value() > 0) {
        content.write(reply.block(1), 0, (int) Math.min(reply.value(), CHUNK));
      }
    } while (reply.value() > 0 && content.size() < MOST);
    actor.plumb(Calls.close(descriptor));
    if (reply.failed()) {
      throw new Mistake(path + ": " + Libc.error(reply.value()));
    }
    String text = content.toString(StandardCharsets.UTF_8).replace('\0', ' ');
    return text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }

  private static int open(Actor actor, String path, long flags) {
    Reply opened = actor.plumb(Calls.open(path, flags, 0));
    if (opened.failed()) {
      throw new Mistake(path + ": " + Libc.error(opened.value()));
    }
    return (int) opened.value();
  }

  /** Whether an actor can open what is at a path, as no more than a path. */
  public static boolean exists(Actor actor, String path) {
    Reply opened = actor.plumb(Calls.open(path, Flags.O_PATH | Flags.O_CLOEXEC, 0));
    if (!opened.failed()) {
      actor.plumb(Calls.close((int) opened.value()));
    }
    return !opened.failed();
  }

  /** The names in a directory, sorted, those that begin with a dot left out. */
  static List<String> ls(Looks.Seen seen, Args args) {
    return names(seen.actor(), args.operands().isEmpty() ? "." : args.operand(0)).stream()
        .filter(name -> !name.startsWith("."))
        .toList();
  }

  /**
   * All names in a directory, sorted, those of directories with a slash.
   *
   * @throws Mistake when the actor cannot open it
   */
  public static List<String> names(Actor actor, String path) {
    int descriptor = open(actor, path, Flags.O_RDONLY | Flags.O_CLOEXEC | Flags.O_DIRECTORY);
    List<String> names = new ArrayList<>();
    Reply reply;
    do {
      reply =
          actor.plumb(
              Call.of("getdents64", Arg.number(descriptor), Arg.buffer(CHUNK), Arg.number(CHUNK)));
      ByteBuffer entries = ByteBuffer.wrap(reply.block(1)).order(ByteOrder.LITTLE_ENDIAN);
      // struct linux_dirent64: inode, offset, length of the record, type, name.
      for (int at = 0; at + 19 < reply.value() && at + 19 < CHUNK; ) {
        int length = entries.getShort(at + 16) & 0xffff;
        String name = Calls.cString(reply.block(1), at + 19);
        if (!name.equals(".") && !name.equals("..")) {
          names.add(name + (entries.get(at + 18) == 4 ? "/" : ""));
        }
        at += Math.max(length, 24);
      }
    } while (reply.value() > 0 && names.size() < MOST_NAMES);
    actor.plumb(Calls.close(descriptor));
    Collections.sort(names);
    return names;
  }
}
