package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What chdir(2), chroot(2), mkdir(2) and rmdir(2) need; in the order of fs/open.c and fs/namei.c.
 */
final class Directories {
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

  static List<Precondition> mkdir(int argument) {
    return List.of(
        Entries.parentLeads(argument),
        Entries.parentIsDirectory(argument),
        Entries.parentMayBeSearched(argument),
        Entries.parentIsAlive(argument),
        Entries.shortName(argument),
        Precondition.of(
            Errno.EEXIST,
            "nothing has that name yet",
            (now, call) ->
                Verdict.of(
                    Entries.named(now, call, argument).isEmpty(),
                    Errno.EEXIST,
                    Entries.named(now, call, argument)
                        .map(place -> "'" + place.path() + "' is there")
                        .orElse("nothing has"),
                    "")),
        Entries.letsNamesBeMade(argument),
        Entries.writableMount(argument),
        Entries.idsCanBeStored(argument),
        Entries.mayChange(argument),
        Precondition.of(
            Errno.EPERM,
            "the file system lets directories be made",
            Entries.onOtherThan(argument, WITHOUT, Errno.EPERM)),
        Entries.hasRoom(argument));
  }

  /**
   * Of which the directories have no mkdir in their inode_operations (vfs_mkdir() in fs/namei.c).
   */
  private static final Set<String> WITHOUT =
      Set.of("devpts", "mqueue", "binfmt_misc", "sysfs", "debugfs", "securityfs", "fusectl");

  static List<Precondition> rmdir(int argument) {
    List<Precondition> all = new ArrayList<>();
    all.add(Entries.parentLeads(argument));
    all.add(Entries.parentIsDirectory(argument));
    all.add(Entries.parentMayBeSearched(argument));
    all.add(
        new Precondition(
            "the last of the path is a name, not '/', '.' or '..'",
            List.of(Errno.EBUSY, Errno.EINVAL, Errno.ENOTEMPTY),
            (now, call) -> isName(now, call, argument)));
    // Of the others nothing is asked.
    ofName(argument).stream()
        .map(one -> one.when(call -> Entries.isName(call, argument)))
        .forEach(all::add);
    return all;
  }

  private static Verdict isName(Situation now, Call call, int argument) {
    String path = call.text(argument).orElse("");
    return switch (Entries.last(call, argument)) {
      case "" ->
          path.isEmpty()
              ? Verdict.notNeeded()
              : Verdict.broken(Errno.EBUSY, "it is '/', the root", "");
      case "." ->
          Verdict.broken(
              Errno.EINVAL, "it is '.', which every directory calls itself", byName(now, path));
      case ".." ->
          Verdict.broken(
              Errno.ENOTEMPTY, "it is '..', which holds the directory the path comes from", "");
      default -> Verdict.holds("it is '" + Entries.last(call, argument) + "'");
    };
  }

  /** The step that removes the directory by its name; empty: it would not either. */
  private static String byName(Situation now, String path) {
    String before = Paths.parent(path);
    String cwd = now.link("cwd");
    boolean known = !before.equals(".") || cwd.lastIndexOf('/') < cwd.length() - 1;
    String name = before.equals(".") ? "../" + Paths.last(cwd) : before;
    Place place = now.files().place(before);
    return known
            && now.files().itself(name).isSame(place)
            && !place.mountRoot()
            && now.files().holdsNames(before).filter(holds -> !holds).isPresent()
        ? "rmdir " + name
        : "";
  }

  private static List<Precondition> ofName(int argument) {
    return List.of(
        Entries.writableMount(argument),
        Entries.parentIsAlive(argument),
        Entries.shortName(argument),
        Precondition.of(
            Errno.ENOENT,
            "something has that name",
            (now, call) ->
                Entries.parent(now, call, argument)
                    .filter(directory -> !Paths.notRemoved(now, directory).isBroken())
                    .flatMap(directory -> call.text(argument))
                    .map(Paths::bare)
                    .map(now.files()::itself)
                    .map(
                        place ->
                            Verdict.of(
                                place.error() != Errno.ENOENT.number(),
                                Errno.ENOENT,
                                place.exists() ? "statx finds it" : "statx finds nothing",
                                ""))
                    .orElse(Verdict.notNeeded())),
        Entries.mayChange(argument),
        Precondition.of(
            Errno.EPERM,
            "in a sticky directory: it is the owner's of one of both",
            (now, call) -> notSticky(now, call, argument)),
        Precondition.of(
            Errno.ENOTDIR,
            "it is a directory",
            Entries.ofNamed(argument, (now, place) -> isDirectory(now, place))),
        Precondition.of(
            Errno.EBUSY,
            "nothing is mounted on it",
            Entries.ofNamed(argument, Directories::notMountedOn)),
        Precondition.of(
            Errno.ENOTEMPTY,
            "it is empty",
            Entries.ofNamed(
                argument,
                (now, place) -> place.isDirectory() ? empty(now, place) : Verdict.notNeeded())));
  }

  /** A symbolic link is not followed here, not even before a slash. */
  private static Verdict isDirectory(Situation now, Place place) {
    return now.files()
        .linkAt(place.path())
        .map(
            to ->
                Verdict.broken(
                    Errno.ENOTDIR, "'" + place.path() + "' is a symbolic link to '" + to + "'", ""))
        .orElseGet(() -> Paths.isDirectory(place));
  }

  private static Verdict notSticky(Situation now, Call call, int argument) {
    Optional<Place> directory = Entries.parent(now, call, argument);
    Optional<Place> place = Entries.named(now, call, argument);
    if (directory.isEmpty() || place.isEmpty() || !directory.get().isSticky()) {
      return Verdict.notNeeded();
    }
    return Identities.isOwner(now, place.get()) || Identities.isOwner(now, directory.get())
        ? Verdict.holds("it is")
        : Privilege.overForeign(now, Capability.CAP_FOWNER, place.get());
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
