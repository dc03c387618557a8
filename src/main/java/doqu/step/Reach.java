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
import doqu.observe.StageProcess;
import doqu.stage.Stage;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far an actor's hand reaches: what of its surroundings is the host's too. */
final class Reach {
  private static final Pattern PROCESS = Pattern.compile("/proc/(\\d+)(/.*)?");

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
   * @param mount the mount it lies on
   * @param path of it, as far as doqu can see
   */
  record Place(Mount mount, String path) {}

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
    return Mounts.of(actor.pid()).list().stream()
        .filter(one -> one.id() == mount)
        .findFirst()
        .map(one -> new Place(one, real));
  }

  /** Whether a mount made or taken away on that mount appears or goes on the host as well. */
  boolean propagatesToTheHost(Mount mount) {
    return !mount.peers().isEmpty()
        && hostMounts().stream().anyMatch(host -> host.peers().equals(mount.peers()));
  }

  /** The mount on which another lies; empty: it is the root. */
  Optional<Mount> parent(Mount mount) {
    return Mounts.of(actor.pid()).list().stream()
        .filter(one -> one.id() == mount.parent())
        .findFirst();
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
    Matcher process = PROCESS.matcher(place.path());
    if (place.mount().type().equals("proc") && process.matches()) {
      int pid = Integer.parseInt(process.group(1));
      return StageProcess.all(stage).stream().anyMatch(one -> one.pid() == pid);
    }
    if ((place.path() + "/").startsWith(stage.workArea() + "/")) {
      return true;
    }
    // As after pivot_root: there the path is another, but the mount is of what lies in the area.
    return areaOnItsFileSystem()
        .filter(area -> area.mount().device().equals(place.mount().device()))
        .filter(area -> (place.mount().root() + "/").startsWith(area.path() + "/"))
        .isPresent();
  }

  /** The work area by its path in the file system that is mounted there on the host. */
  private Optional<Place> areaOnItsFileSystem() {
    String area = stage.workArea();
    return hostMounts().stream()
        .filter(mount -> area.startsWith(mount.point()))
        .reduce((one, other) -> other.point().length() >= one.point().length() ? other : one)
        .map(
            mount -> {
              String root = mount.root().equals("/") ? "" : mount.root();
              String below =
                  mount.point().equals("/") ? area : area.substring(mount.point().length());
              return new Place(mount, root + below);
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
