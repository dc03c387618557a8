package doqu.step;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.FdInfo;
import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.observe.OwnProc;
import doqu.observe.StageProcess;
import doqu.stage.Stage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How far an actor's hand reaches: what of its surroundings is the host's too. */
final class Reach {
  private static final Pattern PROCESS = Pattern.compile("/(\\d+)(/.*)?");

  /**
   * File systems in which a process finds nothing but what it and its like have put there, unless
   * they are mounted on the host too. All others are backed by something: a device, other files, or
   * the kernel's own settings.
   */
  private static final Set<String> OWN = Set.of("tmpfs", "ramfs", "mqueue", "overlay");

  private static final String PROC = "proc";
  private static final Pattern NAMESPACE = Pattern.compile("\\w+:\\[\\d+]");

  private final Stage stage;
  private final Actor actor;

  Reach(Stage stage, Actor actor) {
    this.stage = stage;
    this.actor = actor;
  }

  /** Whether the actor is in the host's namespace of that kind. */
  boolean isInTheHosts(Namespace kind) {
    return stage.sharesWithHost(actor, kind);
  }

  /**
   * Where a path leads, as the kernel resolves it for the actor.
   *
   * @param mount the mount it lies on; empty: neither doqu's processes nor the host have it
   * @param path of it, as far as doqu can see
   */
  record Place(Optional<Mount> mount, String path) {
    private boolean is(String type) {
      return mount.filter(one -> one.type().equals(type)).isPresent();
    }
  }

  /** The place of a path; empty: it leads nowhere, and a call on it will fail. */
  Optional<Place> place(String path) {
    Reply opened = actor.plumb(Calls.open(path, Flags.O_PATH | Flags.O_CLOEXEC, 0));
    if (opened.failed()) {
      return Optional.empty();
    }
    String proc = "/proc/" + actor.pid() + "/";
    int mount = FdInfo.of(proc, opened.value()).mount();
    String real = Libc.readLink(proc + "fd/" + opened.value());
    actor.plumb(Calls.close((int) opened.value()));
    if (real == null) {
      return Optional.empty();
    }
    return Optional.of(new Place(visible().filter(one -> one.id() == mount).findFirst(), real));
  }

  /** The actor's mounts, then those that a path can lead to from there: a mount has one number. */
  private Stream<Mount> visible() {
    return Stream.concat(
            Stream.of(actor.pid(), stage.init().pid()),
            StageProcess.all(stage).stream().map(StageProcess::pid))
        .flatMap(pid -> Mounts.of(pid).list().stream());
  }

  /** Whose files a place has, when they are not doqu's own; empty: they are. */
  Optional<String> whose(Place place) {
    if (place.mount().isEmpty()) {
      return Optional.of("the files of another mount namespace: " + place.path());
    }
    Mount mount = place.mount().get();
    if (isOurs(place)) {
      return Optional.empty();
    }
    if (isTheHosts(mount)) {
      return Optional.of("the machine's files: " + place.path() + " is on " + mount.source());
    }
    return OWN.contains(mount.type())
        ? Optional.empty()
        : Optional.of(
            "the machine: what "
                + place.path()
                + " is on, "
                + mount.type()
                + ", has more than doqu has put there");
  }

  /** The namespaces a step would enter, in the kernel's words. */
  List<String> namespaces(Setns step) {
    return step.files(stage, actor).stream()
        .flatMap(file -> place(file).stream())
        // A file on which a namespace is mounted has a path of its own.
        .map(place -> place.is("nsfs") ? place.mount.map(Mount::root).orElse("") : place.path)
        .filter(to -> NAMESPACE.matcher(to).matches())
        .toList();
  }

  /** Whether one of doqu's processes is in a namespace, or its children will be. */
  boolean isOurs(String namespace) {
    return StageProcess.all(stage).stream()
        .flatMap(
            process ->
                Stream.concat(
                        Arrays.stream(Namespace.values()).map(Namespace::file),
                        Stream.of("pid_for_children", "time_for_children"))
                    .map(file -> "/proc/" + process.pid() + "/ns/" + file))
        .anyMatch(file -> namespace.equals(Libc.readLink(file)));
  }

  /** Whether a mount made or taken away on that mount appears or goes on the host as well. */
  boolean propagatesToTheHost(Mount mount) {
    return !mount.peers().isEmpty()
        && hostMounts().stream().anyMatch(host -> host.peers().equals(mount.peers()));
  }

  /** On which mounts a mount lies and those upon it: with it they go, if it is lazily. */
  List<Mount> whatItLiesOn(Mount mount) {
    List<Mount> all = Mounts.of(actor.pid()).list();
    Set<Integer> tree = new HashSet<>(Set.of(mount.id()));
    Set<Integer> parents = new HashSet<>(Set.of(mount.parent()));
    for (boolean grows = true; grows; ) {
      grows = false;
      for (Mount one : all) {
        if (tree.contains(one.parent()) && tree.add(one.id())) {
          parents.add(one.parent());
          grows = true;
        }
      }
    }
    return all.stream().filter(one -> parents.contains(one.id())).toList();
  }

  private List<Mount> hostMounts() {
    return Mounts.of(stage.init().pid()).list();
  }

  /** Whether a file system is mounted on the host too. */
  boolean isTheHosts(Mount mount) {
    return hostMounts().stream().anyMatch(host -> host.device().equals(mount.device()));
  }

  /** Whether a place is of doqu's own: below its work area, or what /proc has of its processes. */
  boolean isOurs(Place place) {
    if (place.mount().isEmpty()) {
      return false;
    }
    Mount on = place.mount().get();
    if (place.is(PROC)) {
      return isOfOurProcess(place, on);
    }
    if ((place.path() + "/").startsWith(stage.workArea() + "/")) {
      return true;
    }
    // As after pivot_root: there the path is another, but the mount is of what lies in the area.
    return areaOnItsFileSystem()
        .filter(area -> area.on.device().equals(on.device()))
        .filter(area -> (on.root() + "/").startsWith(area.path + "/"))
        .isPresent();
  }

  /** The host's has the PIDs doqu knows; one of the actor's may show another PID namespace. */
  private boolean isOfOurProcess(Place place, Mount proc) {
    if (!place.path().startsWith(proc.point())) {
      return false;
    }
    Matcher process = PROCESS.matcher(place.path().substring(proc.point().length()));
    if (!process.matches()) {
      return false;
    }
    int pid = Integer.parseInt(process.group(1));
    Stream<Integer> ours = StageProcess.all(stage).stream().map(StageProcess::pid);
    if (isTheHosts(proc)) {
      return ours.anyMatch(one -> one == pid);
    }
    OwnProc shown = OwnProc.at(actor.pid(), proc);
    return Mounts.of(actor.pid()).list().contains(proc)
        && ours.anyMatch(one -> shown.pidOf(one).orElse(0) == pid);
  }

  /** A path in the file system that is mounted, and not where it is mounted. */
  private record Inside(Mount on, String path) {}

  /** The work area by its path in the file system that is mounted there on the host. */
  private Optional<Inside> areaOnItsFileSystem() {
    String area = stage.workArea();
    return hostMounts().stream()
        .filter(mount -> area.startsWith(mount.point()))
        .reduce((one, other) -> other.point().length() >= one.point().length() ? other : one)
        .map(
            mount -> {
              String root = mount.root().equals("/") ? "" : mount.root();
              String below =
                  mount.point().equals("/") ? area : area.substring(mount.point().length());
              return new Inside(mount, root + below);
            });
  }

  /** Whether a PID is, for the actor's kernel, that of a process of doqu's. */
  boolean isOurs(int pid) {
    return StageProcess.seenBy(actor, stage).containsKey(pid);
  }

  /** Whether there is a process of that PID that the actor could signal. */
  boolean exists(int pid) {
    return !isInTheHosts(Namespace.PID) || Libc.readFile("/proc/" + pid + "/stat") != null;
  }
}
