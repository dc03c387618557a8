package doqu.rootfs;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What goes into a root file system: the text files {@code programs}, {@code terminals} and {@code
 * layout}, and what lies in {@code skeleton/}. Each says in itself how it is written.
 *
 * @param programs each from the machine, in order
 * @param terminals names of terminfo(5) entries
 * @param entries what is the same on every machine. A path may lead through a symbolic link of the
 *     machine such as {@code /bin}
 */
public record Description(List<Program> programs, List<String> terminals, List<Entry> entries) {

  /**
   * One line of {@code programs}.
   *
   * @param names the first that there is will do
   */
  public record Program(List<String> names) {
    public Program {
      names = List.copyOf(names);
      if (names.isEmpty() || names.stream().anyMatch(name -> !name.matches("[^/\0]+"))) {
        throw new IllegalArgumentException("not names of programs: " + names);
      }
    }

    @Override
    public String toString() {
      return String.join(" or ", names);
    }
  }

  private interface Folder {
    InputStream open(String name) throws IOException;
  }

  public Description {
    programs = List.copyOf(programs);
    terminals = List.copyOf(terminals);
    entries = List.copyOf(entries);
  }

  /**
   * The description that comes with doqu.
   *
   * @throws IOException if it is not in the jar or not well-formed
   */
  public static Description standard() throws IOException {
    return read(
        name -> {
          InputStream resource = Description.class.getResourceAsStream(name);
          if (resource == null) {
            throw new FileNotFoundException("no resource " + name);
          }
          return resource;
        });
  }

  /**
   * Reads a description of one's own.
   *
   * @throws IOException if a file is missing or a line is wrong; the message says which
   */
  public static Description read(Path folder) throws IOException {
    return read(name -> Files.newInputStream(folder.resolve(name)));
  }

  /** The same, and one entry more. */
  public Description with(Entry entry) {
    return new Description(
        programs, terminals, Stream.concat(entries.stream(), Stream.of(entry)).toList());
  }

  private static Description read(Folder folder) throws IOException {
    return new Description(
        parse(folder, "programs", line -> new Program(List.of(line.split("\\s*\\|\\s*", -1)))),
        parse(folder, "terminals", Description::terminal),
        parse(folder, "layout", line -> entry(line, folder)));
  }

  private interface LineParser<T> {
    T parse(String line) throws IOException;
  }

  /** What the lines of a file say; comments and spaces around say nothing. */
  private static <T> List<T> parse(Folder folder, String name, LineParser<T> parser)
      throws IOException {
    List<T> parsed = new ArrayList<>();
    int number = 0;
    for (String line : text(folder, name).lines().toList()) {
      number++;
      String said = line.replaceFirst("#.*", "").trim();
      try {
        if (!said.isEmpty()) {
          parsed.add(parser.parse(said));
        }
      } catch (IllegalArgumentException e) {
        throw new IOException(name + ":" + number + ": " + e.getMessage(), e);
      }
    }
    return parsed;
  }

  private static String terminal(String line) {
    if (!line.matches("[^/.\\s][^/\\s]*")) {
      throw new IllegalArgumentException("not the name of a terminal: " + line);
    }
    return line;
  }

  private static Entry entry(String line, Folder folder) throws IOException {
    String[] link = line.split(" -> ", 2);
    if (link.length == 2) {
      return new Entry.Symlink(link[0], link[1]);
    }
    String[] words = line.split("\\s+", 2);
    if (words.length != 2 || !words[0].matches("[01]?[0-7]{3}")) {
      throw new IllegalArgumentException("neither MODE PATH nor LINK -> TARGET");
    }
    int mode = Integer.parseInt(words[0], 8);
    if (words[1].endsWith("/")) {
      return new Entry.Directory(words[1].substring(0, words[1].length() - 1), mode);
    }
    return new Entry.RegularFile(words[1], mode, Source.of(text(folder, "skeleton" + words[1])));
  }

  private static String text(Folder folder, String name) throws IOException {
    try (InputStream in = folder.open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
