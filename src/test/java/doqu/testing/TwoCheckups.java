package doqu.testing;

import doqu.look.Doctor;
import java.util.ArrayList;
import java.util.List;

/** A program that has the machine examined twice, and tells what of it is left. */
public final class TwoCheckups {
  private TwoCheckups() {}

  /** The command that starts it. */
  public static List<String> command() {
    List<String> command = new ArrayList<>(Doqu.command());
    command.set(command.size() - 1, TwoCheckups.class.getName());
    // With it a thread of the JVM's own opens files of its cgroup now and then, and they are
    // counted.
    command.add(1, "-XX:-UseContainerSupport");
    return command;
  }

  public static void main(String[] args) {
    long self = ProcessHandle.current().pid();
    boolean broken = Doctor.isBroken(Doctor.examine());
    long before = Syscall.descriptors(self).count();
    Doctor.examine();
    long more = Syscall.descriptors(self).count() - before;
    long processes = ProcessHandle.current().descendants().count();
    System.out.println(
        "broken: " + broken + ", processes: " + processes + ", descriptors: " + more);
  }
}
