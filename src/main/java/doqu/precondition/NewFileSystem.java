package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.FileSystems;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What mount(2) needs to mount a file system by its type. */
final class NewFileSystem {
  /** What a user namespace may mount (FS_USERNS_MOUNT in fs/), with what has to be its own too. */
  private static final Map<String, Namespace> OWNED_BY =
      Map.of(
          "proc", Namespace.PID,
          "sysfs", Namespace.NET,
          "mqueue", Namespace.IPC,
          "cgroup", Namespace.CGROUP,
          "cgroup2", Namespace.CGROUP);

  private static final Set<String> IN_USER_NAMESPACES =
      Set.of(
          "proc",
          "sysfs",
          "mqueue",
          "cgroup",
          "cgroup2",
          "tmpfs",
          "ramfs",
          "devpts",
          "overlay",
          "fuse",
          "binder",
          "binfmt_misc");

  /** Of which each namespace has but one; every mount of proc and tmpfs is another file system. */
  static final Set<String> ONE_EACH = Set.of("sysfs", "mqueue", "cgroup", "cgroup2");

  private NewFileSystem() {}

  static List<Precondition> all() {
    List<Precondition> all = new ArrayList<>(told());
    all.addAll(Overlay.all());
    all.addAll(shown());
    return all;
  }

  /** What is asked of the words of the call alone. */
  private static List<Precondition> told() {
    return List.of(
        Precondition.of(
            Errno.EINVAL,
            "a type is given",
            (now, call) ->
                Verdict.of(
                    call.text(Mounting.TYPE).isPresent(),
                    Errno.EINVAL,
                    call.text(Mounting.TYPE)
                        .map(type -> "it is " + type)
                        .orElse("it is NULL, and no flag says bind, move or remount"),
                    "")),
        Precondition.of(Errno.ENODEV, "the kernel knows the type", typed(NewFileSystem::known)),
        Precondition.of(
            Errno.EINVAL, "the file system knows the options", NewFileSystem::knownOptions),
        Precondition.of(
            Errno.EPERM, "a user namespace may mount the type", typed(NewFileSystem::mayMount)),
        Precondition.of(
            Errno.EINVAL,
            "fuse and overlay are told what they cannot do without",
            NewFileSystem::requiredOptions));
  }

  /** What is asked of what it shows, and of where it is to be. */
  private static List<Precondition> shown() {
    return List.of(
        Precondition.of(
            Errno.EPERM,
            "for cgroup: that hierarchy is there already",
            typed(
                (now, type) ->
                    type.equals("cgroup")
                        ? Verdict.unknown("which there are by which options doqu does not know")
                        : Verdict.notNeeded())),
        Precondition.of(
            Errno.EPERM,
            "for proc, sysfs, mqueue and cgroup: CAP_SYS_ADMIN over the namespace they show",
            typed(NewFileSystem::overShown)),
        Precondition.of(
            Errno.EPERM,
            "for proc and sysfs: another is in sight, with nothing mounted over it",
            NewFileSystem::visible),
        Mounting.targetStays(),
        Precondition.of(
            Errno.EBUSY,
            "the very same file system is not mounted there",
            (now, call) -> notThere(now, call)),
        Precondition.of(
            Errno.ENOTDIR,
            "TARGET is a directory",
            Mounting.at(
                Mounting.TARGET,
                (now, place) ->
                    Verdict.of(place.isDirectory(), Errno.ENOTDIR, Mounting.kind(place), ""))));
  }

  /** What a type cannot do without (fs/fuse/inode.c, fs/overlayfs/params.c). */
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "fuse", List.of("fd", "rootmode", "user_id", "group_id"),
          "overlay", List.of("lowerdir"));

  /**
   * The type without what stands behind a dot, which is for those to read who ask for the mount.
   */
  private static String kind(String type) {
    return type.startsWith("fuse.") ? "fuse" : type;
  }

  private static Verdict requiredOptions(Situation now, Call call) {
    String type = kind(call.text(Mounting.TYPE).orElse(""));
    String data = call.text(Mounting.DATA).orElse("");
    if (!REQUIRED.containsKey(type) || !FileSystems.has(type)) {
      return Verdict.notNeeded();
    }
    for (String option : REQUIRED.getOrDefault(type, List.of())) {
      if (!("," + data).contains("," + option)) {
        return Verdict.broken(Errno.EINVAL, "there is no " + option + " among '" + data + "'", "");
      }
    }
    return Verdict.notNeeded();
  }

  private static Precondition.Check typed(BiFunction<Situation, String, Verdict> check) {
    return (now, call) ->
        call.text(Mounting.TYPE)
            .map(NewFileSystem::kind)
            .map(type -> check.apply(now, type))
            .orElse(Verdict.notNeeded());
  }

  private static Verdict known(Situation now, String type) {
    boolean listed = FileSystems.has(type);
    return Verdict.of(
        listed, Errno.ENODEV, "/proc/filesystems has " + (listed ? "" : "no ") + type, "");
  }

  private static Verdict knownOptions(Situation now, Call call) {
    return call.text(Mounting.TYPE)
        .filter(FileSystems::has)
        .map(type -> FileSystemOptions.taken(now, type, call.text(Mounting.DATA).orElse("")))
        .orElse(Verdict.notNeeded());
  }

  private static Verdict mayMount(Situation now, String type) {
    if (!FileSystems.has(type)) {
      return Verdict.notNeeded();
    }
    boolean machines =
        now.stage().isBare()
            && now.namespace(Namespace.USER)
                .equals(now.stage().hostNamespaces().get(Namespace.USER));
    if (!machines && type.equals("bpf")) {
      return Verdict.unknown("whether a user namespace may mount bpf depends on the kernel");
    }
    boolean may = machines || IN_USER_NAMESPACES.contains(type);
    return Verdict.of(
        may,
        Errno.EPERM,
        type
            + (may
                ? " may be mounted here"
                : " may be mounted by the machine's own root only: its code is not made for data from strangers"),
        "");
  }

  private static Verdict overShown(Situation now, String type) {
    Namespace shown = OWNED_BY.get(type);
    return shown == null
        ? Verdict.notNeeded()
        : Privilege.over(
            now,
            Capability.CAP_SYS_ADMIN,
            shown,
            shown == Namespace.PID ? ownPidNamespace(now) : "unshare " + shown.file());
  }

  /** A PID namespace is its children's, and is made once (pid_namespaces(7)). */
  private static String ownPidNamespace(Situation now) {
    String child = "fork; switch child";
    return now.namespace(Namespace.PID).equals(now.namespace("pid_for_children"))
        ? "unshare pid; " + child
        : child;
  }

  /** mnt_already_visible() in fs/namespace.c. */
  private static Verdict visible(Situation now, Call call) {
    String type = call.text(Mounting.TYPE).orElse("");
    if (!type.equals("proc") && !type.equals("sysfs")) {
      return Verdict.notNeeded();
    }
    List<Mount> whole =
        now.mounts().list().stream()
            .filter(mount -> mount.type().equals(type) && mount.root().equals("/"))
            .toList();
    if (whole.isEmpty()) {
      return Verdict.broken(
          Errno.EPERM,
          "no " + type + " is mounted in sight, by which the kernel would know what may be shown",
          "");
    }
    String why = "";
    for (Mount mount : whole) {
      List<Mount> covered = covered(now, mount);
      Optional<String> other = Remounting.unlike(now, mount, call);
      if (covered.isEmpty() && other.isEmpty()) {
        return Verdict.holds(mount.point() + " is one");
      }
      why =
          covered.isEmpty()
              ? other.orElse("")
              : covered.get(0).point()
                  + " lies over part of "
                  + mount.point()
                  + ", and what it hides must stay hidden";
    }
    return Verdict.broken(Errno.EPERM, why, "");
  }

  private static List<Mount> covered(Situation now, Mount mount) {
    return now.mounts().children(mount).stream().filter(now.mounts()::isLocked).toList();
  }

  private static Verdict notThere(Situation now, Call call) {
    String type = call.text(Mounting.TYPE).orElse("");
    Optional<Mount> there =
        Mounting.target(now, call)
            .filter(Topmost::root)
            .flatMap(top -> top.mount(now))
            .filter(mount -> mount.type().equals(type) && ONE_EACH.contains(type));
    return there
        .map(mount -> Verdict.unknown(mount.point() + " is " + type + ", perhaps the very same"))
        .orElse(Verdict.notNeeded());
  }
}
