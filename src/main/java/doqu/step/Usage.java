package doqu.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What may follow a command, in the notation of manual pages.
 *
 * <p>{@code [...]} may be left out, {@code |} stands between alternatives, {@code ...} after what
 * may be repeated. Capitals stand for a value, all else for itself. Spellings of one option are
 * joined with commas and its value follows: {@code [-t,--types TYPE]}; {@code --make-[r]shared} is
 * two options.
 *
 * @param name of the command
 * @param text what may follow it, as it is shown: with the first spelling of each option
 */
public record Usage(String name, String text, List<Option> options, List<Operand> operands) {
  private static final String NAMESPACE = "NAMESPACE";

  private static final Pattern OTHER_SPELLINGS = Pattern.compile("(?<=[\\w\\]]),-[^ |\\]]+");

  /** Operands after which nothing is an option of the command's own. */
  private static final String FOREIGN = "ARG";

  /**
   * An option.
   *
   * @param value what its value is called; empty: it has none
   */
  public record Option(List<String> spellings, String value) {}

  /** One of the words that are no options: what may stand there, capitals for a kind of word. */
  public record Operand(List<String> alternatives, boolean optional, boolean repeated) {}

  /** That of a line as {@code umount [-l,--lazy] TARGET}. */
  public static Usage of(String line) {
    int end = line.indexOf(' ');
    if (end < 0) {
      return new Usage(line, "", List.of(), List.of());
    }
    List<Option> options = new ArrayList<>();
    List<Operand> operands = new ArrayList<>();
    for (int at = end + 1; at < line.length(); ) {
      boolean optional = line.charAt(at) == '[';
      int close = optional ? closing(line, at) : line.indexOf(' ', at);
      close = close < 0 ? line.length() : close;
      String part = line.substring(optional ? at + 1 : at, close);
      int next = line.indexOf(' ', close);
      next = next < 0 ? line.length() : next;
      boolean repeated = part.endsWith("...") || line.startsWith("...", close + 1);
      if (part.startsWith("-")) {
        addOptions(part, options);
      } else {
        String bare = part.endsWith("...") ? part.substring(0, part.length() - 3) : part;
        operands.add(new Operand(List.of(bare.split("\\|")), optional, repeated));
      }
      at = next + 1;
    }
    String shown = OTHER_SPELLINGS.matcher(line.substring(end + 1)).replaceAll("");
    return new Usage(line.substring(0, end), shown, List.copyOf(options), List.copyOf(operands));
  }

  private static int closing(String line, int open) {
    int depth = 0;
    for (int at = open; ; at++) {
      depth += line.charAt(at) == '[' ? 1 : line.charAt(at) == ']' ? -1 : 0;
      if (depth == 0) {
        return at;
      }
    }
  }

  private static void addOptions(String part, List<Option> options) {
    for (String one : part.split("\\|")) {
      String[] spellingsAndValue = one.split(" ", 2);
      String value = spellingsAndValue.length == 2 ? spellingsAndValue[1] : "";
      String spellings = spellingsAndValue[0];
      if (spellings.contains("[")) {
        options.add(new Option(List.of(spellings.replaceAll("\\[.*?]", "")), value));
        options.add(new Option(List.of(spellings.replaceAll("[\\[\\]]", "")), value));
      } else {
        options.add(new Option(List.of(spellings.split(",")), value));
      }
    }
  }

  /** The whole line, as a message or help shows it. */
  public String line() {
    return (name + " " + text).strip();
  }

  /** The fewest operands. */
  int least() {
    return (int) operands.stream().filter(operand -> !operand.optional).count();
  }

  /** The most operands. */
  int most() {
    return operands.stream().anyMatch(Operand::repeated) ? Integer.MAX_VALUE : operands.size();
  }

  /** The operand at a place, counted from 0. */
  public Optional<Operand> operand(int place) {
    if (place < operands.size()) {
      return Optional.of(operands.get(place));
    }
    return operands.isEmpty() || !operands.get(operands.size() - 1).repeated
        ? Optional.empty()
        : Optional.of(operands.get(operands.size() - 1));
  }

  /** Whether what follows the first operand is another program's, its options included. */
  boolean endsWithForeign() {
    return operands.stream().anyMatch(operand -> operand.alternatives.contains(FOREIGN));
  }

  /** Whether an operand may begin with a dash, as in {@code unshare -u}. */
  public boolean takesDashes() {
    return operands.stream().anyMatch(operand -> operand.alternatives.contains(NAMESPACE));
  }

  /** The option whose name is itself a value, as in {@code kill -9}; empty: there is none. */
  String anyOption() {
    return spellings().stream()
        .filter(spelling -> spelling.matches("-[A-Z]{2,}"))
        .findFirst()
        .orElse("");
  }

  /** Every spelling of every option. */
  public List<String> spellings() {
    return options.stream().flatMap(option -> option.spellings.stream()).toList();
  }

  /** The option of that spelling. */
  public Optional<Option> option(String spelling) {
    return options.stream().filter(option -> option.spellings.contains(spelling)).findFirst();
  }
}
