package doqu.lesson;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One page of a lesson, and what the learner is to do there.
 *
 * @param where the file and line it stands in
 * @param id by which progress is kept: it never changes, and no other step of the course has it
 * @param startsAnew whether it begins on a fresh stage, and not where the one before has ended
 * @param start the commands that lead from there to where it begins
 * @param goal what has to be reached; empty: it is only read
 * @param solution the commands that reach it
 * @param answer the letter of the choice that is right, or the free answer; empty: none is asked
 *     for
 * @param bounds what it needs, and what it is done with
 * @param c the same in C
 * @param shell the same as a shell does it
 * @param manual the pages to read on in
 * @param text what is said
 */
public record LessonStep(
    String where,
    String id,
    Kind kind,
    boolean startsAnew,
    List<String> start,
    Optional<Goal> goal,
    List<String> solution,
    String answer,
    Bounds bounds,
    String c,
    String shell,
    String manual,
    Text text) {

  /** What a step is for. */
  public enum Kind {
    /** It is read. */
    READ,
    /** The learner says what will come, then sees. */
    PREDICT,
    /** A state has to be reached. */
    DO,
    /** A failure has to be met. */
    FAIL,
    /** Whatever the learner likes. */
    PLAY,
    /** What was learnt. */
    RECAP;

    /** Whether something has to be reached. */
    boolean hasGoal() {
      return this == PREDICT || this == DO || this == FAIL;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Set<String> FIELDS =
      Stream.concat(
              Stream.of(
                  "id", "kind", "start", "goal", "solution", "answer", "c", "shell", "manual"),
              Bounds.FIELDS.stream())
          .collect(Collectors.toUnmodifiableSet());

  static LessonStep of(Value value, Map<String, Value> texts, String textFile) {
    Value.Fields fields = value.fields(FIELDS);
    String id = fields.need("id").name();
    if (id.equals(Lesson.TITLE)) {
      throw fields.need("id").fault("'" + id + "' is no name of a step: texts begin with it");
    }
    Kind kind = kind(fields.need("kind"));
    Optional<Goal> goal = fields.get("goal").map(Goal::of);
    boolean wants = kind.hasGoal();
    if (wants != goal.isPresent()) {
      throw value.fault("a step '" + kind.word() + "' " + (wants ? "needs a goal" : "has no goal"));
    }
    List<String> solution = fields.texts("solution");
    if (wants && solution.isEmpty()) {
      throw value.fault("a step with a goal needs a solution");
    }
    String answer = fields.text("answer");
    if ((kind == Kind.PREDICT) == answer.isEmpty()) {
      throw value.fault("'answer' is what a step 'predict' needs, and no other has");
    }
    Value text = texts.get(id);
    if (text == null) {
      throw new Fault(textFile + ": the text of '" + id + "' is missing");
    }
    return new LessonStep(
        value.where(),
        id,
        kind,
        fields.get("start").isPresent(),
        fields.texts("start"),
        goal,
        solution,
        answer,
        Bounds.of(fields),
        fields.text("c"),
        fields.text("shell"),
        fields.text("manual"),
        Text.of(text, kind, answer));
  }

  private static Kind kind(Value value) {
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(value.text())) {
        return kind;
      }
    }
    throw value.unknown(
        "kind of step", Arrays.stream(Kind.values()).map(Kind::word).collect(Collectors.toSet()));
  }
}
