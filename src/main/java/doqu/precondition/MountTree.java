package doqu.precondition;

import doqu.actor.Actor;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.observe.FdInfo;
import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.observe.StageProcess;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The mounts in the mount namespace of an actor, with what mountinfo does not say of them.
 *
 * <p>A mount that came along from a more privileged mount namespace is locked
 * (mount_namespaces(7)): it cannot be taken from what it covers, nor lose options. The kernel tells
 * nobody which are; those are taken for it that are where they are outside.
 */
final class MountTree {
  private static final Set<String> SHOWN = Set.of("proc", "sysfs");
  private static final Verdict NOT_IN_SIGHT = Verdict.unknown("that mount is not in sight");

  private final Stage stage;
  private final List<Mount> mounts;
  private final boolean whole;
  private final List<List<Mount>> outside = new ArrayList<>();

  MountTree(Stage stage, Actor actor, Supplier<List<StageProcess>> processes) {
    this.stage = stage;
    Mounts around = Mounts.around(stage, actor);
    this.mounts = around.list();
    this.whole = around.isWhole();
    if (!stage.isBare()) {
      outside.add(Mounts.of(stage.outer().pid()).list());
    }
    List<String> owners = owners(actor.pid());
    if (!owners.stream()
        .limit(1)
        .toList()
        .equals(owners(stage.init().pid()).stream().limit(1).toList())) {
      outside.add(Mounts.of(stage.init().pid()).list());
      addBetween(owners, processes.get());
    }
  }

  /** What others on the stage see whose mount namespace is more privileged, those alike once. */
  private void addBetween(List<String> owners, List<StageProcess> processes) {
    Set<String> seen = new HashSet<>(Set.of(namespace(stage.init().pid())));
    for (StageProcess process : processes) {
      List<String> its = owners(process.pid());
      if (!its.isEmpty() && owners.indexOf(its.get(0)) > 0 && seen.add(namespace(process.pid()))) {
        outside.add(Mounts.of(process.pid()).list());
      }
    }
  }

  private static String namespace(int pid) {
    return Objects.requireNonNullElse(Libc.readLink("/proc/" + pid + "/ns/mnt"), "");
  }

  /** All of them. */
  List<Mount> list() {
    return mounts;
  }

  /** Whether these are all: not what lies below a chroot alone. */
  boolean isWhole() {
    return whole;
  }

  /** That of a number; empty: it is not in sight. */
  Optional<Mount> numbered(long id) {
    return mounts.stream().filter(mount -> mount.id() == id).findFirst();
  }

  /** The user namespace that owns a process's mount namespace, and those around that. */
  private static List<String> owners(int pid) {
    return UserNs.owning("/proc/" + pid + "/ns/mnt").stream().map(UserNs::link).toList();
  }

  /** The mount on which another lies; empty: it is the root, or that is not in sight. */
  Optional<Mount> parent(Mount mount) {
    return parent(mount, mounts);
  }

  private static Optional<Mount> parent(Mount mount, List<Mount> among) {
    return among.stream().filter(one -> one.id() == mount.parent()).findFirst();
  }

  /** What is mounted on a mount. */
  List<Mount> children(Mount mount) {
    return mounts.stream()
        .filter(one -> one.parent() == mount.id() && one.id() != mount.id())
        .toList();
  }

  /** What is mounted on a mount at a place of its, named as mountinfo names its point. */
  Optional<Mount> at(Mount mount, String point) {
    return children(mount).stream().filter(child -> child.point().equals(point)).findFirst();
  }

  /**
   * That a mount is one of the actor's mount namespace (check_mnt in fs/namespace.c): neither taken
   * away meanwhile nor of another.
   */
  Verdict inNamespace(long id, Errno errno) {
    return numbered(id)
        .map(mount -> Verdict.holds(named(mount) + " is in mountinfo"))
        .orElse(
            whole
                ? Verdict.broken(
                    errno,
                    "mount " + id + " is not in mountinfo: it has been taken away, or is elsewhere",
                    "")
                : NOT_IN_SIGHT);
  }

  /** What is to be said of a mount that was not found, once {@link #inNamespace} has judged it. */
  Verdict notFound() {
    return whole ? Verdict.notNeeded() : NOT_IN_SIGHT;
  }

  /** A mount and all that is mounted below it. */
  List<Mount> tree(Mount mount) {
    List<Mount> tree = new ArrayList<>(List.of(mount));
    for (int i = 0; i < tree.size(); i++) {
      tree.addAll(children(tree.get(i)));
    }
    return tree;
  }

  /** What is mounted on the whole of a mount, and hides it. */
  Optional<Mount> over(Mount mount) {
    return at(mount, mount.point());
  }

  /** Whether it cannot be unmounted alone. */
  boolean isLocked(Mount mount) {
    return outside.stream()
        .anyMatch(
            table ->
                parent(mount).isEmpty()
                    ? mount.point().equals("/")
                    : sameIn(table, mount).findFirst().isPresent());
  }

  /** That a mount may be taken from where it is, and what it covers be seen. */
  Verdict notLocked(Mount mount) {
    if (!isLocked(mount)) {
      return Verdict.holds(named(mount) + " was made here");
    }
    return Verdict.broken(
        Errno.EINVAL,
        named(mount)
            + (parent(mount).isEmpty()
                ? " is the root of a mount namespace that belongs to less than the machine's root"
                : " came along from a mount namespace outside: what it covers must stay covered"),
        "");
  }

  /** Whether both lie at the same place of the same file system, however much of it is mounted. */
  private boolean liesOnTheSame(Mount mount, Mount other, List<Mount> table) {
    Optional<Mount> on = parent(mount);
    Optional<Mount> otherOn = parent(other, table);
    return on.isPresent()
        && otherOn.isPresent()
        && on.get().device().equals(otherOn.get().device())
        && Propagation.place(mount, on.get()).equals(Propagation.place(other, otherOn.get()));
  }

  private static boolean isSame(Mount one, Mount other) {
    return one.device().equals(other.device()) && one.root().equals(other.root());
  }

  /** Whether its file system is mounted outside too: it belongs to a user namespace there. */
  boolean isOutsiders(Mount mount) {
    return outside.stream()
        .flatMap(List::stream)
        .anyMatch(one -> one.device().equals(mount.device()));
  }

  /** Whether an option of a mount has to stay as it is, as far as doqu knows. */
  enum Lock {
    LOCKED,
    FREE,
    UNKNOWN
  }

  /**
   * Whether an option is locked (lock_mnt_tree() in fs/namespace.c): those are that a mount had
   * when it came from a more privileged mount namespace, and its access times whatever they were. A
   * bind takes them over.
   *
   * @param option as in mountinfo; {@code atime} for all of the access times
   */
  Lock lock(Mount mount, String option) {
    List<Mount> there =
        outside.stream()
            .flatMap(List::stream)
            .filter(one -> one.device().equals(mount.device()))
            .toList();
    boolean shown = !outside.isEmpty() && SHOWN.contains(mount.type());
    if (shown && option.equals("atime")) {
      return Lock.LOCKED; // that of the one by which it may be shown (mnt_already_visible())
    }
    if (there.isEmpty()) {
      return shown && option.equals("ro") ? Lock.UNKNOWN : Lock.FREE;
    }
    if (NewFileSystem.ONE_EACH.contains(mount.type()) && !isLocked(mount)) {
      return Lock.UNKNOWN;
    }
    if (option.equals("atime")) {
      return Lock.LOCKED;
    }
    List<Mount> same = outside.stream().flatMap(table -> sameIn(table, mount)).toList();
    List<Mount> origins = same.isEmpty() ? there : same;
    return origins.stream().allMatch(one -> one.has(option))
        ? Lock.LOCKED
        : origins.stream().noneMatch(one -> one.has(option)) ? Lock.FREE : Lock.UNKNOWN;
  }

  private Stream<Mount> sameIn(List<Mount> table, Mount mount) {
    return table.stream().filter(one -> isSame(mount, one) && liesOnTheSame(mount, one, table));
  }

  /** The mounts that get what is mounted on one, too. */
  List<Mount> learners(Mount on, List<StageProcess> processes) {
    return new Propagation(processes).learners(on);
  }

  /** The mounts that go with one when it is unmounted. */
  List<Mount> copies(Mount mount, List<StageProcess> processes) {
    return parent(mount)
        .filter(on -> !on.peers().isEmpty())
        .map(on -> new Propagation(processes).copies(mount, on))
        .orElse(List.of());
  }

  /** Who keeps a mount busy, each in words; only processes of the stage can. */
  List<String> users(Mount mount, List<StageProcess> processes) {
    List<String> users = new ArrayList<>();
    for (StageProcess process : processes) {
      String who = process.numbered(stage);
      String folder = "/proc/" + process.pid();
      for (String link : List.of("cwd", "root", "exe")) {
        if (isOn(folder + "/" + link, mount)) {
          users.add("the " + link + " of " + who);
        }
      }
      FdInfo.all(folder)
          .forEach(
              (number, info) -> {
                if (info.mount() == mount.id()) {
                  users.add("descriptor " + number + " of " + who);
                }
              });
    }
    return users;
  }

  private static boolean isOn(String link, Mount mount) {
    long opened = Libc.open(link, Flags.O_PATH);
    if (opened < 0) {
      return false;
    }
    try {
      return FdInfo.of("/proc/self", opened).mount() == mount.id();
    } finally {
      Libc.close((int) opened);
    }
  }

  private static String named(Mount mount) {
    return "mount " + mount.id() + " at " + mount.point();
  }

  /** What mountinfo says of who learns of mounts made on one: {@code shared:1}. */
  static String propagation(Mount mount) {
    return named(mount)
        + " is "
        + (mount.peers().isEmpty() ? mount.propagation() : "shared:" + mount.peers());
  }
}
