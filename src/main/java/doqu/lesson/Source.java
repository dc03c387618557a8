package doqu.lesson;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
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
  /** The text of a file, by its path in the course; empty: there is none. */
  Optional<String> read(String path) throws IOException;

  /** The names of what lies in the folder of a lesson, sorted; none: that is not to be known. */
  default List<String> names(String lesson) throws IOException {
    return List.of();
  }

  /** That of the course doqu comes with. */
  static Source shipped() {
    return path -> {
      try (InputStream file = Source.class.getResourceAsStream("/doqu/lessons/" + path)) {
        return file == null
            ? Optional.empty()
            : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      }
    };
  }

  /** That of a folder. */
  static Source folder(Path folder) {
    return new Source() {
      @Override
      public Optional<String> read(String path) throws IOException {
        try {
          return Optional.of(Files.readString(folder.resolve(path)));
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
    return yaml(path, () -> new Fault(path + ": there is no such file"));
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
    try {
      return Value.of(path, read(path).orElseThrow(missing));
    } catch (CharacterCodingException e) {
      throw new Fault(path + ": it is not UTF-8");
    } catch (IOException e) {
      throw new Fault(path + ": it cannot be read: " + e.getMessage());
    }
  }
}
