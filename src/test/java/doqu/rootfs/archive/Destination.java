package doqu.rootfs.archive;

import doqu.stage.Enclosure;
import doqu.stage.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A directory that archives are unpacked into, and beside it what must not be reached. */
final class Destination implements AutoCloseable {
  private final Path folder;
  private final Ids ids = Ids.here();
  private final Enclosure enclosure;
  private final Unpacking unpacking;

  Destination(Path folder) throws Exception {
    this(folder, Bounds.USUAL);
  }

  Destination(Path folder, Bounds bounds) throws Exception {
    this.folder = Files.createDirectory(folder.resolve("tree"));
    ids.own(this.folder);
    this.enclosure = Enclosure.in(this.folder, ids);
    this.unpacking = new Unpacking(enclosure, ids.count(), bounds);
  }

  Path folder() {
    return folder;
  }

  Destination unpack(InputStream archive) throws IOException {
    unpacking.unpack(Archive.of(archive));
    return this;
  }

  Unpacked finish() throws IOException {
    return unpacking.finish();
  }

  /** Unpacks one and finishes. */
  Unpacked all(InputStream archive) throws IOException {
    return unpack(archive).finish();
  }

  /** Everything there is: path, type, mode, owner, group, size, time, link, number of names. */
  List<String> listing() throws Exception {
    List<String> lines = listing(folder);
    int base = ids.base().orElse(0);
    if (base == 0) {
      return lines;
    }
    Pattern ids = Pattern.compile("owner (\\d+) (\\d+)");
    return lines.stream()
        .map(
            line ->
                ids.matcher(line)
                    .replaceAll(
                        found ->
                            "owner "
                                + (Long.parseLong(found.group(1)) - base)
                                + " "
                                + (Long.parseLong(found.group(2)) - base)))
        .toList();
  }

  /** The same of any directory. */
  static List<String> listing(Path folder) throws Exception {
    Process find =
        new ProcessBuilder(
                "find", folder.toString(), "-printf", "%P\\t%y %m owner %U %G %s %T@ %n %b %l\\n")
            .redirectErrorStream(true)
            .start();
    String output = new String(find.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    if (find.waitFor() != 0) {
      throw new IOException(output);
    }
    return output
        .lines()
        // the room a directory takes is the file system's own business
        .map(line -> line.replaceFirst("(\td .*owner \\d+ \\d+) \\d+ (\\S+) (\\d+) \\d+", "$1 $2"))
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    enclosure.close();
  }
}
