package doqu.stage;

import static doqu.stage.Asking.ask;
import static doqu.stage.Asking.child;
import static doqu.stage.Asking.refused;
import static doqu.stage.Asking.spawn;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Signals;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Builds the two layers of the stage, told in the order in which it happens.
 *
 * <p>The outer layer makes everything of the machine read-only and covers what a program could talk
 * to. The inner layer is the learner's. Because the inner one belongs to another user namespace,
 * the kernel locks what the outer one mounted (mount_namespaces(7), "Restrictions on mount
 * namespaces"): so the walls hold against a learner who is root in there.
 */
final class Layers {
  private static final long INNER =
      Flags.CLONE_NEWNS
          | Flags.CLONE_NEWPID
          | Flags.CLONE_NEWUTS
          | Flags.CLONE_NEWIPC
          | Flags.CLONE_NEWCGROUP;

  /** The outer layer's and the stage's own. */
  private static final int PID_NAMESPACES = 2;

  private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
  private static final long NO_EXEC_NO_SUID_NO_DEV =
      Flags.MS_NOSUID | Flags.MS_NODEV | Flags.MS_NOEXEC;

  /** Where what is changed in an underlay is written to. */
  private static final String CHANGES = "/run";

  private static final int PROCESSES = 4096;
  private static final String LIMITS = "size=512m,nr_inodes=65536,mode=";
  static final long SIG_DFL = 0;
  static final long SIG_IGN = 1;

  private static final List<String> DEVICES =
      List.of("null", "zero", "full", "random", "urandom", "tty");

  private final List<Actor> hidden = new ArrayList<>();

  /** The directory the work area is mounted on; the learner's root file system lies below it. */
  private final String workArea;

  private final Optional<Underlay> underlay;

  private Layers(String workArea, Optional<Underlay> underlay) {
    this.workArea = workArea;
    this.underlay = underlay;
  }

  /**
   * What was built.
   *
   * @param outer in the outer layer, its mounts out of the learner's reach; parent of {@code init}
   * @param wall PID 1 of the outer layer: when it ends, everything on the stage ends
   * @param init PID 1 of the learner's
   * @param first the learner's first actor
   * @param workArea the directory that may be written to
   */
  record Built(Actor outer, Actor wall, Actor init, Actor first, String workArea) {}

  /**
   * Builds both.
   *
   * @param underlay what the work area shows; else it is empty
   */
  static Built build(Optional<Underlay> underlay) throws StageRefused {
    Layers layers = new Layers(placeForWork(), underlay);
    boolean built = false;
    try {
      Built all = layers.raise();
      built = true;
      return all;
    } catch (ActorGone e) {
      throw Asking.gone(e, Asking.end(layers.hidden));
    } finally {
      if (!built) {
        Asking.end(layers.hidden);
      }
    }
  }

  /** A directory of the machine that the work area can be mounted on. */
  static String placeForWork() {
    return List.of("/mnt", "/media", "/srv", "/opt").stream()
        .filter(path -> Files.isDirectory(Path.of(path)) && !Files.isSymbolicLink(Path.of(path)))
        .findFirst()
        .orElse("/tmp");
  }

  private Built raise() throws StageRefused {
    Ids ids = underlay.map(Underlay::ids).orElseGet(Ids::here);
    Actor outer = spawn("outer layer", PID_NAMESPACES);
    hidden.add(outer);
    inheritNothing(outer);
    boolean machinesRoot = ids.base().isPresent();
    if (machinesRoot && underlay.isPresent()) {
      // Where it lies, only the machine's root may get to.
      ask(outer, Calls.unshare(Flags.CLONE_NEWNS));
      ask(outer, Calls.mount("none", "/", "", Flags.MS_REC | Flags.MS_PRIVATE, ""));
      ask(outer, bind(underlay.get().directory().toString(), placeOfUnderlay()));
    }
    ask(outer, Calls.unshare(Flags.CLONE_NEWUSER));
    ids.give(outer);
    ask(outer, Calls.unshare(INNER));
    Actor wall = child(outer, "wall");
    hidden.add(wall);

    // A mount made outside later must not arrive here.
    ask(wall, Calls.mount("none", "/", "", Flags.MS_REC | Flags.MS_PRIVATE, ""));
    if (!machinesRoot && underlay.isPresent()) {
      ask(wall, bind(underlay.get().directory().toString(), placeOfUnderlay()));
    }
    ask(wall, Calls.mount("proc", "/proc", "proc", NO_EXEC_NO_SUID_NO_DEV, ""));
    makeDevices(wall);
    ask(wall, Calls.mountSetattr("/", true, Flags.MOUNT_ATTR_RDONLY | Flags.MOUNT_ATTR_NODEV, 0));
    ask(wall, Calls.mountSetattr("/proc", false, 0, Flags.MOUNT_ATTR_RDONLY));
    ask(wall, Calls.mountSetattr("/dev", true, 0, Flags.MOUNT_ATTR_NODEV));
    coverWhatCanBeWrittenOrTalkedTo(wall);
    takeStandardStreamsOfTheStage(wall);
    limitProcesses(wall);

    ask(wall, Calls.unshare(Flags.CLONE_NEWUSER | INNER));
    ids.passOn(outer, wall);
    Actor init = child(wall, "stage");
    hidden.add(init);
    // Shared, so that a mount that leaks in the lessons really leaks: as far as here.
    ask(init, Calls.mount("none", "/", "", Flags.MS_REC | Flags.MS_SHARED, ""));
    ask(init, Calls.mount("proc", "/proc", "proc", NO_EXEC_NO_SUID_NO_DEV, ""));
    ask(init, Calls.sethostname("stage"));
    // Orphans come to this process, which waits for nobody: so they must not stay zombies. The
    // learner's own children have to be waited for; SIG_IGN would be inherited.
    ask(init, signalAction(Signals.SIGCHLD, SIG_IGN));
    Actor first = child(init, "doqu");
    ask(first, signalAction(Signals.SIGCHLD, SIG_DFL));
    return new Built(outer, wall, init, first, workArea);
  }

  /** Leaves what a process takes along into whatever namespaces it goes. */
  private static void inheritNothing(Actor outer) throws StageRefused {
    // /proc/1/cwd would lead to it, below everything that is mounted over it later.
    ask(outer, Calls.chdir("/"));
    // The keys of the user's session: tickets, pass phrases of file systems (session-keyring(7)).
    Call join =
        Call.of(
            "keyctl",
            Arg.named(KEYCTL_JOIN_SESSION_KEYRING, "KEYCTL_JOIN_SESSION_KEYRING"),
            Arg.nothing());
    Reply keyring = outer.plumb(join);
    // Where there is no such call, or none for a container, there are no keys either.
    if (keyring.failed()
        && keyring.errno() != Errno.ENOSYS.number()
        && keyring.errno() != Errno.EPERM.number()) {
      throw refused(join.toString(), Failure.of(outer, join, keyring.errno()));
    }
  }

  /**
   * A /dev with nothing that leads to the machine's terminals, disks or sound: a read-only mount
   * does not keep anyone from writing to a device.
   */
  private void makeDevices(Actor wall) throws StageRefused {
    // Built where the work area will be, then moved: the machine's nodes have to be in sight.
    String dev = workArea;
    ask(wall, Calls.mount("dev", dev, "tmpfs", Flags.MS_NOSUID, "size=64k,mode=755"));
    for (String device : DEVICES) {
      int made = ask(wall, Calls.open(dev + "/" + device, Flags.O_CREAT | Flags.O_WRONLY, 0644));
      wall.plumb(Calls.close(made));
      ask(wall, Calls.mount("/dev/" + device, dev + "/" + device, "", Flags.MS_BIND, ""));
    }
    for (String directory : List.of("pts", "shm")) {
      ask(wall, Calls.mkdir(dev + "/" + directory, 0755));
    }
    ask(
        wall,
        Calls.mount(
            "devpts",
            dev + "/pts",
            "devpts",
            Flags.MS_NOSUID | Flags.MS_NOEXEC,
            "newinstance,ptmxmode=0666,mode=0620"));
    ask(wall, Calls.symlink("pts/ptmx", dev + "/ptmx"));
    ask(wall, Calls.symlink("/proc/self/fd", dev + "/fd"));
    for (String stream : List.of("0 stdin", "1 stdout", "2 stderr")) {
      String[] numberAndName = stream.split(" ", 2);
      ask(wall, Calls.symlink("/proc/self/fd/" + numberAndName[0], dev + "/" + numberAndName[1]));
    }
    ask(wall, Calls.mount(dev, "/dev", "", Flags.MS_MOVE, ""));
  }

  /** Where the underlay lies until it is shown; something else is mounted there soon after. */
  private String placeOfUnderlay() {
    return workArea.equals("/tmp") ? "/var/tmp" : "/tmp";
  }

  private static Call bind(String source, String target) {
    return Calls.mount(source, target, "", Flags.MS_BIND | Flags.MS_REC, "");
  }

  /** Shows in the work area what lies at {@link #placeOfUnderlay}, which is covered soon after. */
  private void showUnderlay(Actor wall, boolean kept) throws StageRefused {
    if (kept) {
      ask(wall, bind(placeOfUnderlay(), workArea));
      ask(wall, Calls.mountSetattr(workArea, true, Flags.MOUNT_ATTR_NODEV, 0));
      ask(wall, Calls.mountSetattr(workArea, true, 0, Flags.MOUNT_ATTR_RDONLY));
      return;
    }
    // Whatever is changed is written to a file system in memory that nobody else can get to: it has
    // no place any more when the overlay has taken hold of it.
    ask(wall, Calls.mount("changes", CHANGES, "tmpfs", Flags.MS_NOSUID, LIMITS + "755"));
    for (String directory : List.of("upper", "work")) {
      ask(wall, Calls.mkdir(CHANGES + "/" + directory, 0755));
    }
    String options =
        "lowerdir="
            + placeOfUnderlay()
            + ",upperdir="
            + CHANGES
            + "/upper,workdir="
            + CHANGES
            + "/work";
    ask(
        wall,
        Calls.mount("rootfs", workArea, "overlay", Flags.MS_NOSUID | Flags.MS_NODEV, options));
    ask(wall, Calls.umount2(CHANGES, Flags.MNT_DETACH));
  }

  /** Fresh file systems over where the machine keeps sockets, and where programs want to write. */
  private void coverWhatCanBeWrittenOrTalkedTo(Actor wall) throws StageRefused {
    List<String> places = new ArrayList<>(List.of("/dev/shm 1777", "/run 755"));
    if (underlay.isPresent()) {
      showUnderlay(wall, underlay.get().kept());
    } else {
      places.add(workArea + " 755");
    }
    List.of("/tmp", "/var/tmp").stream()
        .filter(place -> !place.equals(workArea))
        .forEach(place -> places.add(place + " 1777"));
    for (String place : places) {
      String[] pathAndMode = place.split(" ", 2);
      if (Files.isDirectory(Path.of(pathAndMode[0])) || pathAndMode[0].equals("/dev/shm")) {
        ask(
            wall,
            Calls.mount(
                "tmpfs",
                pathAndMode[0],
                "tmpfs",
                Flags.MS_NOSUID | Flags.MS_NODEV,
                LIMITS + pathAndMode[1]));
      }
    }
  }

  /** The machine's /dev/null, as it was opened outside, lies on a mount that is not read-only. */
  private static void takeStandardStreamsOfTheStage(Actor wall) throws StageRefused {
    int devNull = ask(wall, Calls.open("/dev/null", Flags.O_RDWR | Flags.O_CLOEXEC, 0));
    for (int stream = 0; stream <= 2; stream++) {
      ask(wall, Call.of("dup3", Arg.number(devNull), Arg.number(stream), Arg.number(0)));
    }
    ask(wall, Calls.close(devNull));
  }

  private static void limitProcesses(Actor wall) throws StageRefused {
    long most = Math.min(PROCESSES, Libc.softLimit(Libc.RLIMIT_NPROC) & Long.MAX_VALUE);
    byte[] limit =
        ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(most).putLong(most).array();
    ask(
        wall,
        Call.of(
            "prlimit64",
            Arg.number(0),
            Arg.named(Libc.RLIMIT_NPROC, "RLIMIT_NPROC"),
            Arg.struct(limit, "{rlim_cur=" + most + ", rlim_max=" + most + "}"),
            Arg.nothing()));
  }

  static Call signalAction(int signal, long handler) {
    byte[] action = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN).putLong(handler).array();
    return Call.of(
        "rt_sigaction",
        Arg.named(signal, Signals.name(signal)),
        Arg.struct(action, "{sa_handler=" + (handler == SIG_IGN ? "SIG_IGN" : "SIG_DFL") + "}"),
        Arg.nothing(),
        Arg.number(8));
  }
}
