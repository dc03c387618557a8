package doqu.lesson;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.lesson.Condition.Who;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has to be reached: every condition of it, by whatever way. */
public final class Goal {
  private final List<Condition> conditions;

  private Goal(List<Condition> conditions) {
    this.conditions = conditions;
  }

  static Goal of(Value value) {
    Faults faults = new Faults();
    List<Condition> conditions =
        value.list().stream().flatMap(one -> faults.of(() -> Conditions.of(one)).stream()).toList();
    faults.tell();
    if (conditions.isEmpty()) {
      throw value.fault("a goal has one condition at least");
    }
    return new Goal(conditions);
  }

  /** Whether one of its conditions is that something fails. */
  boolean isFailure() {
    return conditions.stream().anyMatch(Condition::isFailure);
  }

  /** A goal of one condition. */
  static Goal ofOne(Value value) {
    return new Goal(List.of(Conditions.of(value)));
  }

  /**
   * What came of a condition.
   *
   * @param holds whether what was found is what was expected
   * @param says that in a sentence
   */
  public record Checked(boolean holds, String says) {}

  /**
   * Holds the state against it.
   *
   * @return of each condition what came of it, in their order
   */
  public List<Checked> check(Scenery scenery) {
    List<Actor> alive = scenery.alive();
    List<Checked> best = check(scenery, null);
    for (Actor one : alive) {
      List<Checked> checked = check(scenery, one);
      if (one == alive.get(0) || holding(checked) > holding(best)) {
        best = checked; // who comes closest tells what is missing
      }
    }
    return best;
  }

  /** Whether nothing is missing. */
  public boolean isReached(Scenery scenery) {
    return check(scenery).stream().allMatch(Checked::holds);
  }

  private static long holding(List<Checked> checked) {
    return checked.stream().filter(Checked::holds).count();
  }

  private List<Checked> check(Scenery scenery, @Nullable Actor one) {
    return conditions.stream().map(condition -> check(condition, scenery, one)).toList();
  }

  private static Checked check(Condition condition, Scenery scenery, @Nullable Actor one) {
    Who who = condition.who();
    Optional<Actor> actor =
        switch (who.kind()) {
          case ONE -> Optional.ofNullable(one);
          case FOCUS, NOBODY -> Optional.of(scenery.stage().focus());
          case HOST -> Optional.of(scenery.stage().init());
          case NAMED -> scenery.stage().named(who.name()).filter(named -> !named.hasEnded());
        };
    String of =
        switch (who.kind()) {
          case NOBODY -> "";
          case HOST, NAMED -> " of " + who.name();
          case ONE, FOCUS -> actor.map(each -> " of " + each.name()).orElse("");
        };
    String found = actor.map(each -> found(condition, scenery, each)).orElse("nobody there");
    String expected = scenery.here(condition.expected());
    boolean holds = found.equals(expected);
    return new Checked(
        holds,
        condition.what()
            + of
            + (holds ? ": " + found : ": expected " + expected + ", found " + found));
  }

  private static String found(Condition condition, Scenery scenery, Actor actor) {
    try {
      return condition.look().found(scenery, actor);
    } catch (ActorGone e) {
      return "it has ended";
    }
  }
}
