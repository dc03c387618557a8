package doqu.shell;

import doqu.actor.Actor;
import doqu.step.Step;
import doqu.step.StepRecord;
import org.jspecify.annotations.Nullable;

/**
 * A step that was begun on a scene: what it takes to do it again, and what came of it. It holds the
 * name of the actor, never a PID.
 */
final class Deed {
  private final Actor who;
  private final String actor;
  private final String text;
  private final Step step;
  private final boolean rootfsLaid;
  private @Nullable StepRecord record;
  private boolean blocked;
  private int returnedBefore;

  /**
   * One that begins now.
   *
   * @param text as it was typed
   * @param step what that means: it can be carried out by any actor, any number of times
   * @param rootfsLaid whether the learner's root file system was there
   */
  Deed(Actor who, String text, Step step, boolean rootfsLaid) {
    this.who = who;
    this.actor = who.name();
    this.text = text;
    this.step = step;
    this.rootfsLaid = rootfsLaid;
  }

  /** The process that carried it out, for as long as its stage lives. */
  Actor who() {
    return who;
  }

  /** What the one who carried it out was called then. */
  String actor() {
    return actor;
  }

  String text() {
    return text;
  }

  Step step() {
    return step;
  }

  boolean rootfsLaid() {
    return rootfsLaid;
  }

  /** What came of it; null: it has not returned. */
  @Nullable StepRecord record() {
    return record;
  }

  /** Its actor sleeps in it; others go on. */
  void blocks() {
    blocked = true;
  }

  /** Whether others could go on before it had returned. */
  boolean blocked() {
    return blocked;
  }

  /**
   * It has returned.
   *
   * @param begun how many deeds of the scene had begun by then
   */
  void returned(StepRecord itsRecord, int begun) {
    record = itsRecord;
    returnedBefore = begun;
  }

  /** Whether it had returned when the deed at that place began, counted from 0. */
  boolean returnedBefore(int place) {
    return record != null && returnedBefore <= place;
  }

  /** How many deeds of the scene had begun when it returned: it itself at least. */
  int returnedBefore() {
    return returnedBefore;
  }

  /** Whether its actor is another program since. */
  boolean becameProgram() {
    StepRecord done = record;
    return done != null && done.becameProgram();
  }

  /** Whether nothing that doqu watches is other than before. */
  boolean changedNothing() {
    StepRecord done = record;
    return done != null && done.changes().isEmpty();
  }

  /** What came of it in a word: ok, the errno of the call that failed, blocked. */
  String result() {
    StepRecord done = record;
    if (done == null) {
      return "blocked";
    }
    if (done.ok()) {
      return "ok";
    }
    return done.errno().isEmpty() ? "failed" : done.errno();
  }

  @Override
  public String toString() {
    return "'" + text + "' by " + actor;
  }
}
