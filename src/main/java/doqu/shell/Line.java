package doqu.shell;

import doqu.step.Mistake;
import doqu.step.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A line, split as sh splits it: quotes, backslash, {@code ;} between commands, {@code #} comments,
 * {@code $NAME}; nothing else of sh.
 */
final class Line {
  /** Some editors begin a file with it. */
  private static final char BYTE_ORDER_MARK = '\ufeff';

  /** What a reader puts in the place of bytes that are no text. */
  private static final String UNDECODABLE = "\ufffd";

  /** Where C ends a string. */
  private static final String NUL = "\0";

  private final String text;
  private final Map<String, String> variables;

  /** Whether the line is still being typed: nothing in it is a mistake yet. */
  private final boolean unfinished;

  private final List<Piece> pieces = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();
  private List<Word> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private boolean quoted;
  private int at;

  /** Where the command begins that is being read. */
  private int begun;

  /** Where the word begins that is being read. */
  private int wordBegun;

  /**
   * One command of a line.
   *
   * @param text as it was typed: typed again it does the same
   */
  record Command(String text, List<Word> words) {}

  /**
   * A word of a line that is being typed.
   *
   * @param start where it begins, its quotes included
   * @param end where it ends
   * @param place which word of its command it is, from 0
   */
  record Piece(Word word, int start, int end, int place) {
    String text() {
      return word.text();
    }
  }

  private Line(String text, Map<String, String> variables, boolean unfinished) {
    this.text = text;
    this.variables = variables;
    this.unfinished = unfinished;
  }

  /**
   * The commands of a line.
   *
   * @throws Mistake for a quote that is not closed or a variable that is not there
   */
  static List<Command> split(String text, Map<String, String> variables) {
    return new Line(text, variables, false).split();
  }

  /** The words of a line as far as it is typed; variables stay what they are. */
  static List<Piece> pieces(String text) {
    Line line = new Line(text, Map.of(), true);
    line.split();
    return line.pieces;
  }

  /** Whether a line may use a variable; it may also have it in a comment. */
  static boolean uses(String text, String variable) {
    return text.contains("$" + variable) || text.contains("${" + variable);
  }

  private List<Command> split() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case ' ', '\t', '\r', BYTE_ORDER_MARK -> endWord(at - 1);
        case ';', '\n' -> endCommand(at - 1);
        case '\'' -> single();
        case '"' -> doubled();
        case '\\' -> {
          begin(true);
          if (at < text.length()) {
            word.append(text.charAt(at++));
          }
        }
        case '$' -> variable();
        case '#' -> {
          if (inWord) {
            word.append(c);
          } else {
            endCommand(at - 1);
            at = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at);
          }
        }
        default -> {
          begin(false);
          word.append(c);
        }
      }
    }
    endCommand(at);
    return commands;
  }

  private void mistake(String what) {
    if (!unfinished) {
      throw new Mistake(what);
    }
  }

  private void begin(boolean asString) {
    wordBegun = inWord ? wordBegun : at - 1;
    inWord = true;
    quoted |= asString;
  }

  private void endWord(int end) {
    if (word.indexOf(UNDECODABLE) >= 0) {
      mistake("'" + word + "' has bytes that are not UTF-8: it would become another word");
    }
    if (word.indexOf(NUL) >= 0) {
      mistake("'" + word + "' has a NUL byte: no argument can hold one");
    }
    if (inWord) {
      pieces.add(new Piece(new Word(word.toString(), quoted), wordBegun, end, words.size()));
      words.add(new Word(word.toString(), quoted));
    }
    word.setLength(0);
    inWord = false;
    quoted = false;
  }

  private void endCommand(int end) {
    endWord(end);
    if (!words.isEmpty()) {
      commands.add(new Command(text.substring(begun, end).strip(), words));
    }
    words = new ArrayList<>();
    begun = Math.min(end + 1, text.length());
  }

  private void single() {
    begin(true);
    int end = text.indexOf('\'', at);
    if (end < 0) {
      mistake("the quote ' is not closed");
      end = text.length();
    }
    word.append(text, at, end);
    at = Math.min(end + 1, text.length());
  }

  private void doubled() {
    begin(true);
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c == '$') {
        variable();
      } else if (c == '\\' && at < text.length() && "\"\\$`".indexOf(text.charAt(at)) >= 0) {
        word.append(text.charAt(at++));
      } else {
        word.append(c);
      }
    }
    mistake("the quote \" is not closed");
  }

  private void variable() {
    boolean braces = at < text.length() && text.charAt(at) == '{';
    int from = braces ? at + 1 : at;
    int end = from;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    String name = text.substring(from, end);
    if (name.isEmpty()) {
      begin(false);
      word.append('$');
      return;
    }
    String value =
        unfinished
            ? text.substring(at - 1, braces ? Math.min(end + 1, text.length()) : end)
            : variables.get(name);
    if (value == null) {
      throw Mistake.unknown(
          "variable", "$" + name, variables.keySet().stream().map(n -> "$" + n).toList());
    }
    begin(false);
    word.append(value);
    at = Math.min(braces ? end + 1 : end, text.length());
  }
}
