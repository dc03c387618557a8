package doqu.shell;

import doqu.kernel.IoReason;
import doqu.kernel.TextFile;
import doqu.step.ActorName;
import doqu.step.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Steps in a file of the machine: a script that does them again. */
final class Saved {
  private static final int MOST_BYTES = 16 << 20;

  private Saved() {}

  /**
   * Writes them.
   *
   * @param force whether a file that is there may be written over
   * @throws Mistake when it cannot be written
   */
  static void write(List<Deed> deeds, String file, boolean force) {
    StandardOpenOption fate = force ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
    try {
      Files.write(
          path(file),
          lines(deeds),
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING,
          fate);
    } catch (FileAlreadyExistsException e) {
      throw new Mistake("'" + file + "' is there already; save -f writes over it");
    } catch (IOException e) {
      throw new Mistake("'" + file + "' cannot be written: " + IoReason.of(e));
    }
  }

  /** A step that failed and changed nothing is told as a comment: a script would end at it. */
  static List<String> lines(List<Deed> deeds) {
    List<String> lines = new ArrayList<>();
    lines.add("# doqu: " + Scenes.steps(deeds.size()) + "; doqu FILE, or load FILE at the prompt");
    String actor = "doqu";
    for (Deed deed : deeds) {
      boolean inVain = deed.record() != null && !deed.record().ok() && deed.changedNothing();
      if (!inVain && !deed.actor().equals(actor)) {
        actor = deed.actor();
        lines.add("switch " + ActorName.written(actor));
      }
      lines.add(inVain ? "# " + deed.text() + "  # " + deed.result() : deed.text());
    }
    return lines;
  }

  /**
   * The lines of such a file, or of any script.
   *
   * @throws Mistake when it cannot be read
   */
  static List<String> read(String file) {
    Path path = path(file);
    try {
      if (Files.isDirectory(path)) {
        throw new Mistake("'" + file + "' is a directory");
      }
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new Mistake("'" + file + "' is no regular file");
      }
      try (InputStream content = Files.newInputStream(path)) {
        return TextFile.lines(content, MOST_BYTES);
      }
    } catch (TextFile.TooLong e) {
      throw new Mistake("'" + file + "' is no file of steps: " + e.getMessage());
    } catch (CharacterCodingException e) {
      throw new Mistake("'" + file + "' is no file of steps: it is not UTF-8");
    } catch (IOException e) {
      throw new Mistake("'" + file + "' cannot be read: " + IoReason.of(e));
    }
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new Mistake("'" + file + "' is no path");
    }
  }
}
