package doqu.lesson;

import doqu.kernel.IoReason;
import doqu.kernel.TextFile;
import doqu.kernel.Xdg;
import doqu.step.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** The lines in which a progress is kept: read whole, and written whole while nobody else does. */
final class ProgressFile {
  /** More than a learner can have done; a device has no end. */
  private static final int MOST_BYTES = 1 << 20;

  private ProgressFile() {}

  /** The lines of a file; none: it is not there. */
  static List<String> lines(Path file) {
    try (InputStream text = Files.newInputStream(file)) {
      return read(text, file.toString());
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new Mistake(
          "your progress in '"
              + file
              + "' cannot be read: "
              + IoReason.of(e)
              + "; move it away to begin anew");
    }
  }

  /**
   * The lines of what is read there.
   *
   * @param name of it, for a mistake
   */
  static List<String> lines(InputStream text, String name) {
    try {
      return read(text, name);
    } catch (IOException e) {
      throw new Mistake("'" + name + "' cannot be read: " + IoReason.of(e));
    }
  }

  private static List<String> read(InputStream text, String name) throws IOException {
    try {
      return TextFile.lines(text, MOST_BYTES);
    } catch (TextFile.TooLong e) {
      throw new Mistake("'" + name + "' tells of no progress: " + e.getMessage());
    }
  }

  /**
   * Changes a file while no other doqu does. One that is killed in the midst of it leaves the file
   * as it was.
   *
   * @param change from the lines that are there to those that are to be
   */
  static void change(Path file, UnaryOperator<List<String>> change) {
    synchronized (ProgressFile.class) { // the lock of a file is one of the whole process
      try {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        Xdg.create(folder);
        try (FileChannel beside = // no course is called so: a name has no dot
            FileChannel.open(
                folder.resolve(file.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
          FileLock held = beside.lock();
          try {
            TextFile.replace(file, change.apply(lines(file)));
          } finally {
            held.release();
          }
        }
      } catch (IOException e) {
        throw new Mistake("your progress cannot be kept in '" + file + "': " + IoReason.of(e));
      }
    }
  }
}
