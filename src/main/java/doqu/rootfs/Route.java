package doqu.rootfs;

import java.nio.file.FileSystemLoopException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * The way from a path to what it names, as the kernel goes it (path_resolution(7)).
 *
 * @param links the symbolic links met, each at a path without any
 * @param real the path without symbolic links
 * @param end what lies there
 */
public record Route(List<Entry.Symlink> links, String real, Node end) {

  /** MAXSYMLINKS of the kernel: one more is ELOOP. */
  private static final int MAX_LINKS = 40;

  /** What one name of a path can be. */
  public sealed interface Node {
    Node DIRECTORY = new Directory();
    Node MISSING = new Missing();

    record Directory() implements Node {}

    /** Nothing, or nothing that may be looked at. */
    record Missing() implements Node {}

    /** A device, a FIFO or a socket. Opening one may block or do harm. */
    record Special() implements Node {}

    record Link(String target) implements Node {}

    /**
     * @param executable for anyone at all
     */
    record File(long size, boolean executable) implements Node {}
  }

  /**
   * Goes the way of a path.
   *
   * @param lookup what lies at a path that has no symbolic link before its last name
   * @throws FileSystemLoopException for more than 40 links
   */
  public static Route follow(String path, Function<String, Node> lookup)
      throws FileSystemLoopException {
    Deque<String> ahead = new ArrayDeque<>(names(path));
    List<Entry.Symlink> links = new ArrayList<>();
    String at = "";
    Node node = Node.DIRECTORY;
    while (!ahead.isEmpty()) {
      if (!(node instanceof Node.Directory)) {
        return new Route(links, at + "/" + String.join("/", ahead), Node.MISSING);
      }
      String name = ahead.pop();
      if (name.equals("..")) {
        at = at.isEmpty() ? at : at.substring(0, at.lastIndexOf('/'));
        continue;
      }
      String next = at + "/" + name;
      node = lookup.apply(next);
      if (node instanceof Node.Link link) {
        if (links.size() == MAX_LINKS) {
          throw new FileSystemLoopException(path);
        }
        links.add(new Entry.Symlink(next, link.target()));
        if (link.target().startsWith("/")) {
          at = "";
        }
        List<String> names = names(link.target());
        for (int i = names.size() - 1; i >= 0; i--) {
          ahead.push(names.get(i));
        }
        node = Node.DIRECTORY;
      } else {
        at = next;
      }
    }
    return new Route(links, at.isEmpty() ? "/" : at, node);
  }

  /** The names a path is made of. */
  public static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    for (String name : path.split("/")) {
      if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return names;
  }

  /** The directory a path is in, {@code ""} for the root, and the last name of the path. */
  static String directoryOf(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  /** The path of a name in a directory, which may be the root. */
  static String join(String directory, String name) {
    return (directory.endsWith("/") ? directory : directory + "/") + name;
  }

  static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
