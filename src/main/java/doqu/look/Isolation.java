package doqu.look;

import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import doqu.stage.Trial;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a stage is made of, from the first process to the whole of it: each is tried. */
final class Isolation {
  /** A stage can do without these; a lesson cannot. */
  private static final Set<Namespace> OF_LESSONS = EnumSet.of(Namespace.NET, Namespace.TIME);

  /** What is said of a check whose calls have all worked. */
  @FunctionalInterface
  private interface Course {
    String run(Trial trial) throws StageRefused;
  }

  private final List<Finding> findings = new ArrayList<>();

  private Isolation() {}

  static List<Finding> check() {
    Isolation isolation = new Isolation();
    // Each needs the one before.
    boolean mapped =
        isolation.tried("actor", Isolation::actor)
            && isolation.tried("user namespaces", Isolation::userNamespace)
            && isolation.tried("id maps", Isolation::idMaps);
    if (mapped && isolation.otherNamespaces() && isolation.tried("mounts", Isolation::mounts)) {
      isolation.tried("pivot_root", Finding.State.LIMITED, Isolation::pivotRoot);
    }
    isolation.stage();
    return isolation.findings;
  }

  private boolean tried(String name, Course course) {
    return tried(name, Finding.State.BROKEN, course);
  }

  private boolean tried(String name, Finding.State otherwise, Course course) {
    String[] says = new String[1];
    try {
      Trial.of(trial -> says[0] = course.run(trial));
      findings.add(Finding.ok(name, says[0]));
      return true;
    } catch (StageRefused e) {
      findings.add(new Finding(name, otherwise, e.refusal().says(), e.refusal().mend()));
      return false;
    }
  }

  private static String actor(Trial trial) throws StageRefused {
    trial.fork();
    trial.ask(Call.of("getpid"));
    return "runs from a memfd, forks, and is known by pidfd and SCM_CREDENTIALS";
  }

  private static String userNamespace(Trial trial) throws StageRefused {
    Call call = Calls.unshare(Flags.CLONE_NEWUSER);
    trial.ask(call);
    return call + " = 0, max " + most(Namespace.USER);
  }

  private static String most(Namespace kind) {
    byte[] content = Libc.readFile("/proc/sys/user/max_" + kind.file() + "_namespaces");
    return content == null ? "unknown" : new String(content, StandardCharsets.US_ASCII).strip();
  }

  private static String idMaps(Trial trial) throws StageRefused {
    trial.unshareUser();
    int count = trial.mapIds();
    return count == 1 ? "the stage has one id, yours" : "the stage has " + count + " ids, nobody's";
  }

  /** Whether those are there that a stage needs. */
  private boolean otherNamespaces() {
    List<String> there = new ArrayList<>();
    List<Finding> missing = new ArrayList<>();
    for (Namespace kind : Namespace.values()) {
      if (kind == Namespace.USER) {
        continue;
      }
      try {
        Trial.of(
            trial -> {
              trial.unshareUser();
              trial.mapIds();
              trial.ask(Calls.unshare(kind.flag()));
            });
        there.add(kind.file());
      } catch (StageRefused e) {
        Finding.State state =
            OF_LESSONS.contains(kind) ? Finding.State.LIMITED : Finding.State.BROKEN;
        missing.add(
            new Finding(
                kind.file() + " namespaces", state, e.refusal().says(), e.refusal().mend()));
      }
    }
    if (!there.isEmpty()) {
      findings.add(
          Finding.ok("other namespaces", String.join(" ", there) + ": unshare(2) = 0 for each"));
    }
    findings.addAll(missing);
    return missing.stream().noneMatch(Finding::isBroken);
  }

  private static String mounts(Trial trial) throws StageRefused {
    withMounts(trial);
    return "proc, tmpfs and bind mounts, mount_setattr(2)";
  }

  /** Private mounts of its own, a new /proc, and a tmpfs in the current directory. */
  private static void withMounts(Trial trial) throws StageRefused {
    String work = Trial.placeForWork();
    trial.unshareUser();
    trial.mapIds();
    trial.ask(Calls.unshare(Flags.CLONE_NEWNS | Flags.CLONE_NEWPID));
    trial.fork(); // only a child is in the new PID namespace, and may mount its /proc
    trial.ask(Calls.mount("none", "/", "", Flags.MS_REC | Flags.MS_PRIVATE, ""));
    trial.ask(Calls.mount("proc", "/proc", "proc", 0, ""));
    trial.ask(Calls.mount("tmpfs", work, "tmpfs", 0, ""));
    trial.ask(Calls.mount(work, work, "", Flags.MS_BIND, ""));
    trial.ask(Calls.mountSetattr("/proc", true, Flags.MOUNT_ATTR_RDONLY, 0));
    trial.ask(Calls.chdir(work));
  }

  private static String pivotRoot(Trial trial) throws StageRefused {
    withMounts(trial);
    trial.ask(Calls.mkdir("old", 0755));
    trial.ask(Calls.pivotRoot(".", "old"));
    trial.ask(Calls.chdir("/"));
    trial.ask(Calls.umount2("/old", Flags.MNT_DETACH));
    return "pivot_root(2), and umount2(2) of the old root";
  }

  private void stage() {
    long begun = System.nanoTime();
    try (Stage stage = Stage.start()) {
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      stage.focus().plumb(Call.of("getpid"));
      findings.add(Finding.ok("stage", "built in " + took + " ms"));
    } catch (StageRefused e) {
      boolean told = findings.stream().anyMatch(Finding::isBroken);
      findings.add(
          told
              ? Finding.broken("stage", "not built: " + e.refusal().what(), "see above")
              : Finding.broken("stage", e.refusal().says(), e.refusal().mend()));
    }
  }
}
