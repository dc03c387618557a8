package doqu.step;

import doqu.actor.Call;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.observe.ActorId;
import doqu.observe.View;
import doqu.precondition.Explanation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one step did: everything that listens to doqu learns it from here.
 *
 * @param step the line that was typed
 * @param actor who carried it out, as it was then
 * @param alone whether no other process was in play, so that nobody need ask whose calls these are
 * @param ok whether every call that mattered succeeded
 * @param syscalls the calls, in order, those of doqu's own plumbing included
 * @param changes what it changed in the kernel's view of the actor, one text each
 * @param notes doqu's own words: the other side of a fork, an end
 * @param explanations why calls failed, in their order; none when nobody looked
 * @param notices the silent failures it has brought about; none when nobody looked
 * @param before what was seen before it; {@link View#NONE} when nobody looked
 * @param after what was seen after it
 */
public record StepRecord(
    String step,
    ActorId actor,
    boolean alone,
    boolean ok,
    List<Syscall> syscalls,
    List<String> changes,
    List<String> notes,
    List<Explanation> explanations,
    List<Notice> notices,
    View before,
    View after) {

  public StepRecord {
    syscalls = List.copyOf(syscalls);
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
    explanations = List.copyOf(explanations);
    notices = List.copyOf(notices);
  }

  /** The errno of the call that failed last; empty: none did. */
  public String errno() {
    return syscalls.stream()
        .map(Syscall::errno)
        .filter(errno -> !errno.isEmpty())
        .reduce("", (first, second) -> second);
  }

  /** Whether the actor is another program since. */
  public boolean becameProgram() {
    return ok && syscalls.stream().anyMatch(call -> call.name().startsWith("execve"));
  }

  /**
   * One system call.
   *
   * @param args as strace prints them
   * @param ret the return value, -1 on failure
   * @param errno the errno's name, empty on success
   * @param text the whole line, as strace prints it
   * @param plumbing whether doqu made it for its own purposes
   */
  public record Syscall(
      String name, List<String> args, long ret, String errno, String text, boolean plumbing) {

    /** That of a call and its reply; {@code null}: it did not return. */
    static Syscall of(Call call, @Nullable Reply reply, boolean plumbing) {
      List<String> args = reply == null ? call.shownArgs() : call.shownArgs(reply);
      String head = call.name() + "(" + String.join(", ", args) + ") = ";
      if (reply == null) {
        return new Syscall(call.name(), args, 0, "", head + "?", plumbing);
      }
      if (!reply.failed()) {
        return new Syscall(call.name(), args, reply.value(), "", head + reply.value(), plumbing);
      }
      String errno = Errno.of(reply.errno()).map(Enum::name).orElse("E" + reply.errno());
      String words = Errno.of(reply.errno()).map(Errno::text).orElse("unknown error");
      String text = head + "-1 " + errno + " (" + words + ")";
      return new Syscall(call.name(), args, -1, errno, text, plumbing);
    }
  }
}
