package doqu.step;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The words after a command, sorted into options and operands as getopt(3) does. */
public final class Args {
  private final Set<String> flags = new HashSet<>();
  private final Map<String, List<String>> values = new HashMap<>();
  private final List<Word> operands = new ArrayList<>();

  private Args() {}

  /**
   * Sorts them.
   *
   * @param words the words after the command's name
   * @param plain the options without a value, as {@code -l}
   * @param valued the options with one
   */
  public static Args of(List<Word> words, Set<String> plain, Set<String> valued) {
    Args args = new Args();
    Deque<Word> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      Word word = rest.pop();
      String text = word.text();
      int equals = text.startsWith("--") ? text.indexOf('=') : -1;
      String option = equals < 0 ? text : text.substring(0, equals);
      if (word.quoted() || !text.startsWith("-") || text.length() < 2 || text.matches("-\\d+")) {
        args.operands.add(word);
      } else if (text.equals("--")) {
        args.operands.addAll(rest);
        rest.clear();
      } else if (plain.contains(text)) {
        args.flags.add(text);
      } else if (valued.contains(option) && equals > 0) {
        args.add(option, text.substring(equals + 1));
      } else if (valued.contains(option)) {
        if (rest.isEmpty()) {
          throw new Mistake("option " + option + " needs a value");
        }
        args.add(option, rest.pop().text());
      } else {
        List<String> known = new ArrayList<>(plain);
        known.addAll(valued);
        throw Mistake.unknown("option", text, known);
      }
    }
    return args;
  }

  /** Only operands, so many of them. */
  public static List<String> operands(List<Word> words, int least, int most, String usage) {
    return of(words, Set.of(), Set.of()).operands(least, most, usage);
  }

  /** The operands, when there are neither too few nor too many of them. */
  public List<String> operands(int least, int most, String usage) {
    if (operands.size() < least) {
      throw new Mistake("something is missing: " + usage);
    }
    if (operands.size() > most) {
      throw new Mistake("'" + operands.get(most) + "' is too much: " + usage);
    }
    return operands.stream().map(Word::text).toList();
  }

  /** Whether one of the spellings of an option was there. */
  public boolean has(String... spellings) {
    return List.of(spellings).stream().anyMatch(flags::contains);
  }

  private void add(String option, String value) {
    values.computeIfAbsent(option, key -> new ArrayList<>()).add(value);
  }

  /** Every value of an option, in any of its spellings. */
  public List<String> values(String... spellings) {
    return List.of(spellings).stream()
        .flatMap(spelling -> values.getOrDefault(spelling, List.of()).stream())
        .toList();
  }

  /** The value of an option that can be given once, or another when it was not there. */
  public String value(String otherwise, String... spellings) {
    List<String> all = values(spellings);
    if (all.size() > 1) {
      throw new Mistake("option " + spellings[0] + " is there twice: '" + all.get(1) + "'");
    }
    return all.isEmpty() ? otherwise : all.get(0);
  }

  /** A whole number. */
  public static int number(String text, String what) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Mistake("'" + text + "' is not " + what);
    }
  }

  /** A user or group id: 32 bits, with or without a sign; -1 is nobody (setuid(2)). */
  static int id(String text) {
    try {
      return text.startsWith("-") ? Integer.parseInt(text) : Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new Mistake("'" + text + "' is not an id");
    }
  }
}
