package doqu.lesson;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a step says, in one language; Markdown.
 *
 * @param where the file and line it stands in
 * @param title of the page
 * @param say what is to be looked at, and what to do
 * @param choices what may come, by letter; none: the answer is free, or none is asked for
 * @param hints in the order they are given: a nudge, the concept, the shape
 * @param after what is said when it is done
 * @param learnt that in a sentence
 */
public record Text(
    String where,
    String title,
    String say,
    Map<String, String> choices,
    List<Hint> hints,
    String after,
    String learnt) {
  private static final Set<String> FIELDS =
      Set.of("title", "say", "choices", "hints", "after", "learnt");

  /**
   * A hint.
   *
   * @param where the file and line it stands in
   */
  public record Hint(String where, String says) {
    static Hint of(Value value) {
      return new Hint(value.where(), value.words());
    }
  }

  static Text of(Value value, LessonStep.Kind kind, String answer) {
    Value.Fields fields = value.fields(FIELDS);
    String title = fields.need("title", Value::words).orElse("");
    String say = fields.need("say", Value::words).orElse("");
    Map<String, String> choices =
        fields.get("choices", all -> choices(all, kind, answer)).orElse(Map.of());
    List<Hint> hints = fields.list("hints", Hint::of);
    if (kind.hasGoal()) {
      fields.need("after", Value::words);
      fields.need("learnt", Value::words);
      if (fields.isEmpty("hints")) {
        fields.add(value.fault("a step with a goal needs hints"));
      }
    }
    Text text =
        new Text(
            value.where(), title, say, choices, hints, fields.text("after"), fields.text("learnt"));
    fields.tell();
    return text;
  }

  private static Map<String, String> choices(Value value, LessonStep.Kind kind, String answer) {
    if (kind != LessonStep.Kind.PREDICT) {
      throw value.fault("only a step 'predict' has choices");
    }
    Map<String, String> choices = new LinkedHashMap<>();
    value.fields().forEach((letter, says) -> choices.put(letter, says.words()));
    if (!choices.containsKey(answer)) {
      throw value.fault("the answer '" + answer + "' is none of the choices");
    }
    return choices;
  }
}
