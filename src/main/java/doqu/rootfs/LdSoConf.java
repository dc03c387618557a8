package doqu.rootfs;

import doqu.rootfs.Route.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The folders that {@code /etc/ld.so.conf} adds to where libraries are looked for (ldconfig(8)).
 * ld.so itself reads the cache made of them; the folders are the same and can be read as text.
 */
final class LdSoConf {

  private static final int MAX_SIZE = 64 << 10;

  private final MachineTree tree;
  private final Set<String> folders = new LinkedHashSet<>();
  private final Set<String> read = new HashSet<>();

  private LdSoConf(MachineTree tree) {
    this.tree = tree;
  }

  /** The folders in order; none when there is no such file. */
  static List<String> folders(MachineTree tree) {
    LdSoConf conf = new LdSoConf(tree);
    conf.read("/etc/ld.so.conf");
    return List.copyOf(conf.folders);
  }

  /**
   * The folders of a file that lists them between colons or line ends, as musl's path file does.
   */
  static List<String> pathFile(MachineTree tree, String path) {
    return List.of(text(tree, path).trim().split("[:\n]+"));
  }

  private void read(String file) {
    if (!read.add(file)) {
      return;
    }
    for (String line : text(tree, file).split("\n")) {
      String[] words = line.replaceFirst("#.*", "").trim().split("\\s+");
      if (words[0].equals("include")) {
        for (int i = 1; i < words.length; i++) {
          String pattern =
              words[i].startsWith("/") ? words[i] : Route.directoryOf(file) + "/" + words[i];
          matches("", Route.names(pattern)).forEach(this::read);
        }
      } else if (words[0].startsWith("/")) {
        // libc5 wrote FOLDER=TYPE; ldconfig still takes it
        folders.add(words[0].replaceFirst("=.*", ""));
      }
    }
  }

  /** The paths below a folder that match, name by name, sorted as glob(3) sorts them. */
  private List<String> matches(String folder, List<String> patterns) {
    if (patterns.isEmpty()) {
      return List.of(folder);
    }
    List<String> rest = patterns.subList(1, patterns.size());
    String pattern = patterns.get(0);
    if (pattern.chars().noneMatch(c -> "*?[".indexOf(c) >= 0)) {
      return matches(folder + "/" + pattern, rest);
    }
    List<String> matches = new ArrayList<>();
    for (String name : tree.list(folder + "/", pattern)) {
      matches.addAll(matches(folder + "/" + name, rest));
    }
    return matches;
  }

  /** The text of a regular file, empty if it is none, may not be read or is far too long. */
  private static String text(MachineTree tree, String path) {
    try {
      Route route = tree.follow(path);
      if (!(route.end() instanceof Node.File file) || file.size() > MAX_SIZE) {
        return "";
      }
      try (FileChannel channel = FileChannel.open(tree.locate(route.real()))) {
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
      }
    } catch (IOException e) {
      return "";
    }
  }
}
