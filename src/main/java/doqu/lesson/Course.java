package doqu.lesson;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lessons in their order. A lesson is read when somebody wants to know what is in it: a course of
 * hundreds begins as soon as one of a few.
 */
public final class Course {
  private static final String FILE = "course.yaml";

  private final Source source;
  private final String language;
  private final String id;
  private final boolean locked;
  private final List<String> languages;
  private final List<String> ids;
  private final Map<String, Lesson> read = new HashMap<>();

  private Course(
      Source source,
      String language,
      String id,
      boolean locked,
      List<String> languages,
      List<String> ids) {
    this.source = source;
    this.language = language;
    this.id = id;
    this.locked = locked;
    this.languages = languages;
    this.ids = ids;
  }

  /**
   * A course.
   *
   * @param language in which it is told: the name of the text files, {@code en}
   * @throws Fault when the file that names its lessons is not as it should be
   */
  public static Course of(Source source, String language) {
    Value.Fields fields = source.yaml(FILE).fields(Set.of("id", "languages", "locked", "lessons"));
    Value lessons = fields.need("lessons");
    List<String> ids = lessons.texts();
    if (ids.isEmpty()) {
      throw lessons.fault("a course has one lesson at least");
    }
    if (Set.copyOf(ids).size() < ids.size()) {
      throw lessons.fault("a lesson is there twice");
    }
    Value languages = fields.need("languages");
    if (!languages.texts().contains(language)) {
      throw languages.fault("the course is not told in '" + language + "'");
    }
    boolean locked = fields.text("locked").equals("true");
    return new Course(source, language, fields.need("id").text(), locked, languages.texts(), ids);
  }

  /** The name its progress is kept under; it never changes. */
  public String id() {
    return id;
  }

  /** Whether nothing is skipped, and the last hint is not given: for a class. */
  public boolean locked() {
    return locked;
  }

  /** Those it is told in. */
  public List<String> languages() {
    return languages;
  }

  /** The names of its lessons, in their order. */
  public List<String> lessons() {
    return ids;
  }

  /**
   * One of them.
   *
   * @throws Fault when it is not as it should be
   */
  public Lesson lesson(String name) {
    Lesson lesson = read.get(name);
    if (lesson == null) {
      lesson = Lesson.of(source, name, language);
      read.put(name, lesson);
    }
    return lesson;
  }
}
