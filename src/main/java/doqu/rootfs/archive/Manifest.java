package doqu.rootfs.archive;

import doqu.stage.Enclosure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What a root file system is made of, a line a file: its name, then type and mode, owner, group,
 * size, time, and the CRC-32C of its content. It tells whether something has changed by mistake or
 * on a failing disk; who means harm can make another file of the same sum.
 */
public final class Manifest {
  private final Map<String, String> lines;

  private Manifest(Map<String, String> lines) {
    this.lines = lines;
  }

  /** Of what an enclosure has now. */
  public static Manifest of(Enclosure enclosure) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    new Walk(enclosure).go((name, status, walk) -> lines.put(name(name), line(name, status, walk)));
    return new Manifest(lines);
  }

  private static String name(String name) {
    return name.isEmpty() ? "." : Walk.escaped(name);
  }

  private static String line(String name, FileStatus status, Walk walk) throws IOException {
    String content = "-";
    if (status.isSymlink()) {
      content = Walk.escaped(walk.target(name));
    } else if (status.isFile()) {
      content = Long.toHexString(sum(walk.content(name, status)));
    }
    return String.join(
        " ",
        Integer.toOctalString(status.mode()),
        Long.toString(status.owner().user()),
        Long.toString(status.owner().group()),
        status.isDirectory() ? "-" : Long.toString(status.size()),
        status.seconds() + "." + status.nanoseconds(),
        content);
  }

  private static long sum(InputStream content) throws IOException {
    try (content) {
      CRC32C sum = new CRC32C();
      byte[] buffer = new byte[64 * 1024];
      for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
        sum.update(buffer, 0, count);
      }
      return sum.getValue();
    }
  }

  /** Writes it to a file. */
  public void write(Path file) throws IOException {
    Iterator<String> text =
        lines.entrySet().stream().map(line -> line.getKey() + " " + line.getValue()).iterator();
    Files.write(file, (Iterable<String>) () -> text);
  }

  /** Reads one that was written. */
  public static Manifest read(Path file) throws IOException {
    Map<String, String> lines = new LinkedHashMap<>();
    try (Stream<String> text = Files.lines(file)) {
      text.map(line -> line.split(" ", 2))
          .filter(parts -> parts.length == 2)
          .forEach(parts -> lines.put(parts[0], parts[1]));
    }
    return new Manifest(lines);
  }

  /** What another one has that this has not, has not that this has, or has otherwise: by name. */
  public List<String> differences(Manifest other) {
    List<String> differences = new ArrayList<>();
    lines.forEach(
        (name, line) -> {
          String now = other.lines.get(name);
          if (now == null) {
            differences.add(name + ": gone");
          } else if (!now.equals(line)) {
            differences.add(name + ": " + what(line.split(" "), now.split(" ")));
          }
        });
    other.lines.keySet().stream()
        .filter(name -> !lines.containsKey(name))
        .forEach(name -> differences.add(name + ": new"));
    return differences;
  }

  private static String what(String[] before, String[] now) {
    String[] fields = {"mode", "owner", "group", "size", "time", "content"};
    List<String> changed = new ArrayList<>();
    for (int i = 0; i < fields.length; i++) {
      if (i < before.length && i < now.length && !before[i].equals(now[i])) {
        changed.add(fields[i]);
      }
    }
    return "another " + String.join(", ", changed);
  }

  /** How many files it names, directories and links included. */
  public int size() {
    return lines.size();
  }
}
