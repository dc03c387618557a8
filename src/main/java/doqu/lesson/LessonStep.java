package doqu.lesson;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

  /**
   * The one that is written there.
   *
   * @param texts of the language, by id
   * @throws Fault for all that is wrong with it and with its text
   */
  static LessonStep of(Value value, Value texts) {
    Value.Fields fields = value.fields(FIELDS);
    String id = fields.need("id", LessonStep::id).orElse("");
    Optional<Kind> known = fields.need("kind", LessonStep::kind);
    Kind kind = known.orElse(Kind.PLAY);
    Optional<Goal> goal = fields.get("goal", Goal::of);
    String answer = fields.text("answer");
    if (known.isPresent()) {
      judge(fields, kind, goal);
    }
    Optional<Text> text = text(fields, id, texts, known, answer);
    List<String> start = fields.texts("start");
    List<String> solution = fields.texts("solution");
    Bounds bounds = Bounds.of(fields);
    String c = fields.text("c");
    String shell = fields.text("shell");
    String manual = fields.text("manual");
    fields.tell();
    return new LessonStep(
        value.where(),
        id,
        kind,
        fields.has("start"),
        start,
        goal,
        solution,
        answer,
        bounds,
        c,
        shell,
        manual,
        text.orElseThrow());
  }

  private static String id(Value value) {
    if (value.name().equals(Lesson.TITLE)) {
      throw value.fault("'" + Lesson.TITLE + "' is no name of a step: texts begin with it");
    }
    return value.name();
  }

  /** Whether it has what one of its kind has, and nothing else. */
  private static void judge(Value.Fields fields, Kind kind, Optional<Goal> goal) {
    String called = "a step '" + kind.word() + "' ";
    if (kind.hasGoal() && fields.isEmpty("goal")) {
      fields.add(fields.of().fault(called + "needs a goal"));
    } else if (!kind.hasGoal() && fields.has("goal")) {
      fields.add(fields.of().fault(called + "has no goal"));
    }
    if (kind.hasGoal() && fields.isEmpty("solution")) {
      fields.add(fields.of().fault("a step with a goal needs a solution"));
    }
    if ((kind == Kind.PREDICT) == fields.text("answer").isEmpty()) {
      fields.add(fields.of().fault("'answer' is what a step 'predict' needs, and no other has"));
    }
    if (kind == Kind.FAIL && goal.isPresent() && !goal.get().isFailure()) {
      fields.add(fields.of().fault(called + "needs a goal with a failure in it: errno or notice"));
    }
  }

  private static Optional<Text> text(
      Value.Fields fields, String id, Value texts, Optional<Kind> kind, String answer) {
    Value text = texts.fields().get(id);
    if (text != null) {
      return kind.flatMap(known -> fields.faults().of(() -> Text.of(text, known, answer)));
    }
    if (!id.isEmpty()) {
      fields.add(texts.fault("the text of '" + id + "' is missing"));
    }
    return Optional.empty();
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
