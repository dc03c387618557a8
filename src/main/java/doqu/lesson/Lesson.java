package doqu.lesson;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A lesson: the file {@code lesson.yaml} in the folder of its name, and beside it one of texts for
 * each language, {@code en.yaml}.
 *
 * @param id the name of its folder
 * @param title in the language it is read in
 * @param steps in their order, one at least
 */
public record Lesson(String id, String title, List<LessonStep> steps) {
  static final String TITLE = "title";

  /** The file with what a lesson is made of, beside which those of the languages lie. */
  static final String STRUCTURE = "lesson";

  static final String YAML = ".yaml";

  /**
   * That of a folder.
   *
   * @param name of the folder, where the course names it
   * @param language where the course names it
   */
  static Lesson of(Source source, Value name, Value language) {
    String id = name.text();
    Faults faults = new Faults();
    Optional<Value> structure = faults.of(() -> source.yaml(id + "/" + STRUCTURE + YAML, name));
    Optional<Value> texts =
        faults.of(() -> source.yaml(id + "/" + language.text() + YAML, language));
    faults.tell();
    return of(id, structure.orElseThrow(), texts.orElseThrow());
  }

  private static Lesson of(String id, Value structure, Value texts) {
    Value.Fields fields = structure.fields(Set.of("steps"));
    Map<String, Value> left = new HashMap<>(texts.fields());
    Optional<String> title = title(fields, texts, left.remove(TITLE));
    List<LessonStep> steps = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Value step : fields.need("steps", Value::list).orElse(List.of())) {
      fields.faults().of(() -> LessonStep.of(step, texts)).ifPresent(steps::add);
      String its = step.textOf("id");
      if (!its.isEmpty() && !seen.add(its)) {
        fields.add(step.fault("the step '" + its + "' is there twice"));
      }
      left.remove(its);
    }
    if (fields.isEmpty("steps")) {
      fields.add(structure.fault("a lesson has one step at least"));
    }
    left.forEach((step, text) -> fields.add(text.fault("the lesson has no step '" + step + "'")));
    fields.tell();
    return new Lesson(id, title.orElseThrow(), List.copyOf(steps));
  }

  private static Optional<String> title(Value.Fields fields, Value texts, @Nullable Value title) {
    if (title == null) {
      fields.add(texts.fault("'" + TITLE + "' is missing"));
      return Optional.empty();
    }
    return fields.faults().of(title::words);
  }

  /** The step of an id. */
  public Optional<LessonStep> step(String wanted) {
    return steps.stream().filter(each -> each.id().equals(wanted)).findFirst();
  }

  /**
   * The commands that lead from a fresh stage to where a step begins: the nearest start before it
   * that a step names, and the solutions of those between.
   */
  public List<String> wayTo(LessonStep step) {
    int place = steps.indexOf(step);
    int from = place;
    while (from > 0 && !steps.get(from).startsAnew()) {
      from--;
    }
    List<String> way = new ArrayList<>(steps.get(from).start());
    steps.subList(from, place).forEach(before -> way.addAll(before.solution()));
    return way;
  }
}
