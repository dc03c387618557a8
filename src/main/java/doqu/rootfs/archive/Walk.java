package doqu.rootfs.archive;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.ByteText;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.stage.Enclosure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Goes through all files below the root of an enclosure: each directory before what is in it, names
 * in the order of their bytes.
 */
public final class Walk {
  private static final int CHUNK = 60 * 1024;

  /** A FIFO that nobody writes to is at its end instead of waiting for one. */
  private static final long READ = Flags.O_RDONLY | Flags.O_NONBLOCK;

  private final CallQueue calls;
  private final Tree tree;
  private final int free;

  /** Where to go. */
  public Walk(Enclosure enclosure) throws IOException {
    this.calls = new CallQueue(enclosure.actor());
    this.tree = new Tree(calls);
    this.free = calls.freeDescriptor();
  }

  /** Told of each file. */
  interface Visitor {
    /**
     * There is a file.
     *
     * @param name relative to the root, whose own is empty
     * @param walk to read more of it
     */
    void at(String name, FileStatus status, Walk walk) throws IOException;
  }

  private record Found(String name, FileStatus status) {}

  /** Goes. */
  void go(Visitor visitor) throws IOException {
    Deque<Found> ahead = new ArrayDeque<>(found(List.of("")));
    while (!ahead.isEmpty()) {
      Found here = ahead.pop();
      visitor.at(here.name, here.status, this);
      if (here.status.isDirectory()) {
        List<String> children = new ArrayList<>();
        tree.list(here.name).forEach(child -> children.add(Tree.join(here.name, child)));
        children.sort(Collections.reverseOrder());
        found(children).forEach(ahead::push);
      }
    }
  }

  private List<Found> found(List<String> names) throws IOException {
    List<FileStatus> statuses = FileStatus.of(names, calls);
    List<Found> found = new ArrayList<>(names.size());
    for (int i = 0; i < names.size(); i++) {
      found.add(new Found(names.get(i), statuses.get(i)));
    }
    return found;
  }

  /** What a symbolic link says. */
  String target(String link) throws IOException {
    return tree.target(link);
  }

  /** The content of a file; the other files have to wait until it is closed. */
  InputStream content(String file, FileStatus status) throws IOException {
    if (status.size() >= CHUNK) {
      return new Content(file);
    }
    // One of no more than a message is read in one go: it is opened as the lowest free descriptor.
    List<Call> all =
        List.of(FileCalls.open(file, READ), Calls.read(free, CHUNK), Calls.close(free));
    List<Reply> replies = calls.ask(all);
    for (int i = 0; i < all.size(); i++) {
      if (replies.get(i).failed()) {
        throw CallQueue.failed(file, all.get(i), replies.get(i).value());
      }
    }
    return new ByteArrayInputStream(replies.get(1).block(1), 0, (int) replies.get(1).value());
  }

  /**
   * Opens a file by its name, links followed; the others have to wait until it is closed.
   *
   * @throws NoSuchFileException when there is none
   */
  public InputStream open(String name) throws IOException {
    String path = String.join("/", Tree.names(name));
    if (calls.ask(FileCalls.access(path)).errno() == Errno.ENOENT.number()) {
      throw new NoSuchFileException(name);
    }
    return new Content(path);
  }

  /** A file that is read as it is wanted. */
  private final class Content extends InputStream {
    private final String file;
    private final int descriptor;
    private byte[] chunk = {};
    private int at;
    private boolean ended;

    Content(String file) throws IOException {
      this.file = file;
      this.descriptor = (int) calls.need(file, FileCalls.open(file, READ)).value();
    }

    @Override
    public int read() throws IOException {
      return fill() ? chunk[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!fill()) {
        return -1;
      }
      int count = Math.min(length, chunk.length - at);
      System.arraycopy(chunk, at, buffer, offset, count);
      at += count;
      return count;
    }

    private boolean fill() throws IOException {
      if (at == chunk.length && !ended) {
        Reply reply = calls.need(file, Calls.read(descriptor, CHUNK));
        chunk = Arrays.copyOf(reply.block(1), (int) reply.value());
        at = 0;
        ended = chunk.length == 0;
      }
      return !ended;
    }

    @Override
    public void close() throws IOException {
      calls.need(file, Calls.close(descriptor));
    }
  }

  /** Removes everything below the root. */
  public void removeAll() throws IOException {
    for (String name : tree.list("")) {
      tree.remove(name, FileStatus.of(name, calls).orElseThrow());
    }
    calls.flush();
  }

  /**
   * Has what was written reach the disk (syncfs(2)).
   *
   * @throws IOException when the disk has failed to take it
   */
  public void sync() throws IOException {
    int root = (int) calls.need("", FileCalls.open("", Flags.O_RDONLY)).value();
    Reply synced = calls.ask(Call.of("syncfs", Arg.number(root)));
    calls.need("", Calls.close(root));
    if (synced.failed() && synced.errno() != Errno.ENOSYS.number()) {
      throw new IOException("syncfs: " + Libc.error(synced.value()));
    }
  }

  /** A name as a line of text can hold it: blanks, backslashes and what is not ASCII in octal. */
  static String escaped(String name) {
    StringBuilder text = new StringBuilder();
    for (byte b : ByteText.bytes(name)) {
      if (b > ' ' && b < 0x7f && b != '\\') {
        text.append((char) b);
      } else {
        text.append(String.format("\\%03o", b & 0xff));
      }
    }
    return text.toString();
  }
}
