package doqu.precondition;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.precondition.Preconditions.Checked;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Answers the calls of a step from the table in the kernel's stead: none is made. After one that
 * would change what the next depends on, the next are taken to succeed.
 *
 * <p>It cannot foresee what the kernel tells nobody: limits on namespaces where nobody in sight can
 * read them; whether who made a user namespace had CAP_SETFCAP; which mounts are locked, where that
 * does not follow from what is mounted outside; who writes to a program from outside the stage.
 */
public final class Foresight {
  /** Calls after which the actor stands where the others of the step find it. */
  private static final Set<String> CHANGE_LITTLE =
      Set.of("openat", "close", "read", "write", "wait4", "kill", "execve");

  private static final int FIRST_DESCRIPTOR = 900;

  /**
   * A call as it would go.
   *
   * @param call as strace prints it
   * @param errno what it would fail with; empty: it would succeed
   * @param known whether doqu knows what the call needs
   * @param checked what it needs, and how that stands
   */
  public record Foreseen(String call, Optional<Errno> errno, boolean known, List<Checked> checked) {
    /** What it would fail for. */
    public Optional<Checked> obstacle() {
      return checked.stream().filter(one -> one.verdict().isBroken()).findFirst();
    }

    /**
     * What it may fail for all the same. A filter or a security module is no part of it: where
     * there is one that would have to be said of every call.
     */
    public List<Checked> unknown() {
      return checked.stream()
          .filter(one -> one.verdict().isUnknown())
          .filter(one -> !one.precondition().equals(Preconditions.NOBODY_FORBIDS))
          .toList();
    }
  }

  private final Situation now;
  private final List<Foreseen> calls = new ArrayList<>();
  private int descriptors;
  private boolean changed;

  /** Of an actor as it stands now. */
  public Foresight(Stage stage, Actor actor) {
    now = new Situation(stage, actor);
  }

  /** What a call would return. */
  public Reply answer(Call call) {
    List<Checked> checked =
        changed ? Preconditions.checkAfter(now, call) : Preconditions.check(now, call);
    Foreseen foreseen =
        new Foreseen(
            call.toString(),
            checked.stream()
                .filter(one -> one.verdict().isBroken())
                .map(one -> one.verdict().errno())
                .findFirst(),
            Preconditions.knows(call.name()),
            checked);
    calls.add(foreseen);
    if (call.name().equals("unshare") && (call.number(0) & Flags.CLONE_NEWUSER) != 0) {
      now.toUnshareUser();
    }
    changed |= foreseen.errno.isEmpty() && !CHANGE_LITTLE.contains(call.name());
    long value = foreseen.errno.map(errno -> -(long) errno.number()).orElseGet(() -> result(call));
    return new Reply(value, call.args().stream().map(Arg::block).toList());
  }

  private long result(Call call) {
    return switch (call.name()) {
      case "openat" -> {
        int descriptor = FIRST_DESCRIPTOR + descriptors++;
        now.pretend(descriptor, call.text(1).orElse(""));
        yield descriptor;
      }
      case "write" -> call.number(2);
      default -> 0;
    };
  }

  /** All calls so far, in their order. */
  public List<Foreseen> calls() {
    return List.copyOf(calls);
  }
}
