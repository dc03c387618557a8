package doqu.lesson;

import doqu.step.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** A lesson to begin with, for whoever writes one: it is complete, and can be proven at once. */
public final class Draft {
  private Draft() {}

  /**
   * Writes one into the folder of a course; where there is no course yet, one of this lesson alone.
   * Whether a course that is there has it, and where, is its author's to say.
   *
   * @return whether it is still to be said: there was a course
   * @throws Mistake when the name is none, or is taken
   */
  public static boolean write(Path course, String name) throws IOException {
    if (!Value.isName(name)) {
      throw new Mistake("'" + name + "' is no name of a lesson: small letters, digits and dashes");
    }
    Path folder = course.resolve(name);
    if (Files.exists(folder)) {
      throw new Mistake("'" + folder + "' is there already");
    }
    Files.createDirectories(folder);
    for (String file : new String[] {"lesson.yaml", "en.yaml"}) {
      Files.writeString(folder.resolve(file), text(file).replace("NAME", name));
    }
    Path list = course.resolve("course.yaml");
    boolean isThere = Files.exists(list);
    if (!isThere) {
      Files.writeString(list, "id: mine\nlanguages: [en]\nlessons:\n  - " + name + "\n");
    }
    return isThere;
  }

  private static String text(String file) throws IOException {
    try (InputStream text = Objects.requireNonNull(Draft.class.getResourceAsStream(file))) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
