package doqu.step;

import doqu.actor.Call;
import doqu.actor.Calls;
import java.util.List;

/**
 * {@code fork [NAME]}: called once, returns twice.
 *
 * @param call fork(2), or clone(2) with flags that leave the child its own memory
 * @param childName what the child is to be called when nobody has that name yet
 */
record Fork(Call call, String childName) implements Step {
  static Fork parse(Args args) {
    if (args.operands().isEmpty()) {
      return plain();
    }
    String name = args.operand(0);
    if (ActorName.isReserved(name)) {
      throw new Mistake("'" + name + "' is no name: switch has another use for it");
    }
    if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,31}")) {
      throw new Mistake("'" + name + "' is no name: letters and digits, a letter first");
    }
    return new Fork(Calls.fork(), name);
  }

  static Fork plain() {
    return new Fork(Calls.fork(), ActorName.CHILD);
  }

  static Fork cloned(long flags) {
    return new Fork(Calls.clone(flags), ActorName.CHILD);
  }

  @Override
  public void run(Run run) {
    if (!childName.equals(ActorName.CHILD)
        && run.stage().named(childName).filter(a -> !a.hasEnded()).isPresent()) {
      throw new Mistake("'" + childName + "' is the name of another actor");
    }
    // The first process of a PID namespace has a part to play, and a name for it.
    run.fork(
        call,
        childName.equals(ActorName.CHILD) ? List.of(ActorName.CHILD, "init") : List.of(childName));
  }
}
