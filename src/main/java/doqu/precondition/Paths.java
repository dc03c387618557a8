package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the kernel needs to find what a path means (path_resolution(7)). */
public final class Paths {
  private static final List<Errno> ERRNOS =
      List.of(
          Errno.EFAULT, Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES, Errno.ELOOP, Errno.ENAMETOOLONG);
  private static final int NAME_MAX = 255;
  private static final int PATH_MAX = 4096;
  static final long F_OK = 0;
  static final long X_OK = 1;
  static final long W_OK = 2;

  private Paths() {}

  /** That an argument leads somewhere. */
  static Precondition leads(int argument, String name) {
    return new Precondition(
        name + " leads to something",
        ERRNOS,
        (now, call) -> call.text(argument).map(path -> leads(now, path)).orElse(noAddress(name)));
  }

  private static Verdict noAddress(String name) {
    return Verdict.broken(Errno.EFAULT, name + " is no address of a string", "");
  }

  /** Whether a path leads somewhere. */
  static Verdict leads(Situation now, String path) {
    Place place = now.files().place(path);
    return place.exists()
        ? Verdict.holds("statx finds it")
        : Verdict.broken(place.errno().orElse(Errno.ENOENT), culprit(now, path, place), "");
  }

  /** That an argument leads to a directory. */
  static Precondition directory(int argument, String name) {
    return Precondition.of(
        Errno.ENOTDIR,
        name + " is a directory",
        (now, call) ->
            existing(now, call, argument).map(Paths::isDirectory).orElse(Verdict.notNeeded()));
  }

  /** Whether a place is a directory. */
  static Verdict isDirectory(Place place) {
    boolean is = place.isDirectory();
    return Verdict.of(
        is, Errno.ENOTDIR, "'" + place.path() + (is ? "' is one" : "' is a file"), "");
  }

  /** That the actor may search the directory an argument leads to. */
  static Precondition searchable(int argument, String name) {
    return Precondition.of(
        Errno.EACCES,
        name + " may be searched",
        (now, call) ->
            existing(now, call, argument)
                .filter(Place::isDirectory)
                .map(place -> allowed(now, place, X_OK, "x"))
                .orElse(Verdict.notNeeded()));
  }

  /** Where an argument leads, when it leads somewhere. */
  static Optional<Place> existing(Situation now, Call call, int argument) {
    return call.text(argument).map(now.files()::place).filter(Place::exists);
  }

  /** Whether the permissions of a place let the actor do something. */
  static Verdict allowed(Situation now, Place place, long how, String word) {
    int errno = now.files().access(place.path(), how);
    String evidence =
        "'" + place.path() + "' has " + place.permissions() + "; its uid is " + uid(now);
    if (errno == Errno.EROFS.number()) {
      return Verdict.broken(
          Errno.EROFS, "'" + place.path() + "' is on the read-only mount " + mount(now, place), "");
    }
    return Verdict.of(
        errno != Errno.EACCES.number(),
        Errno.EACCES,
        errno == Errno.EACCES.number() ? evidence + ": no " + word + " for it" : evidence,
        "");
  }

  private static long uid(Situation now) {
    return now.ids().users().inside(now.status().id("Uid"));
  }

  /** The mount a place lies on, in words that follow "the mount". */
  static String mount(Situation now, Place place) {
    return now.mounts()
        .numbered(place.mount())
        .map(mount -> "at " + mount.point() + " (" + mount.shownSource() + ")")
        .orElse("numbered " + place.mount() + ", which is not in sight");
  }

  /** What of a path is in the way. */
  private static String culprit(Situation now, String path, Place place) {
    if (path.isEmpty()) {
      return "the path is empty";
    }
    if (path.length() >= PATH_MAX) {
      return "the path has " + path.length() + " bytes: " + (PATH_MAX - 1) + " at most";
    }
    String good = path.startsWith("/") ? "/" : ".";
    for (String prefix : prefixes(path)) {
      Place at = now.files().place(prefix);
      if (!at.exists()) {
        return inTheWay(now, good, prefix, place);
      }
      good = prefix;
    }
    return Errno.of(place.error()).map(Errno::text).orElse("?") + " says statx";
  }

  private static String inTheWay(Situation now, String good, String prefix, Place place) {
    String name = prefix.substring(prefix.lastIndexOf('/') + 1);
    return switch (place.errno().orElse(Errno.ENOENT)) {
      case ENOTDIR -> "'" + good + "' is no directory";
      case EACCES -> denied(now, good, prefix);
      case ELOOP ->
          "'" + prefix + "' is a symbolic link that leads in a circle, or too many follow";
      case ENAMETOOLONG ->
          "the name '" + name + "' has " + name.length() + " bytes: " + NAME_MAX + " at most";
      default ->
          now.files()
              .linkAt(prefix)
              .map(to -> "'" + prefix + "' is a symbolic link to '" + to + "', which is not there")
              .orElse("there is no '" + name + "' in '" + good + "'");
    };
  }

  private static String denied(Situation now, String good, String prefix) {
    Place folder = now.files().place(good);
    return prefix.matches("/proc/\\d+/ns/\\w+")
        ? "'"
            + prefix
            + "' is of a process the actor may not look into: it needs CAP_SYS_PTRACE over that"
            + " process's user namespace"
        : "'"
            + good
            + "' has "
            + folder.permissions()
            + "; its uid is "
            + uid(now)
            + ": no x for it";
  }

  /** The beginnings of a path, each one name longer. */
  private static List<String> prefixes(String path) {
    List<String> prefixes = new ArrayList<>();
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      prefixes.add(path.substring(0, slash));
    }
    prefixes.add(path);
    return prefixes;
  }

  /** The directory a path's last name lies in, as a path. */
  public static String parent(String path) {
    String bare = path.replaceAll("/+$", "");
    int slash = bare.lastIndexOf('/');
    return slash < 0 && !path.startsWith("/") ? "." : slash <= 0 ? "/" : bare.substring(0, slash);
  }
}
