package doqu.lesson;

import doqu.kernel.IoReason;
import doqu.kernel.TextFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where the files of a course are read from: the course doqu comes with, or any folder. */
@FunctionalInterface
public interface Source {
  /** Larger than any that somebody has written by hand; a device has no end. */
  int MOST_BYTES = 1 << 20;

  /** A file, by its path in the course; empty: there is none. */
  Optional<InputStream> open(String path) throws IOException;

  /** The names of what lies in the folder of a lesson, sorted; none: that is not to be known. */
  default List<String> names(String lesson) throws IOException {
    return List.of();
  }

  /** That of the course doqu comes with. */
  static Source shipped() {
    return path -> Optional.ofNullable(Source.class.getResourceAsStream("/doqu/lessons/" + path));
  }

  /** That of a folder. */
  static Source folder(Path folder) {
    return new Source() {
      @Override
      public Optional<InputStream> open(String path) throws IOException {
        Path file = folder.resolve(path);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
          throw new IOException("it is no file"); // who opens a FIFO waits for its writer
        }
        try {
          return Optional.of(Files.newInputStream(file));
        } catch (NoSuchFileException e) {
          return Optional.empty();
        }
      }

      @Override
      public List<String> names(String lesson) throws IOException {
        if (!Files.isDirectory(folder.resolve(lesson))) {
          return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve(lesson))) {
          return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
      }
    };
  }

  /**
   * A file, taken apart.
   *
   * @throws Fault when it is missing, cannot be read or is no YAML
   */
  default Value yaml(String path) {
    return yaml(path, () -> Fault.at(path, 1, "there is no such file"));
  }

  /**
   * The same of a file that another names.
   *
   * @param namedBy what does: the fault is there when it is missing
   */
  default Value yaml(String path, Value namedBy) {
    return yaml(path, () -> namedBy.fault("there is no file '" + path + "'"));
  }

  private Value yaml(String path, Supplier<Fault> missing) {
    try (InputStream file = open(path).orElseThrow(missing)) {
      return Value.of(path, text(path, ByteBuffer.wrap(TextFile.bytes(file, MOST_BYTES))));
    } catch (TextFile.TooLong e) {
      throw Fault.at(path, 1, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Fault.at(path, 1, "it cannot be read: " + IoReason.of(e));
    }
  }

  private static String text(String path, ByteBuffer bytes) {
    CharBuffer text = CharBuffer.allocate(bytes.remaining());
    if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true).isError()) {
      long line = text.flip().chars().filter(letter -> letter == '\n').count() + 1;
      throw Fault.at(path, (int) line, "it is not UTF-8");
    }
    return text.flip().toString();
  }
}
