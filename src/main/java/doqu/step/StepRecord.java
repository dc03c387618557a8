package doqu.step;

import java.util.List;

/**
 * What one step did: everything that listens to doqu learns it from here.
 *
 * @param step the line that was typed
 * @param actor who carried it out, as it was then
 * @param ok whether every call that mattered succeeded
 * @param syscalls the calls, in order, those of doqu's own plumbing included
 * @param changes what it changed in the kernel's view of the actor, one text each
 * @param notes doqu's own words: the other side of a fork, an end
 */
public record StepRecord(
    String step,
    ActorId actor,
    boolean ok,
    List<Syscall> syscalls,
    List<String> changes,
    List<String> notes) {

  public StepRecord {
    syscalls = List.copyOf(syscalls);
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
  }

  /** An actor by its name and its three PIDs; a PID that could not be read any more is 0. */
  public record ActorId(String name, int pidInside, int pidStage, int pidMachine) {}

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
      String name, List<String> args, long ret, String errno, String text, boolean plumbing) {}
}
