package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** What mount(2) needs, in each of its five forms; in the order of fs/namespace.c. */
final class Mounting {
  private static final int SOURCE = 0;
  private static final int TARGET = 1;
  private static final int TYPE = 2;
  private static final int FLAGS = 3;
  private static final int DATA = 4;
  private static final long PROPAGATION =
      Flags.MS_SHARED | Flags.MS_PRIVATE | Flags.MS_SLAVE | Flags.MS_UNBINDABLE;

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
          "bpf",
          "binfmt_misc");

  /** Of which each namespace has but one; every mount of proc and tmpfs is another file system. */
  private static final Set<String> ONE_EACH = Set.of("sysfs", "mqueue", "cgroup", "cgroup2");

  private static final Set<String> TMPFS_OPTIONS =
      Set.of(
          "size",
          "nr_blocks",
          "nr_inodes",
          "mode",
          "uid",
          "gid",
          "huge",
          "mpol",
          "inode32",
          "inode64",
          "noswap",
          "quota",
          "usrquota",
          "grpquota");

  /** The same for mount(2), umount(2) and pivot_root(2). */
  static final Precondition MAY_MOUNT =
      Precondition.of(
          Errno.EPERM,
          "CAP_SYS_ADMIN over its mount namespace",
          (now, call) ->
              Privilege.over(now, Capability.CAP_SYS_ADMIN, Namespace.MNT, "unshare mnt"));

  private Mounting() {}

  static List<Precondition> all() {
    List<Precondition> all = new ArrayList<>();
    all.add(Paths.leads(TARGET, "TARGET"));
    all.add(MAY_MOUNT);
    all.addAll(only(Mounting::isRemount, remount()));
    all.addAll(only(Mounting::isBind, bind()));
    all.addAll(only(Mounting::isPropagation, List.of(mountPoint(TARGET, "TARGET", true))));
    all.addAll(only(Mounting::isMove, move()));
    all.addAll(only(Mounting::isNew, fresh()));
    return all;
  }

  private static List<Precondition> only(Predicate<Call> form, List<Precondition> preconditions) {
    return preconditions.stream().map(one -> one.when(form)).toList();
  }

  // Which form: the first that applies, as path_mount() in the kernel asks.

  private static boolean has(Call call, long flag) {
    return (call.number(FLAGS) & flag) != 0;
  }

  private static boolean isRemount(Call call) {
    return has(call, Flags.MS_REMOUNT);
  }

  private static boolean isBind(Call call) {
    return !isRemount(call) && has(call, Flags.MS_BIND);
  }

  private static boolean isPropagation(Call call) {
    return !isRemount(call) && !isBind(call) && has(call, PROPAGATION);
  }

  private static boolean isMove(Call call) {
    return !isRemount(call) && !isBind(call) && !isPropagation(call) && has(call, Flags.MS_MOVE);
  }

  private static boolean isNew(Call call) {
    return !isRemount(call) && !isBind(call) && !isPropagation(call) && !isMove(call);
  }

  private static Precondition.Check at(int argument, BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, argument)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }

  private static Precondition.Check mounted(
      int argument, BiFunction<Situation, Mount, Verdict> check) {
    return at(
        argument,
        (now, place) ->
            now.mount(place.mount())
                .map(mount -> check.apply(now, mount))
                .orElse(Verdict.unknown("that mount is not in sight")));
  }

  /**
   * That an argument is the root of a mount.
   *
   * @param mend whether to make it one would help
   */
  static Precondition mountPoint(int argument, String name, boolean mend) {
    return Precondition.of(
        Errno.EINVAL,
        name + " is a mount point",
        at(
            argument,
            (now, place) ->
                Verdict.of(
                    place.mountRoot(),
                    Errno.EINVAL,
                    "'"
                        + place.path()
                        + (place.mountRoot() ? "' is" : "' is no mount point: it lies in")
                        + " the mount "
                        + Paths.mount(now, place),
                    mend && !place.mountRoot()
                        ? "mount --bind " + place.path() + " " + place.path()
                        : "")));
  }

  // mount -o remount

  private static List<Precondition> remount() {
    return List.of(
        mountPoint(TARGET, "TARGET", true),
        Precondition.of(
            Errno.EPERM,
            "no option is taken away that is locked",
            (now, call) ->
                mounted(TARGET, (situation, mount) -> keepsLocked(situation, mount, call))
                    .of(now, call)),
        Precondition.of(
                Errno.EPERM,
                "without bind: the file system belongs to its user namespace",
                mounted(TARGET, Mounting::ownFileSystem))
            .when(call -> !has(call, Flags.MS_BIND)));
  }

  private static Verdict keepsLocked(Situation now, Mount mount, Call call) {
    List<String> lost = new ArrayList<>();
    Map<String, Long> options =
        Map.of(
            "ro",
            Flags.MS_RDONLY,
            "nosuid",
            Flags.MS_NOSUID,
            "nodev",
            Flags.MS_NODEV,
            "noexec",
            Flags.MS_NOEXEC);
    for (String option : List.of("ro", "nosuid", "nodev", "noexec")) {
      if (mount.has(option) && !has(call, options.getOrDefault(option, 0L))) {
        lost.add(option);
      }
    }
    if (lost.isEmpty()) {
      return Verdict.holds("the mount has " + mount.options() + ", and all of it is said again");
    }
    return Verdict.of(
        !now.tree().keepsOptions(mount),
        Errno.EPERM,
        "the mount has " + mount.options() + "; " + String.join(", ", lost) + " would go",
        "say " + String.join(",", lost) + " too, after -o");
  }

  private static Verdict ownFileSystem(Situation now, Mount mount) {
    return ownFileSystem(now, mount, "say bind too, after -o: that changes the mount alone");
  }

  static Verdict ownFileSystem(Situation now, Mount mount, String mend) {
    boolean outsiders = now.tree().isOutsiders(mount);
    return Verdict.of(
        !outsiders,
        Errno.EPERM,
        mount.type()
            + " "
            + mount.shownSource()
            + " ("
            + mount.device()
            + ") "
            + (outsiders ? "is mounted outside too" : "was made here"),
        outsiders ? mend : "");
  }

  // mount --bind

  private static List<Precondition> bind() {
    return List.of(
        Paths.leads(SOURCE, "SOURCE"),
        Precondition.of(
            Errno.EINVAL,
            "SOURCE's mount is not unbindable",
            mounted(
                SOURCE,
                (now, mount) ->
                    Verdict.of(
                        !mount.propagation().contains("unbindable"),
                        Errno.EINVAL,
                        MountTree.evidence(mount),
                        "mount --make-private " + mount.point()))),
        Precondition.of(
                Errno.EINVAL,
                "no locked mount lies below SOURCE",
                at(SOURCE, Mounting::nothingLockedBelow))
            .when(call -> !has(call, Flags.MS_REC)),
        sameKind());
  }

  private static Verdict nothingLockedBelow(Situation now, Place source) {
    Optional<Mount> mount = now.mount(source.mount());
    if (mount.isEmpty()) {
      return Verdict.unknown("that mount is not in sight");
    }
    List<Mount> locked =
        now.tree().children(mount.get()).stream()
            .filter(child -> source.mountRoot() || isBelow(now, child, source))
            .filter(now.tree()::isLocked)
            .toList();
    return Verdict.of(
        locked.isEmpty(),
        Errno.EINVAL,
        locked.isEmpty()
            ? "none is mounted there"
            : locked.get(0).point()
                + (locked.size() > 1 ? " and " + (locked.size() - 1) + " more came" : " came")
                + " along from a mount namespace outside: what they cover must stay covered",
        "mount --rbind takes them along");
  }

  private static boolean isBelow(Situation now, Mount child, Place source) {
    for (String at = child.point(); !at.equals("/"); at = Paths.parent(at)) {
      if (now.place(Paths.parent(at)).exists() && now.place(Paths.parent(at)).isSame(source)) {
        return true;
      }
    }
    return false;
  }

  private static Precondition sameKind() {
    return Precondition.of(
        Errno.ENOTDIR,
        "SOURCE and TARGET are both directories, or neither",
        (now, call) -> {
          Optional<Place> source = Paths.existing(now, call, SOURCE);
          Optional<Place> target = Paths.existing(now, call, TARGET);
          if (source.isEmpty() || target.isEmpty()) {
            return Verdict.notNeeded();
          }
          return Verdict.of(
              source.get().isDirectory() == target.get().isDirectory(),
              Errno.ENOTDIR,
              kind(source.get()) + ", " + kind(target.get()),
              "");
        });
  }

  private static String kind(Place place) {
    return "'" + place.path() + "' is a " + (place.isDirectory() ? "directory" : "file");
  }

  // mount --move

  private static Precondition.Check moved(BiFunction<Situation, Mount, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, SOURCE).filter(Place::mountRoot).isPresent()
            ? mounted(SOURCE, check).of(now, call)
            : Verdict.notNeeded();
  }

  private static List<Precondition> move() {
    return List.of(
        Paths.leads(SOURCE, "SOURCE"),
        mountPoint(SOURCE, "SOURCE", false),
        Precondition.of(
            Errno.EINVAL,
            "SOURCE's mount is not locked",
            moved((now, mount) -> now.tree().notLocked(mount))),
        sameKind(),
        Precondition.of(
            Errno.EINVAL,
            "the mount SOURCE's lies on is not shared",
            moved(
                (now, mount) ->
                    now.tree()
                        .parent(mount)
                        .map(
                            on ->
                                Verdict.of(
                                    on.peers().isEmpty(),
                                    Errno.EINVAL,
                                    MountTree.evidence(on),
                                    "mount --make-private " + on.point()))
                        .orElse(Verdict.unknown("that mount is not in sight")))),
        Precondition.of(
            Errno.ELOOP,
            "TARGET is not below SOURCE",
            (now, call) -> {
              Optional<Mount> source =
                  Paths.existing(now, call, SOURCE)
                      .filter(Place::mountRoot)
                      .flatMap(place -> now.mount(place.mount()));
              Optional<Mount> target =
                  Paths.existing(now, call, TARGET).flatMap(place -> now.mount(place.mount()));
              if (source.isEmpty() || target.isEmpty()) {
                return Verdict.notNeeded();
              }
              boolean below = false;
              for (Optional<Mount> at = target;
                  at.isPresent() && !below;
                  at = now.tree().parent(at.get())) {
                below = at.get().id() == source.get().id();
              }
              return Verdict.of(
                  !below,
                  Errno.ELOOP,
                  "TARGET lies on mount "
                      + target.get().id()
                      + (below ? ", on or below" : ", not below")
                      + " SOURCE's, "
                      + source.get().id(),
                  "");
            }));
  }

  // mount -t

  private static List<Precondition> fresh() {
    return List.of(
        Precondition.of(
            Errno.EINVAL,
            "a type is given",
            (now, call) ->
                Verdict.of(
                    call.text(TYPE).isPresent(),
                    Errno.EINVAL,
                    call.text(TYPE)
                        .map(type -> "it is " + type)
                        .orElse("it is NULL, and no flag says bind, move or remount"),
                    "")),
        Precondition.of(Errno.ENODEV, "the kernel knows the type", typed(Mounting::known)),
        Precondition.of(
            Errno.EINVAL, "the file system knows the options", (now, call) -> knownOptions(call)),
        Precondition.of(
            Errno.EPERM, "a user namespace may mount the type", typed(Mounting::mayMount)),
        Precondition.of(
            Errno.EPERM,
            "for proc, sysfs, mqueue and cgroup: CAP_SYS_ADMIN over the namespace they show",
            typed(Mounting::overShown)),
        Precondition.of(
            Errno.EPERM,
            "for proc and sysfs: another is in sight, with nothing mounted over it",
            typed(Mounting::visible)),
        Precondition.of(
            Errno.EBUSY,
            "the very same file system is not mounted there",
            (now, call) -> notThere(now, call)),
        Precondition.of(
            Errno.ENOTDIR,
            "TARGET is a directory",
            at(
                TARGET,
                (now, place) -> Verdict.of(place.isDirectory(), Errno.ENOTDIR, kind(place), ""))));
  }

  private static Precondition.Check typed(BiFunction<Situation, String, Verdict> check) {
    return (now, call) ->
        call.text(TYPE).map(type -> check.apply(now, type)).orElse(Verdict.notNeeded());
  }

  private static boolean isListed(String type) {
    byte[] content = Libc.readFile("/proc/filesystems");
    return new String(Objects.requireNonNullElse(content, new byte[0]), StandardCharsets.US_ASCII)
        .lines()
        .anyMatch(line -> line.endsWith("\t" + type));
  }

  private static Verdict known(Situation now, String type) {
    boolean listed = isListed(type);
    return Verdict.of(
        listed, Errno.ENODEV, "/proc/filesystems has " + (listed ? "" : "no ") + type, "");
  }

  private static Verdict knownOptions(Call call) {
    String type = call.text(TYPE).orElse("");
    String data = call.text(DATA).orElse("");
    if (data.isEmpty()) {
      return Verdict.notNeeded();
    }
    if (!type.equals("tmpfs")) {
      return Verdict.unknown("doqu knows those of tmpfs only");
    }
    for (String option : data.split(",", -1)) {
      if (!option.isEmpty() && !TMPFS_OPTIONS.contains(option.split("=", 2)[0])) {
        return Verdict.broken(Errno.EINVAL, "'" + option + "' is no option of tmpfs", "");
      }
    }
    return Verdict.holds("tmpfs has " + data);
  }

  private static Verdict mayMount(Situation now, String type) {
    if (!isListed(type)) {
      return Verdict.notNeeded();
    }
    boolean machines =
        now.stage().isBare()
            && now.namespace(Namespace.USER)
                .equals(now.stage().hostNamespaces().get(Namespace.USER));
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
            shown == Namespace.PID ? "unshare pid, then fork" : "unshare " + shown.file());
  }

  private static Verdict visible(Situation now, String type) {
    if (!type.equals("proc") && !type.equals("sysfs")) {
      return Verdict.notNeeded();
    }
    List<Mount> whole =
        now.all().stream()
            .filter(mount -> mount.type().equals(type) && mount.root().equals("/"))
            .toList();
    if (whole.isEmpty()) {
      return Verdict.broken(
          Errno.EPERM,
          "no " + type + " is mounted in sight, by which the kernel would know what may be shown",
          "");
    }
    Mount last = whole.get(whole.size() - 1);
    for (Mount mount : whole) {
      if (covered(now, mount).isEmpty()) {
        return Verdict.holds(mount.point() + " is one");
      }
    }
    return Verdict.broken(
        Errno.EPERM,
        covered(now, last).get(0).point()
            + " lies over part of "
            + last.point()
            + ", and what it hides must stay hidden",
        "");
  }

  private static List<Mount> covered(Situation now, Mount mount) {
    return now.tree().children(mount).stream().filter(now.tree()::isLocked).toList();
  }

  private static Verdict notThere(Situation now, Call call) {
    String type = call.text(TYPE).orElse("");
    Optional<Mount> there =
        Paths.existing(now, call, TARGET)
            .filter(Place::mountRoot)
            .flatMap(place -> now.mount(place.mount()))
            .filter(mount -> mount.type().equals(type) && ONE_EACH.contains(type));
    return there
        .map(mount -> Verdict.unknown(mount.point() + " is " + type + ", perhaps the very same"))
        .orElse(Verdict.notNeeded());
  }
}
