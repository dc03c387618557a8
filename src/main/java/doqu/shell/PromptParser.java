package doqu.shell;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells JLine where the words are: by the same rules by which the line is carried out. */
final class PromptParser implements Parser {
  private static final String SPECIAL = " \t'\"\\#;";

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    return new Parsed(line, cursor, Typing.of(line, cursor));
  }

  private record Parsed(String line, int cursor, Typing typing) implements CompletingParsedLine {
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      StringBuilder escaped = new StringBuilder();
      for (int i = 0; i < candidate.length(); i++) {
        char c = candidate.charAt(i);
        boolean variable = c == '$' && i == 0 && candidate.toString().startsWith("$ROOTFS");
        if (SPECIAL.indexOf(c) >= 0 || (c == '$' && !variable)) {
          escaped.append('\\');
        }
        escaped.append(c);
      }
      return escaped;
    }

    @Override
    public int rawWordCursor() {
      return cursor - typing.start();
    }

    @Override
    public int rawWordLength() {
      return cursor - typing.start();
    }

    @Override
    public String word() {
      return typing.word();
    }

    @Override
    public int wordCursor() {
      return typing.word().length();
    }

    @Override
    public int wordIndex() {
      return typing.words().size();
    }

    @Override
    public List<String> words() {
      List<String> words = new ArrayList<>(typing.words());
      words.add(typing.word());
      return words;
    }
  }
}
