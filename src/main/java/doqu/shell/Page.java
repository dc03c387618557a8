package doqu.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What there is to say of one command: the file of its name in the folder {@code help} beside this
 * class, read when somebody asks.
 *
 * <p>A file is a text and, after it, sections. A section begins with its name and a colon; its
 * lines follow there or below, indented by two spaces. In {@code options} and {@code errnos} a line
 * is a word, two spaces or more and what is said of it, which goes on in lines indented by four or
 * more; {@code none} says that there are none. Each section {@code example:} is one of its own.
 *
 * @param text as it is to be shown, without the blank lines at its ends
 * @param calls the visible system calls a step makes; after a semicolon those of special cases, and
 *     what else there is to say
 * @param options what the command's parser takes beside operands, in every spelling
 * @param errnos with which the calls fail, and when
 * @param c the lines of C that do the same
 * @param shell the line of sh that does the same
 * @param manual the pages to read on in
 * @param examples commands that work on a fresh stage, of each the lines
 */
record Page(
    List<String> text,
    String calls,
    List<Entry> options,
    List<Entry> errnos,
    List<String> c,
    List<String> shell,
    String manual,
    List<String> examples) {
  private static final Pattern SECTION =
      Pattern.compile("(calls|options|errnos|C|shell|manual|example): *(.*)");
  private static final Pattern ENTRY = Pattern.compile(" *(\\S+(?: \\S+)*) {2,}(\\S.*)");
  private static final String INDENT = "  ";
  private static final String GOES_ON = "    ";

  /**
   * A word and what is said of it.
   *
   * @param word an errno's name, or the spellings of an option: {@code -m MODE, --mode MODE}
   */
  record Entry(String word, String says) {
    /** The spellings of an option without its value: {@code -m} and {@code --mode}. */
    List<String> spellings() {
      return Stream.of(word.split(", ", -1)).map(spelling -> spelling.split(" ", -1)[0]).toList();
    }
  }

  /** The page of a command, when it has one. */
  static Optional<Page> of(String command) {
    try (InputStream file = Page.class.getResourceAsStream("help/" + command + ".txt")) {
      return file == null
          ? Optional.empty()
          : Optional.of(parse(new String(file.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A page as its file has it.
   *
   * @throws IllegalArgumentException for a line of {@code options} or {@code errnos} that is none
   */
  static Page parse(String file) {
    List<String> text = new ArrayList<>();
    Map<String, List<List<String>>> sections = new HashMap<>();
    List<String> current = text;
    for (String line : file.lines().toList()) {
      Matcher section = SECTION.matcher(line);
      if (!section.matches()) {
        current.add(line);
        continue;
      }
      current = new ArrayList<>();
      sections.computeIfAbsent(section.group(1), name -> new ArrayList<>()).add(current);
      if (!section.group(2).isEmpty()) {
        current.add(section.group(2));
      }
    }
    return new Page(
        List.of(String.join("\n", text).strip().split("\n", -1)),
        prose(lines(sections, "calls")),
        entries(lines(sections, "options")),
        entries(lines(sections, "errnos")),
        verbatim(lines(sections, "C")),
        verbatim(lines(sections, "shell")),
        prose(lines(sections, "manual")),
        sections.getOrDefault("example", List.of()).stream()
            .map(lines -> String.join("\n", verbatim(lines)).strip())
            .toList());
  }

  private static List<String> lines(Map<String, List<List<String>>> sections, String name) {
    return sections.getOrDefault(name, List.of()).stream()
        .flatMap(List::stream)
        .filter(line -> !line.isBlank())
        .toList();
  }

  private static String prose(List<String> lines) {
    return lines.stream().map(String::strip).collect(Collectors.joining(" "));
  }

  private static List<String> verbatim(List<String> lines) {
    return lines.stream()
        .map(line -> line.startsWith(INDENT) ? line.substring(INDENT.length()) : line)
        .toList();
  }

  private static List<Entry> entries(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    if (lines.equals(List.of("none"))) {
      return entries;
    }
    for (String line : lines) {
      Matcher entry = ENTRY.matcher(line);
      if (line.startsWith(GOES_ON) && !entries.isEmpty()) {
        Entry begun = entries.remove(entries.size() - 1);
        entries.add(new Entry(begun.word, begun.says + " " + line.strip()));
      } else if (entry.matches()) {
        entries.add(new Entry(entry.group(1), entry.group(2)));
      } else {
        throw new IllegalArgumentException(
            "neither a word and a text nor the next of one: " + line);
      }
    }
    return List.copyOf(entries);
  }
}
