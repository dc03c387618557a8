package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What chdir(2), chroot(2), mkdir(2) and rmdir(2) need; in the order of fs/open.c and fs/namei.c.
 */
final class Directories {
  private static final int STICKY = 01000;

  private Directories() {}

  static List<Precondition> chdir() {
    return List.of(Paths.leads(0, "the path"), Paths.directory(0, "it"), Paths.searchable(0, "it"));
  }

  static List<Precondition> chroot() {
    return List.of(
        Paths.leads(0, "the path"),
        Paths.directory(0, "it"),
        Paths.searchable(0, "it"),
        Precondition.of(
            Errno.EPERM,
            "CAP_SYS_CHROOT in its user namespace",
            (now, call) -> Privilege.own(now, Capability.CAP_SYS_CHROOT)));
  }

  /** The directory a new name is made in, or an old one is taken from. */
  private static Precondition parentLeads(int argument) {
    return new Precondition(
        "the directory it lies in leads to something",
        Paths.leads(argument, "").errnos(),
        (now, call) ->
            call.text(argument)
                .map(
                    path ->
                        path.isEmpty()
                            ? Paths.leads(now, path)
                            : Paths.leads(now, Paths.parent(path)))
                .orElse(Verdict.unknown("the path is no string")));
  }

  private static Optional<Place> parent(Situation now, Call call, int argument) {
    return call.text(argument).map(Paths::parent).map(now.files()::place).filter(Place::exists);
  }

  /** A check of the directory a name is made in or taken from, when there is one. */
  private static Precondition.Check ofParent(
      int argument, BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        parent(now, call, argument)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }

  /** A check of what has the name, when something has. */
  private static Precondition.Check ofNamed(
      int argument, BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        found(now, call, argument)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }

  private static Precondition parentIsDirectory(int argument) {
    return Precondition.of(
        Errno.ENOTDIR,
        "what it lies in is a directory",
        ofParent(argument, (now, place) -> Paths.isDirectory(place)));
  }

  private static Precondition shortName(int argument) {
    return Precondition.of(
        Errno.ENAMETOOLONG,
        "its name has 255 bytes at most",
        (now, call) ->
            call.text(argument)
                .map(path -> path.replaceAll("/+$", ""))
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .map(
                    name ->
                        Verdict.of(
                            name.length() <= 255,
                            Errno.ENAMETOOLONG,
                            "it has " + name.length(),
                            ""))
                .orElse(Verdict.notNeeded()));
  }

  /** That names may be made in the directory and taken from it, as far as the mount allows. */
  private static Precondition writableMount(int argument) {
    return Precondition.of(
        Errno.EROFS,
        "the mount it lies on is not read-only",
        ofParent(
            argument,
            (now, place) -> place.isDirectory() ? readOnly(now, place) : Verdict.notNeeded()));
  }

  private static Verdict readOnly(Situation now, Place place) {
    boolean readOnly = now.files().isReadOnly(place.path());
    return Verdict.of(
        !readOnly,
        Errno.EROFS,
        "'"
            + place.path()
            + "' is on the "
            + (readOnly ? "read-only mount " : "mount ")
            + Paths.mount(now, place),
        "");
  }

  private static Precondition mayChange(int argument) {
    return Precondition.of(
        Errno.EACCES,
        "the directory it lies in may be written to",
        (now, call) ->
            parent(now, call, argument)
                .filter(place -> place.isDirectory() && !isOfProc(now, place))
                .map(place -> Paths.allowed(now, place, Paths.W_OK | Paths.X_OK, "w"))
                .filter(verdict -> verdict.errno() != Errno.EROFS)
                .orElse(Verdict.notNeeded()));
  }

  private static boolean isOfProc(Situation now, Place place) {
    return now.mounts()
        .numbered(place.mount())
        .filter(mount -> mount.type().equals("proc"))
        .isPresent();
  }

  static List<Precondition> mkdir(int argument) {
    return List.of(
        parentLeads(argument),
        parentIsDirectory(argument),
        shortName(argument),
        Precondition.of(
            Errno.EEXIST,
            "nothing has that name yet",
            (now, call) ->
                call.text(argument)
                    .filter(path -> !path.isEmpty())
                    .map(path -> now.files().itself(path.replaceAll("(?<=.)/+$", "")))
                    .map(
                        place ->
                            Verdict.of(
                                !place.exists(),
                                Errno.EEXIST,
                                place.exists() ? "'" + place.path() + "' is there" : "nothing has",
                                ""))
                    .orElse(Verdict.notNeeded())),
        writableMount(argument),
        Precondition.of(
            Errno.ENOENT,
            "the file system lets names be made",
            ofParent(
                argument,
                (now, place) ->
                    Verdict.of(
                        !isOfProc(now, place),
                        Errno.ENOENT,
                        "it lies in the mount " + Paths.mount(now, place),
                        ""))),
        Precondition.of(
            Errno.EOVERFLOW,
            "on a file system of its user namespace: that has its uid and gid",
            ofParent(argument, Directories::mapped)),
        mayChange(argument),
        Precondition.of(
            Errno.EPERM,
            "the file system lets directories be made",
            ofParent(argument, Directories::takesDirectories)));
  }

  /**
   * Of which the directories have no mkdir in their inode_operations (vfs_mkdir() in fs/namei.c).
   */
  private static final Set<String> WITHOUT =
      Set.of("devpts", "mqueue", "binfmt_misc", "sysfs", "debugfs", "securityfs", "fusectl");

  private static Verdict takesDirectories(Situation now, Place place) {
    Optional<String> type = now.mounts().numbered(place.mount()).map(Mount::type);
    return type.filter(WITHOUT::contains).isPresent()
        ? Verdict.broken(
            Errno.EPERM,
            "it lies in the mount " + Paths.mount(now, place) + ": " + type.get() + " takes none",
            "")
        : Verdict.notNeeded();
  }

  /** A file system belongs to the user namespace of who mounted it, and stores ids of that only. */
  private static Verdict mapped(Situation now, Place place) {
    boolean madeHere =
        now.mounts()
            .numbered(place.mount())
            .filter(mount -> !now.mounts().isOutsiders(mount) && ownsMounts(now))
            .isPresent();
    return madeHere
        ? Verdict.of(
            now.isMapped(),
            Errno.EOVERFLOW,
            "uid_map or gid_map has " + (now.isMapped() ? "them" : "none for it"),
            now.isMapped() ? "" : "write /proc/self/uid_map '0 0 1'")
        : Verdict.notNeeded();
  }

  private static boolean ownsMounts(Situation now) {
    return UserNs.owning(now.namespaceFile(Namespace.MNT.file())).stream()
        .findFirst()
        .filter(owner -> owner.link().equals(now.namespace(Namespace.USER)))
        .isPresent();
  }

  static List<Precondition> rmdir(int argument) {
    return List.of(
        parentLeads(argument),
        parentIsDirectory(argument),
        Precondition.of(
            Errno.EINVAL,
            "the last of the path is a name, not '.'",
            (now, call) ->
                call.text(argument)
                    .map(
                        path ->
                            Verdict.of(
                                !path.matches("(.*/)?\\./*"),
                                Errno.EINVAL,
                                "it is '" + path + "'",
                                ""))
                    .orElse(Verdict.notNeeded())),
        shortName(argument),
        writableMount(argument),
        Precondition.of(
            Errno.ENOENT,
            "something has that name",
            (now, call) ->
                parent(now, call, argument)
                    .flatMap(directory -> call.text(argument))
                    .map(now.files()::itself)
                    .map(
                        place ->
                            Verdict.of(
                                place.error() != Errno.ENOENT.number(),
                                Errno.ENOENT,
                                place.exists() ? "statx finds it" : "statx finds nothing",
                                ""))
                    .orElse(Verdict.notNeeded())),
        mayChange(argument),
        Precondition.of(
            Errno.EPERM,
            "in a sticky directory: it is the owner's of one of both",
            (now, call) -> notSticky(now, call, argument)),
        Precondition.of(
            Errno.ENOTDIR,
            "it is a directory",
            ofNamed(argument, (now, place) -> Paths.isDirectory(place))),
        Precondition.of(
            Errno.EBUSY, "nothing is mounted on it", ofNamed(argument, Directories::notMountedOn)),
        Precondition.of(
            Errno.ENOTEMPTY,
            "it is empty",
            ofNamed(
                argument,
                (now, place) -> place.isDirectory() ? empty(now, place) : Verdict.notNeeded())));
  }

  private static Optional<Place> found(Situation now, Call call, int argument) {
    return call.text(argument).map(now.files()::itself).filter(Place::exists);
  }

  private static Verdict notSticky(Situation now, Call call, int argument) {
    Optional<Place> directory = parent(now, call, argument);
    Optional<Place> place = found(now, call, argument);
    if (directory.isEmpty() || place.isEmpty() || (directory.get().mode() & STICKY) == 0) {
      return Verdict.notNeeded();
    }
    long uid = now.ids().users().inside(now.status().id("Uid"));
    boolean may =
        uid == place.get().uid() || uid == directory.get().uid() || now.has(Capability.CAP_FOWNER);
    return Verdict.of(
        may,
        Errno.EPERM,
        "its uid is " + uid + ", that of '" + place.get().path() + "' is " + place.get().uid(),
        "");
  }

  private static Verdict notMountedOn(Situation now, Place place) {
    return place.mountRoot()
        ? Verdict.broken(
            Errno.EBUSY,
            "it is where the mount " + Paths.mount(now, place) + " is",
            "umount -l " + place.path())
        : Verdict.holds("nothing is");
  }

  private static Verdict empty(Situation now, Place place) {
    return now.files()
        .holdsNames(place.path())
        .map(
            holds ->
                Verdict.of(
                    !holds,
                    Errno.ENOTEMPTY,
                    "'" + place.path() + (holds ? "' holds names" : "' holds no name"),
                    ""))
        .orElse(Verdict.unknown("the actor may not read it"));
  }

  /** unlinkat(2) with AT_REMOVEDIR, which is rmdir(2) where there is none. */
  static List<Precondition> unlinkat() {
    return rmdir(1).stream()
        .map(one -> one.when(call -> (call.number(2) & Flags.AT_REMOVEDIR) != 0))
        .toList();
  }
}
