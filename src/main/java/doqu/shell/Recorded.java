package doqu.shell;

import doqu.actor.Actor;
import doqu.observe.Differences;
import doqu.observe.Life;
import doqu.observe.Mounts;
import doqu.observe.Snapshot;
import doqu.observe.View;
import doqu.step.Mistake;
import doqu.step.StepRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How the stage was after a step, from the records: who was there and, of each actor, what was seen
 * of it last; of one that acted only later, what was seen before its first step.
 */
final class Recorded {
  /** A step's line that is longer is cut in the head of a column. */
  private static final int LONGEST = 24;

  /**
   * What was seen of an actor.
   *
   * @param when in words, to follow "as it was": {@code after 3}
   */
  private record Sight(Snapshot snapshot, String when) {}

  private final String title;

  /** What is seen in these is so at the very moment, not only as long as nobody else acted. */
  private final List<String> exactly;

  private final Map<Actor, Sight> sights = new LinkedHashMap<>();
  private Map<Actor, Life> lives = Map.of();
  private Mounts hostMounts = View.NONE.hostMounts();

  private Recorded(String title, List<String> exactly) {
    this.title = title;
    this.exactly = exactly;
  }

  /**
   * After a step by its number in the history; 0: before the first.
   *
   * @throws Mistake when there is no such state
   */
  static Recorded after(List<Deed> deeds, int number) {
    if (number == 0) {
      return recorded("0 (before the first)", 0, deeds, 0);
    }
    Deed deed = deeds.get(number - 1);
    if (deed.record() == null) {
      throw new Mistake("'" + number + "' has not returned: there is no state after " + deed);
    }
    // One that was blocked returned when others had been carried out.
    return recorded(number + " (" + shown(deed) + ")", number, deeds, deed.returnedBefore());
  }

  private static Recorded recorded(String title, int number, List<Deed> deeds, int begun) {
    Recorded recorded = new Recorded(title, List.of("after " + number, "before " + (begun + 1)));
    List<Integer> done = new ArrayList<>();
    for (int step = deeds.size(); step >= 1; step--) {
      StepRecord record = deeds.get(step - 1).record();
      if (record != null && deeds.get(step - 1).returnedBefore(begun)) {
        done.add(0, step);
      } else if (record != null) {
        recorded.see(deeds.get(step - 1), record.before(), "before " + step);
      }
    }
    done.sort(
        Comparator.comparing((Integer step) -> deeds.get(step - 1).returnedBefore())
            .thenComparing(step -> deeds.get(step - 1).blocked()));
    for (int step : done) {
      StepRecord record = Objects.requireNonNull(deeds.get(step - 1).record());
      recorded.see(deeds.get(step - 1), record.after(), "after " + step);
    }
    return recorded;
  }

  private static String shown(Deed deed) {
    String text = deed.text();
    return deed.actor()
        + ": "
        + (text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text);
  }

  private void see(Deed deed, View view, String when) {
    if (!view.actor().facts().isEmpty()) {
      sights.put(deed.who(), new Sight(view.actor(), when));
    }
    if (!view.lives().isEmpty()) {
      lives = view.lives();
      hostMounts = view.hostMounts();
    }
  }

  /** All that differs between two states, of every actor and of the host's mounts. */
  static Contrast between(Recorded one, Recorded other) {
    List<Differences.Row> rows = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    Set<Actor> actors = new LinkedHashSet<>(one.lives.keySet());
    actors.addAll(other.lives.keySet());
    for (Actor actor : actors) {
      String was = one.life(actor);
      String is = other.life(actor);
      if (!was.equals(is)) {
        rows.add(new Differences.Row(actor.name(), was, is));
      }
      Sight seen = one.sights.get(actor);
      Sight seenThen = other.sights.get(actor);
      if (!one.has(actor) || !other.has(actor)) {
        continue; // where it is not there is nothing to compare
      }
      if (seen == null || seenThen == null) {
        remarks.add(actor.name() + " has taken no step: nothing of it is recorded");
        continue;
      }
      List<Differences.Row> its = Differences.between(seen.snapshot, seenThen.snapshot);
      its.forEach(row -> rows.add(named(actor.name(), row)));
      if (!its.isEmpty()
          && !(one.exactly.contains(seen.when) && other.exactly.contains(seenThen.when))) {
        remarks.add(actor.name() + " as it was recorded: " + seen.when + ", and " + seenThen.when);
      }
    }
    Differences.between(one.hostMounts, other.hostMounts)
        .forEach(row -> rows.add(named(Who.HOST, row)));
    return new Contrast(one.title, other.title, rows, remarks);
  }

  private static Differences.Row named(String whose, Differences.Row row) {
    return new Differences.Row(whose + " " + row.what(), row.one(), row.other());
  }

  private boolean has(Actor actor) {
    Life life = lives.get(actor);
    return life == Life.ALIVE || life == Life.STOPPED;
  }

  private String life(Actor actor) {
    Life life = lives.get(actor);
    return life == null ? "-" : life.toString();
  }
}
