package doqu.shell;

import doqu.kernel.TextFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jline.reader.impl.history.DefaultHistory;

/**
 * The lines of all sessions, in a file to which several doqus may append at once. JLine would not
 * start with a file that is damaged; here what is damaged is left out.
 */
final class Remembered extends DefaultHistory {
  /** A longer line is data that was pasted; no step takes as much. */
  private static final int LONGEST = 1 << 16;

  /** The time a line was typed, and the line. */
  private static final Pattern ENTRY = Pattern.compile("[0-9]{1,18}:.*");

  private final Path file;

  Remembered(Path file) {
    this.file = file;
  }

  @Override
  public void add(Instant time, String line) {
    if (line.length() <= LONGEST) {
      super.add(time, line);
    }
  }

  @Override
  public void load() {
    try {
      mend();
      super.load();
    } catch (IOException | UncheckedIOException e) {
      // The lines are those of this session then.
    }
  }

  @Override
  public void save() {
    try {
      super.save();
    } catch (IOException | UncheckedIOException e) {
      // They last as long as this session.
    }
  }

  /** Leaves what is no entry out of the file. */
  private void mend() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.UTF_8);
    List<String> entries = text.lines().filter(Remembered::isEntry).toList();
    byte[] whole =
        String.join("", entries.stream().map(entry -> entry + "\n").toList())
            .getBytes(StandardCharsets.UTF_8);
    if (!Arrays.equals(bytes, whole)) {
      TextFile.replace(file, entries);
    }
  }

  private static boolean isEntry(String line) {
    return ENTRY.matcher(line).matches() && line.length() <= LONGEST;
  }
}
