package doqu.rootfs.archive;

import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.ByteText;
import doqu.kernel.Flags;
import doqu.rootfs.Route;
import doqu.rootfs.Route.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemLoopException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The tree an enclosed actor makes, as far as doqu knows of it without asking: a name is looked up
 * only where something may lie in the way, which in an archive that nobody has tampered with is
 * almost nowhere.
 *
 * <p>What is known is known by paths on which there is no symbolic link. They are relative to the
 * root, whose own is empty.
 */
final class Tree {
  private static final int ENTRIES_ROOM = 32 * 1024;
  private static final int NAME = 19;

  private final CallQueue calls;

  /** What is a directory for certain; of what lies below one that is removed nothing stays. */
  private final LongSet directories = new LongSet();

  /** Whatever was made, be it there still or not. */
  private final LongSet made = new LongSet();

  /** What of that the present layer of an image has made. */
  private final LongSet young = new LongSet();

  Tree(CallQueue calls) {
    this.calls = calls;
  }

  /**
   * The names of a path.
   *
   * @throws ArchiveException when it leads up: nothing has to, and who does may mean harm
   */
  static List<String> names(String path) throws ArchiveException {
    List<String> names = Route.names(path);
    if (names.contains("..")) {
      throw new ArchiveException(Item.shown(path) + ": a name with .. in it is not taken");
    }
    if (path.indexOf('\0') >= 0) {
      throw new ArchiveException(Item.shown(path) + ": a name with a NUL byte in it");
    }
    return names;
  }

  static String join(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /** Where a name lies: the way to it followed, and what is missing of that made. */
  String place(List<String> names) throws IOException {
    List<String> above = names.subList(0, names.size() - 1);
    String folder = String.join("/", above);
    if (!isKnownDirectory(folder)) {
      folder = follow(above, true);
    }
    return join(folder, names.get(names.size() - 1));
  }

  /** Where a name lies that has to be there already; the name itself is not followed. */
  String find(List<String> names) throws IOException {
    List<String> above = names.subList(0, names.size() - 1);
    String folder = String.join("/", above);
    return join(
        isKnownDirectory(folder) ? folder : follow(above, false), names.get(names.size() - 1));
  }

  /** Follows a path as the kernel does for who is chrooted there. */
  private String follow(List<String> names, boolean making) throws IOException {
    String path = String.join("/", names);
    Route route;
    try {
      route = Route.follow(path, at -> node(at.substring(1), making));
    } catch (FileSystemLoopException e) {
      throw new ArchiveException(Item.shown(path) + ": a loop of symbolic links on the way");
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (!(route.end() instanceof Node.Directory)) {
      throw new ArchiveException(
          Item.shown(path)
              + (route.end() instanceof Node.Missing
                  ? ": there is no such directory"
                  : ": not a directory"));
    }
    return route.real().substring(1);
  }

  /** What lies at a path without links on it. */
  private Node node(String path, boolean making) {
    if (isKnownDirectory(path)) {
      return Node.DIRECTORY;
    }
    try {
      Optional<FileStatus> there = FileStatus.of(path, calls);
      if (there.isEmpty() && making) {
        makeDirectory(path, 0755);
        return Node.DIRECTORY;
      }
      if (there.isEmpty()) {
        return Node.MISSING;
      }
      if (there.get().isDirectory()) {
        directories.add(hash(path));
        return Node.DIRECTORY;
      }
      return there.get().isSymlink() ? new Node.Link(target(path)) : new Node.Special();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a symbolic link says. */
  String target(String link) throws IOException {
    Reply reply = calls.need(link, FileCalls.readlink(link));
    return ByteText.of(Arrays.copyOf(reply.block(2), (int) reply.value()));
  }

  private boolean isKnownDirectory(String path) {
    return path.isEmpty() || directories.contains(hash(path));
  }

  /** Makes a directory where nothing is. */
  void makeDirectory(String path, int mode) throws IOException {
    calls.add(path, FileCalls.mkdir(path, mode & 01777));
    directories.add(hash(path));
    made(path);
  }

  /** Remembers that something is made there, which is not a directory. */
  void made(String path) {
    made.add(hash(path));
    young.add(hash(path));
  }

  /** What was made up to now is old from now on. */
  void beginLayer() {
    young.clear();
  }

  /**
   * Where something lies that an older layer has made; the name itself is not followed. Empty:
   * there is no such thing, or this layer has made it anew.
   */
  Optional<String> findOlder(List<String> names) throws IOException {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    try {
      String path = find(names);
      return young.contains(hash(path)) ? Optional.empty() : Optional.of(path);
    } catch (ArchiveException e) {
      return Optional.empty(); // nor is there the directory
    }
  }

  /** What lies in a directory that older layers have made. */
  List<String> olderIn(List<String> names) throws IOException {
    String directory;
    try {
      directory = follow(names, false);
    } catch (ArchiveException e) {
      return List.of();
    }
    List<String> older = new ArrayList<>();
    for (String name : list(directory)) {
      String path = join(directory, name);
      if (!young.contains(hash(path))) {
        older.add(path);
      }
    }
    return older;
  }

  /** What lies there now; empty: nothing. */
  Optional<FileStatus> look(String path) throws IOException {
    return made.contains(hash(path)) ? FileStatus.of(path, calls) : Optional.empty();
  }

  /** Removes what lies there, a directory with everything in it. */
  void remove(String path, FileStatus status) throws IOException {
    if (!status.isDirectory()) {
      calls.add(path, FileCalls.remove(path, false));
      return;
    }
    directories.clear();
    Deque<String> open = new ArrayDeque<>(List.of(path));
    while (!open.isEmpty()) {
      String directory = open.peek();
      List<String> below = new ArrayList<>();
      for (String name : list(directory)) {
        String child = join(directory, name);
        if (FileStatus.of(child, calls).filter(FileStatus::isDirectory).isPresent()) {
          below.add(child);
        } else {
          calls.add(child, FileCalls.remove(child, false));
        }
      }
      if (below.isEmpty()) {
        calls.add(directory, FileCalls.remove(directory, true));
        open.pop();
      } else {
        below.forEach(open::push);
      }
    }
  }

  /** The names in a directory. */
  List<String> list(String directory) throws IOException {
    long flags = Flags.O_RDONLY | Flags.O_NONBLOCK;
    int descriptor = (int) calls.need(directory, FileCalls.open(directory, flags)).value();
    List<String> names = new ArrayList<>();
    while (true) {
      Reply reply = calls.need(directory, FileCalls.entries(descriptor, ENTRIES_ROOM));
      if (reply.value() == 0) {
        break;
      }
      // struct linux_dirent64: inode, offset, length of the record, type, name
      ByteBuffer records = ByteBuffer.wrap(reply.block(1)).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < reply.value(); at += records.getShort(at + 16)) {
        int end = at + NAME;
        while (records.get(end) != 0) {
          end++;
        }
        String name = ByteText.of(Arrays.copyOfRange(reply.block(1), at + NAME, end));
        if (!name.equals(".") && !name.equals("..")) {
          names.add(name);
        }
      }
    }
    calls.need(directory, Calls.close(descriptor));
    return names;
  }

  /** FNV-1a. Two paths of one hash cost a look, or a call that fails; nothing worse. */
  private static long hash(String path) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < path.length(); i++) {
      hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
    }
    return hash ^ hash >>> 29;
  }
}
