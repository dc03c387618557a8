package doqu.lesson;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lessons in their order. A lesson is read when somebody wants to know what is in it: a course of
 * hundreds begins as soon as one of a few.
 */
public final class Course {
  private static final String FILE = "course.yaml";

  private final Source source;
  private final Value language;
  private final String id;
  private final boolean locked;
  private final Map<String, Value> languages;
  private final Map<String, Value> lessons;
  private final Map<String, Lesson> read = new HashMap<>();

  private Course(
      Source source,
      Value language,
      String id,
      boolean locked,
      Map<String, Value> languages,
      Map<String, Value> lessons) {
    this.source = source;
    this.language = language;
    this.id = id;
    this.locked = locked;
    this.languages = languages;
    this.lessons = lessons;
  }

  /**
   * A course.
   *
   * @param wanted the language in which it is told, {@code en}; it is its first one where it is not
   *     told in that
   * @throws Fault when the file that names its lessons is not as it should be
   */
  public static Course of(Source source, String wanted) {
    Value.Fields fields = source.yaml(FILE).fields(Set.of("id", "languages", "locked", "lessons"));
    Map<String, Value> lessons = named(fields, "lesson");
    Map<String, Value> languages = named(fields, "language");
    languages.forEach(
        (name, language) -> {
          if (name.equals(Lesson.STRUCTURE)) {
            fields.add(
                language.fault("'" + name + "' is no language: its file is of another kind"));
          }
        });
    Optional<String> id = fields.need("id", Value::name);
    boolean locked = fields.get("locked", Value::truth).orElse(false);
    fields.tell();
    Value first = languages.values().iterator().next();
    return new Course(
        source,
        languages.getOrDefault(wanted, first),
        id.orElseThrow(),
        locked,
        languages,
        lessons);
  }

  private static Map<String, Value> named(Value.Fields fields, String kind) {
    Map<String, Value> named = new LinkedHashMap<>();
    String field = kind + "s";
    for (Value value : fields.need(field, Value::list).orElse(List.of())) {
      Optional<String> name = fields.faults().of(value::name);
      if (name.isPresent() && named.putIfAbsent(name.get(), value) != null) {
        fields.add(value.fault("the " + kind + " '" + name.get() + "' is there twice"));
      }
    }
    if (fields.isEmpty(field)) {
      fields.add(fields.of().fault("a course has one " + kind + " at least"));
    }
    return named;
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
    return List.copyOf(languages.keySet());
  }

  /**
   * What is wrong with the names of the files beside a lesson's: texts that no learner will see.
   *
   * @return a line for each
   */
  public List<String> unread(String lesson) throws IOException {
    Set<String> known = new HashSet<>(languages.keySet());
    known.add(Lesson.STRUCTURE);
    return source.names(lesson).stream()
        .filter(file -> file.endsWith(Lesson.YAML))
        .filter(file -> !known.contains(file.replace(Lesson.YAML, "")))
        .map(file -> lesson + "/" + file + ":1: 'languages' in " + FILE + " does not list it")
        .toList();
  }

  /** The names of its lessons, in their order. */
  public List<String> lessons() {
    return List.copyOf(lessons.keySet());
  }

  /**
   * One of them.
   *
   * @throws Fault when it is not as it should be
   * @throws IllegalArgumentException for the name of none
   */
  public Lesson lesson(String name) {
    Lesson lesson = read.get(name);
    if (lesson == null) {
      Value named = lessons.get(name);
      if (named == null) {
        throw new IllegalArgumentException(name);
      }
      lesson = Lesson.of(source, named, language);
      read.put(name, lesson);
    }
    return lesson;
  }
}
