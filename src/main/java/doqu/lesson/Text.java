package doqu.lesson;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a step says, in one language; Markdown.
 *
 * @param title of the page
 * @param say what is to be looked at, and what to do
 * @param choices what may come, by letter; none: the answer is free, or none is asked for
 * @param hints in the order they are given: a nudge, the concept, the shape
 * @param after what is said when it is done
 * @param learnt that in a sentence
 */
public record Text(
    String title,
    String say,
    Map<String, String> choices,
    List<String> hints,
    String after,
    String learnt) {
  private static final Set<String> FIELDS =
      Set.of("title", "say", "choices", "hints", "after", "learnt");

  static Text of(Value value, LessonStep.Kind kind, String answer) {
    Value.Fields fields = value.fields(FIELDS);
    Map<String, String> choices = new LinkedHashMap<>();
    fields
        .get("choices")
        .ifPresent(all -> all.fields().forEach((letter, says) -> choices.put(letter, says.text())));
    if (!choices.isEmpty() && !choices.containsKey(answer)) {
      throw value.fault("the answer '" + answer + "' is none of the choices");
    }
    boolean wants = kind.hasGoal();
    List<String> hints = fields.texts("hints");
    if (wants && hints.isEmpty()) {
      throw value.fault("a step with a goal needs hints");
    }
    if (wants) {
      fields.need("after");
      fields.need("learnt");
    }
    return new Text(
        fields.need("title").text(),
        fields.need("say").text(),
        choices,
        hints,
        fields.text("after"),
        fields.text("learnt"));
  }
}
