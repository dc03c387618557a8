package doqu.observe;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of /proc/PID/mountinfo (proc_pid_mountinfo(5)), as the process sees it.
 *
 * @param device major and minor number of the file system, {@code 254:0}
 * @param root what of the file system is mounted
 * @param propagation in findmnt(8)'s words, {@code shared}
 * @param peers the number of the peer group; empty: it is in none
 * @param master the number of the peer group it is a slave of; empty: of none
 * @param ofAll the options of the file system itself, which all its mounts have
 */
public record Mount(
    int id,
    int parent,
    String device,
    String root,
    String point,
    String options,
    String propagation,
    String peers,
    String master,
    String type,
    String source,
    String ofAll) {

  /** Whether it is mounted on a directory of another; the topmost of all is its own parent. */
  boolean isUpon(Mount other) {
    return parent == other.id && id != other.id;
  }

  static Mount parse(String line) {
    String[] words = line.split(" ");
    int dash = 6;
    List<String> tags = new ArrayList<>();
    while (!words[dash].equals("-")) {
      tags.add(words[dash++]);
    }
    return new Mount(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        words[2],
        unescape(words[3]),
        unescape(words[4]),
        words[5],
        propagation(tags),
        number(tags, "shared:"),
        number(tags, "master:"),
        words[dash + 1],
        unescape(words[dash + 2]),
        words[dash + 3]);
  }

  private static String number(List<String> tags, String name) {
    return tags.stream()
        .filter(tag -> tag.startsWith(name))
        .map(tag -> tag.substring(name.length()))
        .findFirst()
        .orElse("");
  }

  /** findmnt(8)'s words for the optional fields: no field at all means private. */
  private static String propagation(List<String> tags) {
    List<String> words = new ArrayList<>();
    for (String tag : tags) {
      int colon = tag.indexOf(':');
      String name = colon < 0 ? tag : tag.substring(0, colon);
      String word = name.equals("master") ? "slave" : name;
      if (!word.equals("propagate_from")) {
        words.add(word);
      }
    }
    return words.isEmpty() ? "private" : String.join(",", words);
  }

  /** Spaces and their like are octal in this file. */
  private static String unescape(String word) {
    return word.indexOf('\\') < 0
        ? word
        : word.replace("\\040", " ")
            .replace("\\011", "\t")
            .replace("\\012", "\n")
            .replace("\\134", "\\");
  }

  /** Whether an option is among those of this mount, as {@code noexec}. */
  public boolean has(String option) {
    return List.of(options.split(",", -1)).contains(option);
  }

  /** Whether nothing can be written there, be it the mount's doing or the file system's. */
  public boolean isReadOnly() {
    return has("ro") || List.of(ofAll.split(",", -1)).contains("ro");
  }

  /** The source as findmnt(8) shows it, with the part of the file system that is mounted. */
  public String shownSource() {
    return root.equals("/") ? source : source + "[" + root + "]";
  }
}
