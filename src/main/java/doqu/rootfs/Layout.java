package doqu.rootfs;

import doqu.rootfs.Route.Node;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A root file system as far as it is planned. What comes first to a path stays. */
final class Layout {

  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /** In the order in which to lay them. */
  List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** Where a path leads in what is planned; what is missing on the way will be directories. */
  String resolve(String path) throws IOException {
    return Route.follow(path, at -> entries.containsKey(at) ? look(at) : Node.DIRECTORY).real();
  }

  /** Whether a path leads to a file already. */
  boolean provides(String path) throws IOException {
    return Route.follow(path, this::look).end() instanceof Node.File;
  }

  /**
   * Plans an entry and the directories above it. The symbolic links planned before are followed, so
   * that {@code /bin/x} is laid as {@code /usr/bin/x} where {@code /bin} is a link.
   *
   * @throws IOException if there is a directory at its path, or something else where a directory is
   *     wanted
   */
  void put(Entry entry) throws IOException {
    String folder = resolve(Route.directoryOf(entry.path()));
    makeDirectories(folder);
    String path = Route.join(folder, Route.nameOf(entry.path()));
    if (entry instanceof Entry.Directory directory) {
      putDirectory(new Entry.Directory(path, directory.mode()));
    } else if (entries.get(path) instanceof Entry.Directory) {
      throw new IOException("in the root file system " + path + " is a directory");
    } else if (entry instanceof Entry.RegularFile file) {
      entries.putIfAbsent(path, new Entry.RegularFile(path, file.mode(), file.source()));
    } else if (entry instanceof Entry.Symlink link) {
      entries.putIfAbsent(path, new Entry.Symlink(path, link.target()));
    }
  }

  /** Plans a directory, and those above it, unless it is there. */
  void makeDirectories(String path) throws IOException {
    String at = "";
    for (String name : Route.names(path)) {
      at += "/" + name;
      if (!(entries.get(at) instanceof Entry.Directory)) {
        putDirectory(new Entry.Directory(at, 0755));
      }
    }
  }

  private void putDirectory(Entry.Directory directory) throws IOException {
    Entry there = entries.put(directory.path(), directory);
    if (there != null && !(there instanceof Entry.Directory)) {
      entries.put(directory.path(), there);
      throw new IOException("in the root file system " + there.path() + " is no directory");
    }
  }

  private Node look(String path) {
    Entry entry = entries.get(path);
    if (entry instanceof Entry.Symlink link) {
      return new Node.Link(link.target());
    }
    if (entry instanceof Entry.RegularFile file) {
      return new Node.File(file.source().size(), (file.mode() & 0111) != 0);
    }
    return entry == null ? Node.MISSING : Node.DIRECTORY;
  }
}
