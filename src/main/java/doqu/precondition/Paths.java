package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.ByteText;
import doqu.kernel.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the kernel needs to find what a path means (path_resolution(7)). */
public final class Paths {
  private static final List<Errno> ERRNOS =
      List.of(
          Errno.EFAULT, Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES, Errno.ELOOP, Errno.ENAMETOOLONG);
  private static final Pattern OF_PROCESS =
      Pattern.compile("/proc/(\\d{1,9})/(?:ns/\\w+|root|cwd|exe|fd/\\d+)");
  private static final int NAME_MAX = 255;
  private static final int PATH_MAX = 4096;
  static final long F_OK = 0;
  static final long X_OK = 1;
  static final long W_OK = 2;
  static final long R_OK = 4;

  private Paths() {}

  /** That an argument leads somewhere. */
  static Precondition leads(int argument, String name) {
    return new Precondition(
        name + " leads to something",
        ERRNOS,
        (now, call) ->
            call.text(argument)
                .map(path -> leads(now, path))
                .orElseGet(() -> OwnMemory.readable(now, call, argument, name)));
  }

  /** Whether a path leads somewhere. */
  static Verdict leads(Situation now, String path) {
    Place place = now.files().place(path);
    return place.exists()
        ? Verdict.holds("statx finds it")
        : Verdict.broken(
            place.errno().orElse(Errno.ENOENT),
            culprit(now, path, place),
            wayOut(now, path, place));
  }

  /** That a directory is not one that has been removed, where somebody still stands. */
  static Verdict notRemoved(Situation now, Place directory) {
    return isRemoved(directory)
        ? Verdict.broken(Errno.ENOENT, removed(now, directory), wayOut(now))
        : Verdict.holds("it has " + directory.links() + " links");
  }

  private static boolean isRemoved(Place place) {
    return place.exists() && place.isDirectory() && place.links() == 0;
  }

  private static String removed(Situation now, Place directory) {
    return "'"
        + directory.path()
        + "' has been removed: statx says that it has no link"
        + (directory.isSame(now.files().place(".")) ? ", /proc/PID/cwd is " + now.link("cwd") : "");
  }

  /** The step out of a current directory that has been removed, or is mounted nowhere. */
  private static String wayOut(Situation now, String path, Place place) {
    return !path.startsWith("/") && place.error() == Errno.ENOENT.number() ? wayOut(now) : "";
  }

  private static String wayOut(Situation now) {
    Place here = now.files().place(".");
    if (isRemoved(here)) {
      Place above = now.files().place("..");
      return above.exists() && !isRemoved(above) ? "chdir .." : "chdir /";
    }
    return isDetached(now, here) ? "chdir /" : "";
  }

  /** Whether the mount it lies on is none of its mount namespace any more, nor is its root's. */
  private static boolean isDetached(Situation now, Place place) {
    return place.exists()
        && now.mounts().numbered(place.mount()).isEmpty()
        && now.files().place("/").mount() != place.mount();
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
    if (isTooLong(path)) {
      return "the path has " + bytes(path) + " bytes: " + (PATH_MAX - 1) + " at most";
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
          "the name '" + name + "' has " + bytes(name) + " bytes: " + NAME_MAX + " at most";
      default ->
          now.files()
              .linkAt(prefix)
              .map(to -> "'" + prefix + "' is a symbolic link to '" + to + "', which is not there")
              .orElseGet(() -> missing(now, good, name));
    };
  }

  private static String missing(Situation now, String good, String name) {
    Place folder = now.files().place(good);
    if (isRemoved(folder)) {
      return removed(now, folder);
    }
    return "there is no '"
        + name
        + "' in '"
        + good
        + "'"
        + (isDetached(now, folder)
            ? ", on mount "
                + folder.mount()
                + ", which mountinfo does not have any more: what was mounted below it is gone"
            : "");
  }

  private static String denied(Situation now, String good, String prefix) {
    Place folder = now.files().place(good);
    Matcher link = OF_PROCESS.matcher(prefix);
    return link.matches()
        ? "'"
            + prefix
            + "' is of a process the actor may not look into: "
            + now.seen(Integer.parseInt(link.group(1)))
                .map(pid -> Inspection.denied(now, pid))
                .orElse("it needs CAP_SYS_PTRACE over that process's user namespace")
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

  /** How many bytes the kernel counts of a path or a name. */
  static int bytes(String path) {
    return ByteText.bytes(path).length;
  }

  static boolean isTooLong(String path) {
    return bytes(path) >= PATH_MAX;
  }

  static boolean isTooLongName(String name) {
    return bytes(name) > NAME_MAX;
  }

  /** A path without the slashes at its end, but for the root. */
  static String bare(String path) {
    return path.replaceAll("(?<=.)/+$", "");
  }

  /** The last of a path: a name, {@code .} or {@code ..}; empty for the root. */
  static String last(String path) {
    String bare = bare(path);
    return bare.substring(bare.lastIndexOf('/') + 1);
  }

  /** The directory a path's last name lies in, as a path. */
  public static String parent(String path) {
    String bare = path.replaceAll("/+$", "");
    int slash = bare.lastIndexOf('/');
    return slash < 0 && !path.startsWith("/") ? "." : slash <= 0 ? "/" : bare.substring(0, slash);
  }
}
