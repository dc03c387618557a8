package doqu.step;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.kernel.Namespace;
import doqu.observe.Life;
import doqu.observe.Snapshot;
import doqu.observe.View;
import doqu.stage.Stage;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a step has left: where a silent failure is looked for.
 *
 * @param worked the calls that did not fail, without those of doqu's own
 * @param kept the descriptors that its last exec passed on; none: it made no exec
 */
record Aftermath(
    Stage stage, Actor actor, View before, View after, List<Call> worked, List<Descriptor> kept) {

  /** Its calls of a name that did not fail. */
  Stream<Call> calls(String name) {
    return worked.stream().filter(call -> call.name().equals(name));
  }

  /** Whether the kernel was asked about the actor on both sides of the step. */
  boolean isSeen() {
    return !was().facts().isEmpty() && !is().facts().isEmpty();
  }

  Snapshot was() {
    return before.actor();
  }

  Snapshot is() {
    return after.actor();
  }

  /** Whether something of the actor is the same on both sides. */
  boolean keeps(String fact) {
    return was().fact(fact).equals(is().fact(fact));
  }

  /** Whether the actor stands in the host's mount namespace. */
  boolean isInTheHostsMounts() {
    return after.hosts().contains(Namespace.MNT.file());
  }

  /** Those who have come to be with it. */
  Stream<Actor> born() {
    return after.lives().keySet().stream().filter(one -> !before.lives().containsKey(one));
  }

  /** Those who were there before it, and not so. */
  Stream<Actor> became(Life life) {
    return before.lives().entrySet().stream()
        .filter(entry -> entry.getValue() != life)
        .map(Map.Entry::getKey)
        .filter(one -> after.lives().get(one) == life);
  }

  /** What has to be typed before a step that another is to take; empty: the actor is the one. */
  String switchTo(Actor other) {
    return other == actor ? "" : "switch " + ActorName.written(other.name()) + "; ";
  }

  /** What has to be done before the step: where there is a way back it leads there first. */
  String beforehand(String mend) {
    return (stage.isBare() ? "" : "undo; ") + mend;
  }
}
