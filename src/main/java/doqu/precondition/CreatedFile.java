package doqu.precondition;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What openat(2) needs of the directory it makes a file in (lookup_open of fs/namei.c). */
final class CreatedFile {
  private static final int PATH = Opening.PATH;

  /** MAXSYMLINKS of include/linux/namei.h. */
  private static final int MOST_LINKS = 40;

  /** Of which the directories have no create in their inode_operations. */
  private static final Set<String> WITHOUT =
      Set.of("devpts", "binfmt_misc", "sysfs", "debugfs", "securityfs", "fusectl", "cgroup2");

  private CreatedFile() {}

  /**
   * The path of the file a call would make; empty: it makes none, as there is one, or it does not
   * ask for that. A symbolic link that leads to nothing says where.
   */
  static Optional<String> of(Situation now, Call call) {
    Optional<String> path = call.text(PATH).filter(Entries::isPath);
    if (!Opening.has(call, Flags.O_CREAT)
        || Opening.isPath(call)
        || Opening.found(now, call).isPresent()) {
      return Optional.empty();
    }
    for (int links = 0; path.isPresent() && links < MOST_LINKS; links++) {
      String at = path.get();
      if (!now.files().itself(Paths.bare(at)).isLink()) {
        return path.filter(one -> !now.files().itself(one).exists());
      }
      path =
          now.files()
              .linkAt(Paths.bare(at))
              .map(to -> to.startsWith("/") ? to : Paths.parent(at) + "/" + to);
    }
    return Optional.empty();
  }

  static List<Precondition> all() {
    List<Precondition> all = new ArrayList<>();
    all.add(Entries.parentIsDirectory(PATH));
    all.add(Entries.parentMayBeSearched(PATH));
    all.add(
        Precondition.of(
            Errno.EISDIR,
            "what is made is no directory: no slash ends its path",
            (now, call) ->
                call.text(PATH).filter(path -> path.endsWith("/")).isPresent()
                    ? Verdict.broken(Errno.EISDIR, "'" + call.text(PATH).orElse("") + "'", "")
                    : Verdict.notNeeded()));
    all.add(Entries.parentIsAlive(PATH));
    all.add(Entries.shortName(PATH));
    all.add(Entries.letsNamesBeMade(PATH));
    all.add(Entries.writableMount(PATH));
    all.add(Entries.idsCanBeStored(PATH));
    all.add(Entries.mayChange(PATH));
    all.add(
        Precondition.of(
            Errno.EACCES,
            "the file system lets files be made",
            Entries.onOtherThan(PATH, WITHOUT, Errno.EACCES)));
    all.add(Entries.hasRoom(PATH));
    return all.stream().map(CreatedFile::ofIt).toList();
  }

  /** A precondition of the file that would be made, wherever that is. */
  private static Precondition ofIt(Precondition one) {
    return new Precondition(
        one.needs(),
        one.errnos(),
        (now, call) ->
            of(now, call)
                .map(path -> one.check().of(now, call.with(PATH, Arg.path(path))))
                .orElse(Verdict.notNeeded()));
  }
}
