package doqu.lesson;

import doqu.step.Mistake;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How far a learner has got in a course: a file of lines {@code done ID}, {@code shown ID} for what
 * doqu did in the learner's place, and {@code at LESSON ID}. A step is known by its id alone, so
 * that lessons may be added, moved and renamed. Other lines stay: a newer doqu may know them.
 */
public final class Progress {
  private final Path file;
  private final Set<String> done = new LinkedHashSet<>();
  private final Set<String> shown = new LinkedHashSet<>();
  private final Set<String> unknown = new LinkedHashSet<>();
  private String lesson = "";
  private String step = "";

  private Progress(Path file) {
    this.file = file;
  }

  /**
   * That which a file tells.
   *
   * @throws Mistake when it is there and cannot be read: it would be written over
   */
  public static Progress of(Path file) {
    Progress progress = new Progress(file);
    progress.read(ProgressFile.lines(file));
    return progress;
  }

  private void read(List<String> lines) {
    lines.stream().filter(line -> !read(line)).forEach(unknown::add);
  }

  /** Whether a line is one of those there are. */
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

  /**
   * The lesson of a course that has the step the learner is at: it may have been moved to another.
   *
   * @return empty: nothing is begun, or it is there no more
   * @throws Fault when it may be in a lesson that is not as it should be
   */
  public Optional<Lesson> in(Course course) {
    if (step.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>(course.lessons());
    if (names.remove(lesson)) {
      names.add(0, lesson);
    }
    Faults faults = new Faults();
    Optional<Lesson> in =
        names.stream()
            .flatMap(name -> faults.of(() -> course.lesson(name)).stream())
            .filter(each -> each.step(step).isPresent())
            .findFirst();
    if (in.isEmpty()) {
      faults.tell();
    }
    return in;
  }

  /** A step is done. */
  public void does(String id) {
    if (done.add(id)) {
      write();
    }
  }

  /** A step was done in the learner's place. */
  public void isShownNow(String id) {
    if (shown.add(id)) {
      write();
    }
  }

  /** The learner is at a step. */
  public void moves(String itsLesson, String id) {
    if (!itsLesson.equals(lesson) || !id.equals(step)) {
      lesson = itsLesson;
      step = id;
      write();
    }
  }

  /**
   * That which such a text tells, with nothing of what is kept.
   *
   * @param name of the text, for a mistake
   * @throws Mistake for a line that is none of such a file, and when there is none at all
   */
  public Progress other(InputStream text, String name) {
    Progress other = new Progress(file);
    for (String line : ProgressFile.lines(text, name)) {
      if (!other.read(line)) {
        throw new Mistake("'" + line + "' tells of no progress");
      }
    }
    if (other.lines().isEmpty()) {
      throw new Mistake("there is no progress in '" + name + "'");
    }
    return other;
  }

  /** It is kept in the place of what was. */
  public void replaces() {
    ProgressFile.change(file, kept -> lines());
  }

  /** It in lines. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    done.forEach(id -> lines.add("done " + id));
    shown.forEach(id -> lines.add("shown " + id));
    Optional.of(lesson)
        .filter(name -> !name.isEmpty())
        .ifPresent(name -> lines.add("at " + name + " " + step));
    return lines;
  }

  /** Where another doqu has written meanwhile both have done what they have done. */
  private void write() {
    ProgressFile.change(
        file,
        kept -> {
          Progress other = new Progress(file);
          other.read(kept);
          done.addAll(other.done);
          shown.addAll(other.shown);
          if (lesson.isEmpty()) {
            lesson = other.lesson;
            step = other.step;
          }
          unknown.addAll(other.unknown);
          return Stream.concat(lines().stream(), unknown.stream()).toList();
        });
  }
}
