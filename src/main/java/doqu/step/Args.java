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
  private final Usage usage;
  private final Set<String> flags = new HashSet<>();
  private final Map<String, List<String>> values = new HashMap<>();
  private final List<Word> operands = new ArrayList<>();

  private Args(Usage usage) {
    this.usage = usage;
  }

  /**
   * Sorts them.
   *
   * @throws Mistake for an option that the command does not have, for too few and too many operands
   */
  public static Args of(List<Word> words, Usage usage) {
    Args args = new Args(usage);
    args.sort(words);
    if (args.operands.size() < usage.least()) {
      throw new Mistake("something is missing: " + usage.line());
    }
    if (args.operands.size() > usage.most()) {
      throw args.tooMuch(usage.most());
    }
    return args;
  }

  private void sort(List<Word> words) {
    Deque<Word> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      Word word = rest.pop();
      if (word.quoted() || !word.text().startsWith("-") || word.text().length() < 2) {
        operands.add(word);
        if (usage.endsWithForeign()) {
          operands.addAll(rest);
          return;
        }
      } else if (word.text().equals("--")) {
        operands.addAll(rest);
        return;
      } else {
        option(word, rest);
      }
    }
  }

  private void option(Word word, Deque<Word> rest) {
    String text = word.text();
    int equals = text.startsWith("--") ? text.indexOf('=') : -1;
    String spelling = equals < 0 ? text : text.substring(0, equals);
    Usage.Option option = usage.option(spelling).orElse(null);
    if (option == null) {
      other(word);
    } else if (option.value().isEmpty() && equals < 0) {
      flags.add(spelling);
    } else if (option.value().isEmpty()) {
      throw new Mistake("option " + spelling + " takes no value: '" + text + "'");
    } else if (equals > 0) {
      add(spelling, text.substring(equals + 1));
    } else if (rest.isEmpty()) {
      throw new Mistake("option " + spelling + " needs a value");
    } else {
      add(spelling, rest.pop().text());
    }
  }

  /** A word with a dash that is no option by its name. */
  private void other(Word word) {
    String text = word.text();
    String any = usage.anyOption();
    if (!any.isEmpty() && operands.isEmpty() && !values.containsKey(any)) {
      add(any, text.substring(1)); // kill -9 -1: only the first is the signal
    } else if (text.matches("-\\d+") || usage.takesDashes()) {
      operands.add(word);
    } else {
      throw Mistake.unknown("option", text, usage.spellings());
    }
  }

  private void add(String option, String value) {
    values.computeIfAbsent(option, key -> new ArrayList<>()).add(value);
  }

  /** The operands: no fewer and no more than the usage has. */
  public List<String> operands() {
    return operands.stream().map(Word::text).toList();
  }

  /** The same with what else is known of each. */
  public List<Word> words() {
    return operands;
  }

  /** The operand at a place where there has to be one. */
  public String operand(int place) {
    return operands.get(place).text();
  }

  /** What the usage cannot say: that an operand is missing after all. */
  Mistake missing() {
    return new Mistake("something is missing: " + usage.line());
  }

  /** The same, that there is one too many. */
  Mistake tooMuch(int place) {
    return new Mistake("'" + operand(place) + "' is too much: " + usage.line());
  }

  /** Whether one of the spellings of an option was there. */
  public boolean has(String... spellings) {
    return List.of(spellings).stream().anyMatch(flags::contains);
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
