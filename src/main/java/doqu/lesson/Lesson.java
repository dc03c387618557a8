package doqu.lesson;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    String textFile = id + "/" + language.text() + YAML;
    Value structure = source.yaml(id + "/" + STRUCTURE + YAML, name);
    Value says = source.yaml(textFile, language);
    Map<String, Value> texts = says.fields();
    Value title = texts.get(TITLE);
    if (title == null) {
      throw says.fault("'" + TITLE + "' is missing");
    }
    Map<String, Value> left = new HashMap<>(texts);
    left.remove(TITLE);
    List<LessonStep> steps = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Value step : structure.fields(Set.of("steps")).need("steps").list()) {
      LessonStep one = LessonStep.of(step, texts, textFile);
      if (!seen.add(one.id())) {
        throw step.fault("the step '" + one.id() + "' is there twice");
      }
      left.remove(one.id());
      steps.add(one);
    }
    if (steps.isEmpty()) {
      throw structure.fault("a lesson has one step at least");
    }
    left.forEach(
        (step, text) -> {
          throw text.fault("the lesson has no step '" + step + "'");
        });
    return new Lesson(id, title.text(), List.copyOf(steps));
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
