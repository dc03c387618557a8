package doqu.rootfs;

import doqu.actor.ActorProgram;
import doqu.kernel.Arch;
import doqu.stage.Enclosure;
import doqu.stage.Stage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The root file system a learner finds in the work area of a stage: a plain directory. */
public final class LearnersRootfs {
  private static @Nullable Plan made;

  private LearnersRootfs() {}

  /** Where it lies. */
  public static String directory(Stage stage) {
    return stage.workArea() + "/rootfs";
  }

  /**
   * Builds it of this machine's programs, and the probe that needs none of them.
   *
   * @return what was laid, and what the machine did not have
   * @throws IOException when a file cannot be read here or not be made there, with its path
   */
  public static Plan lay(Stage stage) throws IOException {
    Plan plan = plan();
    // The outer layer's mounts are out of the learner's reach, and so is what this actor does.
    Laying.lay(plan, stage.outer(), directory(stage));
    return plan;
  }

  /**
   * Lays the same into an enclosure.
   *
   * @return what was laid
   * @throws IOException when a file cannot be read here or not be made there, with its path
   */
  public static Plan lay(Enclosure enclosure) throws IOException {
    Plan plan = plan();
    Laying.lay(plan, enclosure);
    return plan;
  }

  /** Made once: one session's root file systems are all alike, whatever is installed meanwhile. */
  private static synchronized Plan plan() throws IOException {
    if (made != null) {
      return made;
    }
    byte[] probe = ActorProgram.bytes("probe", Arch.current());
    Description description =
        Description.standard().with(new Entry.RegularFile("/bin/probe", 0755, Source.of(probe)));
    made = MachineRootfs.plan(description, Machine.here());
    return made;
  }
}
