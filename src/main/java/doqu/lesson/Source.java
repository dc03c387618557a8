package doqu.lesson;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Where the files of a course are read from: the course doqu comes with, or any folder. */
@FunctionalInterface
public interface Source {
  /** The text of a file, by its path in the course; empty: there is none. */
  Optional<String> read(String path) throws IOException;

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
    return path -> {
      try {
        return Optional.of(Files.readString(folder.resolve(path)));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    };
  }

  /**
   * A file, taken apart.
   *
   * @throws Fault when it is missing, cannot be read or is no YAML
   */
  default Value yaml(String path) {
    try {
      return Value.of(
          path, read(path).orElseThrow(() -> new Fault(path + ": there is no such file")));
    } catch (CharacterCodingException e) {
      throw new Fault(path + ": it is not UTF-8");
    } catch (IOException e) {
      throw new Fault(path + ": it cannot be read: " + e.getMessage());
    }
  }
}
