package doqu.rootfs;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.stage.Enclosure;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays a plan into a directory of the stage. An actor makes the files: whatever a name says, the
 * kernel keeps them within what that actor may write to.
 */
public final class Laying {
  private static final int CHUNK = 60000;

  private final Actor actor;

  /** Whether the machine's files lie for the actor where they lie for doqu. */
  private final boolean seesMachine;

  private Laying(Actor actor, boolean seesMachine) {
    this.actor = actor;
    this.seesMachine = seesMachine;
  }

  /**
   * Lays everything in the plan's order.
   *
   * @throws IOException when a file cannot be read here or not be made there, with its path
   */
  public static void lay(Plan plan, Actor actor, String directory) throws IOException {
    Entry root = new Entry.Directory("/", 0755);
    new Laying(actor, true)
        .layAll(Stream.concat(Stream.of(root), plan.entries().stream()).toList(), directory);
  }

  /** Lays everything into the root directory of who is enclosed there. */
  public static void lay(Plan plan, Enclosure enclosure) throws IOException {
    new Laying(enclosure.actor(), false).layAll(plan.entries(), "");
  }

  private void layAll(List<Entry> entries, String directory) throws IOException {
    try {
      for (Entry entry : entries) {
        lay(entry, directory + entry.path());
      }
    } catch (ActorGone e) {
      throw new IOException(e.getMessage());
    }
  }

  private void lay(Entry entry, String path) throws IOException {
    if (entry instanceof Entry.Directory directory) {
      ask(path, Calls.mkdir(path, directory.mode()));
    } else if (entry instanceof Entry.Symlink link) {
      ask(path, Calls.symlink(link.target(), path));
    } else if (entry instanceof Entry.RegularFile file) {
      long flags = Flags.O_WRONLY | Flags.O_CREAT | Flags.O_CLOEXEC;
      int descriptor = ask(path, Calls.open(path, flags, file.mode()));
      if (!seesMachine
          || !(file.source() instanceof Source.MachineFile machine)
          || !copied(machine, path, descriptor)) {
        pass(file.source(), path, descriptor);
      }
      ask(path, Calls.close(descriptor));
    }
  }

  private void pass(Source source, String path, int descriptor) throws IOException {
    try (InputStream in = source.open()) {
      for (byte[] chunk = in.readNBytes(CHUNK); chunk.length > 0; chunk = in.readNBytes(CHUNK)) {
        ask(path, Calls.write(descriptor, chunk));
      }
    }
  }

  /**
   * Has the actor itself copy a file, which takes a fraction of the time; false: it may not read
   * what doqu may, or does not see it, and nothing was copied.
   */
  private boolean copied(Source.MachineFile file, String path, int descriptor) throws IOException {
    Reply opened =
        actor.plumb(Calls.open(file.path().toString(), Flags.O_RDONLY | Flags.O_CLOEXEC, 0));
    if (opened.failed()) {
      return false;
    }
    long left = file.size();
    Reply sent;
    do {
      sent =
          actor.plumb(
              Call.of(
                  "sendfile",
                  Arg.number(descriptor),
                  Arg.number(opened.value()),
                  Arg.nothing(),
                  Arg.number(left)));
      left -= Math.max(0, sent.value());
    } while (left > 0 && sent.value() > 0);
    actor.plumb(Calls.close((int) opened.value()));
    if (left > 0 && left < file.size()) {
      throw new IOException(path + ": " + file.path() + " has changed while it was copied");
    }
    return left == 0;
  }

  private int ask(String path, Call call) throws IOException {
    Reply reply = actor.plumb(call);
    if (reply.failed()) {
      throw new IOException(path + ": " + call.name() + ": " + Libc.error(reply.value()));
    }
    return (int) reply.value();
  }
}
