package doqu.rootfs.archive;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls an enclosed actor makes one after another. Those that are queued are sent many at a time:
 * waiting for each would take most of the time.
 */
final class CallQueue {
  /** Longer queues are no faster. */
  private static final int MOST_CALLS = 256;

  private static final int MOST_BYTES = 1 << 20;

  private final Actor actor;
  private final List<Queued> queue = new ArrayList<>();
  private int bytes;

  /**
   * A call and what it is for.
   *
   * @param result what it has to return; anything that is no error for {@code ANY}
   */
  private record Queued(String name, Call call, long result) {
    static final long ANY = -1;
  }

  CallQueue(Actor actor) {
    this.actor = actor;
  }

  /**
   * Queues a call that has to work.
   *
   * @param name of the file it is for
   * @throws IOException when one that was queued before has failed
   */
  void add(String name, Call call) throws IOException {
    add(name, call, Queued.ANY);
  }

  /** Queues a call that has to return just that. */
  void add(String name, Call call, long result) throws IOException {
    queue.add(new Queued(name, call, result));
    bytes += call.args().stream().mapToInt(arg -> arg.block().length).sum();
    if (queue.size() >= MOST_CALLS || bytes >= MOST_BYTES) {
      flush();
    }
  }

  /** Has all that is queued made. */
  void flush() throws IOException {
    List<Queued> due = List.copyOf(queue);
    queue.clear();
    bytes = 0;
    List<Reply> replies;
    try {
      replies = actor.plumb(due.stream().map(Queued::call).toList());
    } catch (ActorGone e) {
      throw new IOException(e.getMessage(), e);
    }
    for (int i = 0; i < due.size(); i++) {
      Queued queued = due.get(i);
      long value = replies.get(i).value();
      if (value < 0) {
        throw failed(queued.name(), queued.call(), value);
      }
      if (queued.result() != Queued.ANY && queued.result() != value) {
        // write(2) takes less only when there is no more room
        throw new IOException(Item.shown(queued.name()) + ": there is no room for all of it");
      }
    }
  }

  /** The lowest descriptor that is free in the actor: what openat(2) returns (open(2)). */
  int freeDescriptor() throws IOException {
    int free = (int) need("", FileCalls.open("", Flags.O_PATH)).value();
    need("", Calls.close(free));
    return free;
  }

  /** Makes a call at once, after what is queued; an errno is negated in its value. */
  Reply ask(Call call) throws IOException {
    flush();
    try {
      return actor.plumb(call);
    } catch (ActorGone e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Makes calls at once, after what is queued, without waiting for each; what came of them. */
  List<Reply> ask(List<Call> calls) throws IOException {
    flush();
    try {
      return actor.plumb(calls);
    } catch (ActorGone e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Makes a call at once that has to work. */
  Reply need(String name, Call call) throws IOException {
    Reply reply = ask(call);
    if (reply.failed()) {
      throw failed(name, call, reply.value());
    }
    return reply;
  }

  static IOException failed(String name, Call call, long value) {
    return new IOException(Item.shown(name) + ": " + call.name() + ": " + Libc.error(value));
  }
}
