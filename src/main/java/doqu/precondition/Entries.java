package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * What a name and the directory it lies in have to be, so that it can be made in there or taken
 * from there (filename_parentat of fs/namei.c, and what its callers check of what it found).
 */
final class Entries {
  private Entries() {}

  /** The directory a new name is made in, or an old one is taken from. */
  static Precondition parentLeads(int argument) {
    return new Precondition(
        "the directory it lies in leads to something",
        Paths.leads(argument, "").errnos(),
        (now, call) ->
            call.text(argument)
                .map(path -> Paths.leads(now, isPath(path) ? Paths.parent(path) : path))
                .orElseGet(() -> OwnMemory.readable(now, call, argument, "the path")));
  }

  /** Whether the kernel begins to look for it: a part of one that is too long may be short. */
  static boolean isPath(String path) {
    return !path.isEmpty() && !Paths.isTooLong(path);
  }

  static Precondition parentIsDirectory(int argument) {
    return Precondition.of(
        Errno.ENOTDIR,
        "what it lies in is a directory",
        ofParent(argument, (now, place) -> Paths.isDirectory(place)));
  }

  /** The root is found without a search. */
  static Precondition parentMayBeSearched(int argument) {
    return Precondition.of(
        Errno.EACCES,
        "the directory it lies in may be searched",
        (now, call) ->
            parent(now, call, argument)
                .filter(Place::isDirectory)
                .filter(place -> !last(call, argument).isEmpty())
                .map(place -> Paths.allowed(now, place, Paths.X_OK, "x"))
                .orElse(Verdict.notNeeded()));
  }

  /** In a directory that has been removed there are no names any more (IS_DEADDIR). */
  static Precondition parentIsAlive(int argument) {
    return Precondition.of(
        Errno.ENOENT,
        "the directory it lies in has not been removed",
        (now, call) ->
            isName(call, argument)
                ? parent(now, call, argument)
                    .filter(Place::isDirectory)
                    .map(place -> Paths.notRemoved(now, place))
                    .orElse(Verdict.notNeeded())
                : Verdict.notNeeded());
  }

  static Precondition shortName(int argument) {
    return Precondition.of(
        Errno.ENAMETOOLONG,
        "its name has 255 bytes at most",
        (now, call) ->
            isName(call, argument)
                ? Verdict.of(
                    !Paths.isTooLongName(last(call, argument)),
                    Errno.ENAMETOOLONG,
                    "it has " + Paths.bytes(last(call, argument)),
                    "")
                : Verdict.notNeeded());
  }

  /** A name that is not there proc does not even take for one that could be. */
  static Precondition letsNamesBeMade(int argument) {
    return Precondition.of(
        Errno.ENOENT,
        "the file system lets names be made",
        ofParent(
            argument,
            (now, place) ->
                Verdict.of(
                    !isOfProc(now, place),
                    Errno.ENOENT,
                    "it lies in the mount " + Paths.mount(now, place),
                    "")));
  }

  /** That names may be made in the directory and taken from it, as far as the mount allows. */
  static Precondition writableMount(int argument) {
    return Precondition.of(
        Errno.EROFS,
        "the mount it lies on is not read-only",
        ofParent(
            argument,
            (now, place) -> place.isDirectory() ? writable(now, place) : Verdict.notNeeded()));
  }

  /** Whether what lies there can be changed, as far as the mount allows. */
  static Verdict writable(Situation now, Place place) {
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

  static Precondition mayChange(int argument) {
    return Precondition.of(
        Errno.EACCES,
        "the directory it lies in may be written to",
        (now, call) ->
            parent(now, call, argument)
                .filter(place -> place.isDirectory() && !isOfProc(now, place))
                .map(place -> Paths.allowed(now, place, Paths.W_OK, "w"))
                .filter(verdict -> verdict.errno() != Errno.EROFS)
                .orElse(Verdict.notNeeded()));
  }

  /** A file system belongs to the user namespace of who mounted it, and stores ids of that only. */
  static Precondition idsCanBeStored(int argument) {
    return Precondition.of(
        Errno.EOVERFLOW,
        "on a file system of its user namespace: that has its uid and gid",
        ofParent(
            argument,
            (now, place) ->
                isMadeHere(now, place)
                    ? Verdict.of(
                        now.isMapped(),
                        Errno.EOVERFLOW,
                        "uid_map or gid_map has " + (now.isMapped() ? "them" : "none for it"),
                        IdMapFiles.mendWithout(now))
                    : Verdict.notNeeded()));
  }

  private static boolean isMadeHere(Situation now, Place place) {
    return now.mounts()
        .numbered(place.mount())
        .filter(mount -> !now.mounts().isOutsiders(mount) && ownsMounts(now))
        .isPresent();
  }

  private static boolean ownsMounts(Situation now) {
    return UserNs.owning(now.namespaceFile(Namespace.MNT.file())).stream()
        .findFirst()
        .filter(owner -> owner.link().equals(now.namespace(Namespace.USER)))
        .isPresent();
  }

  /** What is made needs an inode, of which a tmpfs may have so many only (nr_inodes). */
  static Precondition hasRoom(int argument) {
    return Precondition.of(
        Errno.ENOSPC,
        "the file system has room for one more",
        ofParent(
            argument,
            (now, place) ->
                now.files()
                    .statfs(place.path())
                    .filter(room -> room.files() > 0)
                    .map(
                        room ->
                            Verdict.of(
                                room.freeFiles() > 0,
                                Errno.ENOSPC,
                                "statfs says that it takes "
                                    + room.files()
                                    + " inodes, and that "
                                    + room.freeFiles()
                                    + " are free",
                                ""))
                    .orElse(Verdict.notNeeded())));
  }

  static boolean isOfProc(Situation now, Place place) {
    return now.mounts()
        .numbered(place.mount())
        .filter(mount -> mount.type().equals("proc"))
        .isPresent();
  }

  /** The directory it lies in, when there is one. */
  static Optional<Place> parent(Situation now, Call call, int argument) {
    return call.text(argument)
        .filter(Entries::isPath)
        .map(Paths::parent)
        .map(now.files()::place)
        .filter(Place::exists);
  }

  /** What has the name, when something has: itself, wherever it leads. */
  static Optional<Place> named(Situation now, Call call, int argument) {
    return call.text(argument)
        .filter(Entries::isPath)
        .map(Paths::bare)
        .map(now.files()::itself)
        .filter(Place::exists);
  }

  /** The last of a path: empty for the root, and where there is no path. */
  static String last(Call call, int argument) {
    return Paths.last(call.text(argument).orElse(""));
  }

  /** Whether the last of a path is a name of its own, none of those every directory has. */
  static boolean isName(Call call, int argument) {
    return !last(call, argument).matches("\\.{0,2}");
  }

  /** A check of the directory a name is made in or taken from, when it is a name. */
  static Precondition.Check ofParent(int argument, BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        parent(now, call, argument)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }

  /** A check of the file system of the directory it lies in, which is none of those types. */
  static Precondition.Check onOtherThan(int argument, Set<String> types, Errno errno) {
    return ofParent(
        argument,
        (now, place) -> {
          Optional<String> type = now.mounts().numbered(place.mount()).map(Mount::type);
          return type.filter(types::contains).isPresent()
              ? Verdict.broken(
                  errno,
                  "it lies in the mount "
                      + Paths.mount(now, place)
                      + ": "
                      + type.get()
                      + " takes none",
                  "")
              : Verdict.notNeeded();
        });
  }

  /** A check of what has the name. */
  static Precondition.Check ofNamed(int argument, BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        named(now, call, argument)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }
}
