package doqu.shell;

import doqu.look.Looks;
import doqu.step.Steps;
import doqu.step.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The command of a line in which the cursor stands, as far as it is typed.
 *
 * @param words those before the cursor's, from the command's name on
 * @param word the one the cursor is in or after, up to the cursor; empty after a blank
 * @param start where that word begins in the line
 */
record Typing(List<String> words, String word, int start) {
  static Typing of(String line, int cursor) {
    List<Line.Piece> pieces = Line.pieces(line.substring(0, cursor));
    List<String> words = new ArrayList<>();
    String word = "";
    int start = cursor;
    boolean begunAnew = isAfterCommand(line.substring(0, cursor), pieces);
    for (Line.Piece piece : begunAnew ? List.<Line.Piece>of() : pieces) {
      if (piece.place() == 0) {
        words.clear();
      }
      if (piece.end() == cursor) {
        word = piece.text();
        start = piece.start();
      } else {
        words.add(piece.text());
      }
    }
    return new Typing(List.copyOf(words), word, start);
  }

  /** Whether a {@code ;} stands between the last word and the cursor. */
  private static boolean isAfterCommand(String typed, List<Line.Piece> pieces) {
    return !pieces.isEmpty() && typed.substring(pieces.get(pieces.size() - 1).end()).contains(";");
  }

  /** The name of the command; empty: it is what is being typed. */
  String command() {
    return words.isEmpty() ? "" : words.get(0);
  }

  /** How the command is written; empty: there is none of that name. */
  static Optional<Usage> usage(String command) {
    return Steps.named(command)
        .map(Steps.Row::usage)
        .or(() -> Looks.named(command).map(Looks.Row::usage))
        .or(() -> Control.named(command).map(Control::usage));
  }

  /** The option whose value the word is to be; empty: it is none's. */
  Optional<Usage.Option> valueOf(Usage usage) {
    return words.size() < 2
        ? Optional.empty()
        : usage.option(words.get(words.size() - 1)).filter(option -> !option.value().isEmpty());
  }

  /** Which of the operands the word is to be, from 0. */
  int place(Usage usage) {
    int place = 0;
    for (int i = 1; i < words.size(); i++) {
      boolean option = words.get(i).startsWith("-");
      boolean value =
          i > 1 && usage.option(words.get(i - 1)).filter(o -> !o.value().isEmpty()).isPresent();
      place += option || value ? 0 : 1;
    }
    return place;
  }
}
