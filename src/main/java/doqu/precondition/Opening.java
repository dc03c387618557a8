package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What openat(2) needs of a file that is there; in the order of fs/open.c and fs/namei.c. */
final class Opening {
  static final int PATH = 1;
  private static final int FLAGS = 2;
  private static final long ACCESS = 3;
  private static final Set<String> SETGROUPS =
      Set.of("/proc/self/setgroups", "/proc/thread-self/setgroups");

  private Opening() {}

  /** Also after unshare(2) of a user namespace, which moves no file. */
  static final Precondition LEADS =
      new Precondition(
          "the path leads to something",
          Paths.leads(PATH, "").errnos(),
          (now, call) ->
              CreatedFile.of(now, call)
                  .map(file -> Paths.leads(now, Paths.parent(file)))
                  .orElseGet(
                      () ->
                          found(now, call).isPresent()
                              ? Verdict.holds("statx finds it")
                              : Paths.leads(PATH, "").check().of(now, call)));

  /** Also after unshare(2) of a user namespace, whose new owner of files nobody inside is. */
  static final Precondition OWN_FILES =
      Precondition.of(
          Errno.EACCES,
          "its files in /proc are its own: it has not changed its uid or gid since its exec",
          (now, call) -> {
            Place place = now.files().place(call.text(PATH).orElse(""));
            long uid = now.ids().users().inside(now.status().id("Uid"));
            return place.exists() && IdMapFiles.NAME.matcher(place.path()).matches()
                ? Verdict.of(
                    place.uid() == uid,
                    Errno.EACCES,
                    place.path() + " belongs to uid " + place.uid() + ", its own is " + uid,
                    "")
                : Verdict.notNeeded();
          });

  static List<Precondition> openat() {
    List<Precondition> all = new ArrayList<>();
    all.add(Precondition.of(Errno.EINVAL, "the flags go together", Opening::together));
    all.add(LEADS);
    all.addAll(CreatedFile.all());
    all.addAll(ofFile());
    return all;
  }

  private static List<Precondition> ofFile() {
    return List.of(
        Precondition.of(
                Errno.EEXIST,
                "with O_EXCL: nothing has that name yet",
                at((now, place) -> broken(Errno.EEXIST, place, "' is there")))
            .when(Opening::isExclusive),
        Precondition.of(
                Errno.EISDIR,
                "what is to be written is no directory",
                at(
                    (now, place) ->
                        Verdict.of(
                            !place.isDirectory(),
                            Errno.EISDIR,
                            "'" + place.path() + (place.isDirectory() ? "' is one" : "' is none"),
                            "")))
            .when(call -> (writes(call) || has(call, Flags.O_CREAT)) && !isNameless(call)),
        Precondition.of(
                Errno.ENOTDIR,
                "with O_DIRECTORY: it is a directory",
                at((now, place) -> Paths.isDirectory(place)))
            .when(call -> has(call, Flags.O_DIRECTORY)),
        Precondition.of(
                Errno.ELOOP,
                "with O_NOFOLLOW: it is no symbolic link",
                at(
                    (now, place) ->
                        place.isLink()
                            ? broken(Errno.ELOOP, place, "' is one")
                            : Verdict.holds("'" + place.path() + "' is none")))
            .when(call -> has(call, Flags.O_NOFOLLOW) && !isPath(call)),
        Precondition.of(
                Errno.EACCES, "a device is not on a nodev mount", at(Opening::devicesAreAllowed))
            .when(call -> !isPath(call)),
        Precondition.of(
                Errno.EACCES,
                "it may be read",
                at((now, place) -> Paths.allowed(now, place, Paths.R_OK, "r")))
            .when(call -> reads(call) && !isPath(call)),
        new Precondition(
                "it may be written to",
                List.of(Errno.EACCES, Errno.EROFS),
                at(
                    (now, place) ->
                        place.isDirectory()
                            ? Verdict.notNeeded()
                            : Paths.allowed(now, place, Paths.W_OK, "w")))
            .when(Opening::writes),
        Precondition.of(
                Errno.EPERM,
                "with O_NOATIME: it is the owner, or has CAP_FOWNER over the owner",
                at(Identities::ownerOrCapable))
            .when(call -> has(call, Flags.O_NOATIME) && !isPath(call)),
        Precondition.of(
                Errno.EACCES,
                "for setgroups: CAP_SYS_ADMIN in its user namespace",
                (now, call) -> {
                  boolean setgroups = call.text(PATH).filter(SETGROUPS::contains).isPresent();
                  boolean may = now.has(Capability.CAP_SYS_ADMIN);
                  return setgroups
                      ? Verdict.of(
                          may,
                          Errno.EACCES,
                          "CapEff is " + now.status().get("CapEff") + (may ? "" : ", without it"),
                          "")
                      : Verdict.notNeeded();
                })
            .when(Opening::writes),
        Precondition.of(
                Errno.EOPNOTSUPP,
                "the file system makes files without a name",
                (now, call) -> Verdict.unknown("doqu does not judge O_TMPFILE"))
            .when(Opening::isNameless));
  }

  // What is asked for.

  static boolean has(Call call, long flag) {
    return (call.number(FLAGS) & flag) == flag;
  }

  /** Of a place alone nothing but the path is asked (open(2)). */
  static boolean isPath(Call call) {
    return has(call, Flags.O_PATH);
  }

  private static boolean isNameless(Call call) {
    return has(call, Flags.O_TMPFILE);
  }

  static boolean isExclusive(Call call) {
    return has(call, Flags.O_CREAT | Flags.O_EXCL) && !isPath(call);
  }

  private static boolean writes(Call call) {
    return (call.number(FLAGS) & ACCESS) != Flags.O_RDONLY && !isPath(call);
  }

  private static boolean reads(Call call) {
    return (call.number(FLAGS) & ACCESS) != Flags.O_WRONLY;
  }

  /** Before Linux 6.4 O_CREAT and O_DIRECTORY made a file together, and opened no directory. */
  private static Verdict together(Situation now, Call call) {
    boolean both = has(call, Flags.O_CREAT | Flags.O_DIRECTORY) && !isPath(call);
    boolean tooLittle = isNameless(call) && !writes(call) && !isPath(call);
    return both || tooLittle
        ? Verdict.broken(
            Errno.EINVAL,
            Flags.OPEN.show(call.number(FLAGS))
                + (both ? " asks to make a directory" : " makes a file that cannot be written"),
            "")
        : Verdict.notNeeded();
  }

  /** The file that is there; of what is not to be followed the symbolic link itself. */
  static Optional<Place> found(Situation now, Call call) {
    return isExclusive(call) || has(call, Flags.O_NOFOLLOW)
        ? call.text(PATH).map(now.files()::itself).filter(Place::exists)
        : Paths.existing(now, call, PATH);
  }

  private static Precondition.Check at(BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        found(now, call).map(place -> check.apply(now, place)).orElse(Verdict.notNeeded());
  }

  private static Verdict broken(Errno errno, Place place, String is) {
    return Verdict.broken(errno, "'" + place.path() + is, "");
  }

  private static Verdict devicesAreAllowed(Situation now, Place place) {
    Optional<Mount> mount = now.mounts().numbered(place.mount());
    return place.isDevice() && mount.isPresent()
        ? Verdict.of(
            !mount.get().has("nodev"),
            Errno.EACCES,
            "the mount at " + mount.get().point() + " has " + mount.get().options(),
            mount.get().has("nodev") ? Remounting.without(now, mount.get(), "nodev") : "")
        : Verdict.notNeeded();
  }
}
