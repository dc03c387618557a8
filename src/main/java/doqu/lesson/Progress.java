package doqu.lesson;

import doqu.kernel.Xdg;
import doqu.step.Mistake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How far a learner has got in a course: a file of lines {@code done ID}, {@code shown ID} for what
 * doqu did in the learner's place, and {@code at LESSON ID}. A step is known by its id alone, so
 * that lessons may be added, moved and renamed.
 */
public final class Progress {
  private final Path file;
  private final Set<String> done = new LinkedHashSet<>();
  private final Set<String> shown = new LinkedHashSet<>();
  private String lesson = "";
  private String step = "";

  private Progress(Path file) {
    this.file = file;
  }

  /**
   * That which a file tells; what in it is no such line is passed over.
   *
   * @throws Mistake when it is there and cannot be read: it would be written over
   */
  public static Progress of(Path file) {
    Progress progress = new Progress(file);
    try {
      Files.readAllLines(file, StandardCharsets.UTF_8).forEach(progress::read);
    } catch (NoSuchFileException e) {
      // The learner is at the beginning.
    } catch (IOException e) {
      throw new Mistake("your progress in '" + file + "' cannot be read: " + e.getMessage());
    }
    return progress;
  }

  private boolean read(String line) {
    String[] words = line.strip().split(" ");
    if (words.length == 2 && words[0].equals("done")) {
      done.add(words[1]);
    } else if (words.length == 2 && words[0].equals("shown")) {
      shown.add(words[1]);
    } else if (words.length == 3 && words[0].equals("at")) {
      lesson = words[1];
      step = words[2];
    } else {
      return line.isBlank();
    }
    return true;
  }

  /** Whether a step is done, be it that doqu showed it. */
  public boolean isDone(String id) {
    return done.contains(id) || shown.contains(id);
  }

  /** Whether doqu did it in the learner's place. */
  public boolean isShown(String id) {
    return shown.contains(id) && !done.contains(id);
  }

  /** The lesson the learner is in; empty: none was begun. */
  public String lesson() {
    return lesson;
  }

  /** The step the learner is at. */
  public String step() {
    return step;
  }

  /** A step is done. */
  public void does(String id) throws IOException {
    if (done.add(id)) {
      write();
    }
  }

  /** A step was done in the learner's place. */
  public void isShownNow(String id) throws IOException {
    if (shown.add(id)) {
      write();
    }
  }

  /** The learner is at a step. */
  public void moves(String itsLesson, String id) throws IOException {
    if (!itsLesson.equals(lesson) || !id.equals(step)) {
      lesson = itsLesson;
      step = id;
      write();
    }
  }

  /**
   * It is what such lines say, and nothing else.
   *
   * @throws Mistake for a line that is none; then nothing has changed
   */
  public void becomes(List<String> lines) throws IOException {
    Progress other = new Progress(file);
    for (String line : lines) {
      if (!other.read(line)) {
        throw new Mistake("'" + line + "' tells of no progress");
      }
    }
    other.write();
  }

  /** The lines of the file. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    done.forEach(id -> lines.add("done " + id));
    shown.forEach(id -> lines.add("shown " + id));
    Optional.of(lesson)
        .filter(name -> !name.isEmpty())
        .ifPresent(name -> lines.add("at " + name + " " + step));
    return lines;
  }

  /** A doqu that is killed in the midst of it leaves the file as it was. */
  private void write() throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Xdg.create(folder);
    Path aside = Files.createTempFile(folder, "progress", null);
    Files.write(aside, lines(), StandardCharsets.UTF_8);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
