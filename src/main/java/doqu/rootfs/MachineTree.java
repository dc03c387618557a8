package doqu.rootfs;

import doqu.rootfs.Route.Node;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/** The machine's files, looked at without being opened. Each is looked at once. */
final class MachineTree {

  private static final Set<PosixFilePermission> EXECUTE =
      EnumSet.of(
          PosixFilePermission.OWNER_EXECUTE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final Path root;
  private final Map<String, Node> seen = new HashMap<>();
  private final Map<String, Route> followed = new HashMap<>();

  MachineTree(Path root) {
    this.root = root;
  }

  /** Where a path of the machine lies for this process. */
  Path locate(String path) {
    return root.resolve(path.substring(1));
  }

  /** What lies at a path that has no symbolic link before its last name. */
  Node look(String path) {
    return seen.computeIfAbsent(path, this::lookAfresh);
  }

  Route follow(String path) throws FileSystemLoopException {
    Route route = followed.get(path);
    if (route == null) {
      route = Route.follow(path, this::look);
      followed.put(path, route);
    }
    return route;
  }

  /** What to lay so that the same route leads to the same file. */
  List<Entry> entries(Route route, int mode) {
    List<Entry> entries = new ArrayList<>(route.links());
    if (route.end() instanceof Node.File file) {
      entries.add(
          new Entry.RegularFile(
              route.real(), mode, new Source.MachineFile(locate(route.real()), file.size())));
    }
    return entries;
  }

  /** The names in a directory that match, sorted; none if it may not be read or is no directory. */
  List<String> list(String directory, String glob) {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(locate(follow(directory).real()), glob)) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    } catch (IOException
        | DirectoryIteratorException
        | PatternSyntaxException
        | InvalidPathException e) {
      return List.of();
    }
    Collections.sort(names);
    return names;
  }

  private Node lookAfresh(String path) {
    try {
      Path file = locate(path);
      PosixFileAttributes attributes =
          Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isSymbolicLink()) {
        return new Node.Link(Files.readSymbolicLink(file).toString());
      }
      if (attributes.isDirectory()) {
        return Node.DIRECTORY;
      }
      return attributes.isRegularFile()
          ? new Node.File(
              attributes.size(), !Collections.disjoint(attributes.permissions(), EXECUTE))
          : new Node.Special();
    } catch (IOException | InvalidPathException e) {
      // the name may come from a hostile file: too long, or not to be written in the JVM's charset
      return Node.MISSING;
    }
  }
}
