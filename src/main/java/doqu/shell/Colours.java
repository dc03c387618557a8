package doqu.shell;

import doqu.look.Looks;
import doqu.stage.Stage;
import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.Steps;
import doqu.step.Usage;
import doqu.step.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Colours a line as it is typed: what would be a mistake is red before Enter is pressed. */
final class Colours implements Highlighter {
  private static final AttributedStyle WRONG =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.RED);
  private static final AttributedStyle COMMAND = AttributedStyle.DEFAULT.bold();
  private static final AttributedStyle QUOTED =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.YELLOW);
  private static final AttributedStyle OPTION =
      AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);

  /** A line longer than that is pasted data: to look at each word of it would take too long. */
  private static final int LONGEST = 4096;

  private final BooleanSupplier wanted;
  private final Supplier<Stage> stage;

  Colours(BooleanSupplier wanted, Supplier<Stage> stage) {
    this.wanted = wanted;
    this.stage = stage;
  }

  @Override
  public AttributedString highlight(LineReader reader, String buffer) {
    return wanted.getAsBoolean() && buffer.length() <= LONGEST
        ? coloured(buffer, stage.get())
        : new AttributedString(buffer);
  }

  /** A line in its colours. */
  static AttributedString coloured(String line, Stage stage) {
    AttributedStringBuilder coloured = new AttributedStringBuilder(line.length());
    List<Line.Piece> pieces = Line.pieces(line);
    int at = 0;
    for (int i = 0; i < pieces.size(); ) {
      int next = i + 1;
      while (next < pieces.size() && pieces.get(next).place() > 0) {
        next++;
      }
      List<Line.Piece> command = pieces.subList(i, next);
      String wrong = wrong(command, line.length(), stage);
      for (Line.Piece piece : command) {
        coloured.append(line.substring(at, piece.start()));
        coloured.append(line.substring(piece.start(), piece.end()), style(piece, wrong));
        at = piece.end();
      }
      i = next;
    }
    return coloured.append(line.substring(at)).toAttributedString();
  }

  private static AttributedStyle style(Line.Piece piece, String wrong) {
    if (piece.text().equals(wrong)) {
      return WRONG;
    }
    if (piece.place() == 0) {
      return COMMAND;
    }
    if (piece.word().quoted()) {
      return QUOTED;
    }
    return piece.text().startsWith("-") ? OPTION : AttributedStyle.DEFAULT;
  }

  /** The word for which a command would be refused; empty: none, or it is not finished. */
  private static String wrong(List<Line.Piece> command, int end, Stage stage) {
    Line.Piece last = command.get(command.size() - 1);
    String name = command.get(0).text();
    Optional<Usage> usage = Typing.usage(name);
    if (usage.isEmpty()) {
      boolean mayBecomeOne =
          command.size() == 1 && last.end() == end && begins(name, Session.words());
      return mayBecomeOne ? "" : name;
    }
    List<Word> words = new ArrayList<>();
    command.subList(1, command.size()).forEach(piece -> words.add(piece.word()));
    Optional<Word> variable =
        words.stream()
            .filter(w -> w.text().startsWith("$") && !w.text().matches("\\$\\{?ROOTFS.*"))
            .findFirst();
    String mistake =
        variable.isPresent()
            ? "'" + variable.get() + "'"
            : mistake(name, usage.get(), words, stage);
    if (mistake.isEmpty()) {
      return "";
    }
    List<String> known = new ArrayList<>(known(usage.get()));
    Control.named(name).ifPresent(c -> known.addAll(Foregone.ends(c, words, stage)));
    return command.stream()
        .skip(1)
        .map(Line.Piece::text)
        .filter(text -> names(mistake, text))
        .filter(text -> !(text.equals(last.text()) && last.end() == end && mayGoOn(text, known)))
        .findFirst()
        .orElse("");
  }

  /** Whether a mistake is about a word; one that is an option may be named without its dash. */
  private static boolean names(String mistake, String word) {
    return mistake.contains("'" + word + "'")
        || (word.startsWith("-") && mistake.contains("'" + word.substring(1) + "'"));
  }

  private static String mistake(String name, Usage usage, List<Word> words, Stage stage) {
    try {
      Optional<Steps.Row> step = Steps.named(name);
      if (step.isPresent() && !(words.isEmpty() && Looks.named(name).isPresent())) {
        step.get().parse(words);
      } else if (Control.named(name).isPresent()) {
        Foregone.check(Control.named(name).get(), words, stage);
      } else {
        Args.of(words, usage);
      }
      return "";
    } catch (Mistake e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Whether more letters may make something of it. */
  private static boolean mayGoOn(String word, List<String> known) {
    return begins(word, known)
        || word.equals("-")
        || word.equals("--")
        || (word.startsWith("-") && begins(word.substring(1), known));
  }

  private static List<String> known(Usage usage) {
    Stream<String> kinds =
        Stream.concat(
            usage.operands().stream().flatMap(operand -> operand.alternatives().stream()),
            usage.options().stream()
                .flatMap(option -> option.spellings().stream())
                .map(spelling -> spelling.substring(1))
                .filter(kind -> kind.length() > 1 && Words.isKind(kind)));
    return Stream.concat(
            kinds.flatMap(kind -> Words.isKind(kind) ? Words.of(kind).stream() : Stream.of(kind)),
            usage.spellings().stream())
        .toList();
  }

  private static boolean begins(String prefix, List<String> words) {
    return words.stream().anyMatch(word -> word.regionMatches(true, 0, prefix, 0, prefix.length()));
  }
}
