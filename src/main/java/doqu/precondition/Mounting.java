package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** What mount(2) needs, in each of its five forms; in the order of fs/namespace.c. */
final class Mounting {
  static final int SOURCE = 0;
  static final int TARGET = 1;
  static final int TYPE = 2;
  static final int FLAGS = 3;
  static final int DATA = 4;
  private static final long PROPAGATION =
      Flags.MS_SHARED | Flags.MS_PRIVATE | Flags.MS_SLAVE | Flags.MS_UNBINDABLE;

  private static final long NO_USER = 1L << 31;

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
    all.add(
        Precondition.of(
            Errno.EINVAL,
            "the flags have no MS_NOUSER, which is the kernel's own",
            (now, call) ->
                has(call, NO_USER)
                    ? Verdict.broken(Errno.EINVAL, Flags.MOUNT.show(call.number(FLAGS)), "")
                    : Verdict.notNeeded()));
    all.add(MAY_MOUNT);
    all.addAll(only(Mounting::isRemount, Remounting.all()));
    all.addAll(only(Mounting::isBind, Binding.all()));
    all.addAll(only(Mounting::isPropagation, propagation()));
    all.addAll(only(Mounting::isMove, Moving.all()));
    all.addAll(only(Mounting::isNew, NewFileSystem.all()));
    return all;
  }

  private static List<Precondition> propagation() {
    return List.of(
        mountPoint(TARGET, "TARGET", true),
        Precondition.of(
            Errno.EINVAL,
            "one propagation is asked for, and but with MS_REC nothing else",
            (now, call) -> {
              long asked = call.number(FLAGS) & ~(Flags.MS_REC | Flags.MS_SILENT);
              return Verdict.of(
                  Long.bitCount(asked) == 1,
                  Errno.EINVAL,
                  Flags.MOUNT.show(call.number(FLAGS)),
                  "");
            }),
        inNamespace(TARGET, "TARGET's mount", Errno.EINVAL));
  }

  private static List<Precondition> only(Predicate<Call> form, List<Precondition> preconditions) {
    return preconditions.stream().map(one -> one.when(form)).toList();
  }

  // Which form: the first that applies, as path_mount() in the kernel asks.

  /** Whether a call has a flag. */
  static boolean has(Call call, long flag) {
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

  /** That SOURCE, without which there is no bind and no move, is not left out. */
  static Precondition sourceGiven() {
    return Precondition.of(
        Errno.EINVAL,
        "a SOURCE is given",
        (now, call) ->
            Verdict.of(
                isGiven(call),
                Errno.EINVAL,
                call.text(SOURCE).map(source -> "it is '" + source + "'").orElse("it is NULL"),
                ""));
  }

  /** That SOURCE leads somewhere, when it is given. */
  static Precondition sourceLeads() {
    return Paths.leads(SOURCE, "SOURCE").when(Mounting::isGiven);
  }

  private static boolean isGiven(Call call) {
    return call.text(SOURCE).filter(source -> !source.isEmpty()).isPresent();
  }

  /** What lies uppermost at TARGET, when that leads somewhere: on this something is mounted. */
  static Optional<Topmost> target(Situation now, Call call) {
    return Paths.existing(now, call, TARGET).map(place -> Topmost.at(now, place));
  }

  /**
   * That TARGET is still there to be mounted upon (do_lock_mount() in fs/namespace.c). Of a mount
   * that has been taken away older kernels say EINVAL.
   */
  static Precondition targetStays() {
    return Precondition.of(
        Errno.ENOENT,
        "TARGET has not been removed, nor has its mount been taken away",
        (now, call) -> target(now, call).map(top -> stays(now, top)).orElse(Verdict.notNeeded()));
  }

  static Verdict stays(Situation now, Topmost top) {
    return top.place().links() == 0
        ? Verdict.broken(Errno.ENOENT, "'" + top.place().path() + "' has 0 links", "")
        : now.mounts().inNamespace(top.id(), Errno.ENOENT);
  }

  /** A check of where an argument leads, when it leads somewhere. */
  static Precondition.Check at(int argument, BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, argument)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }

  /** A check of the mount it lies on. */
  static Precondition.Check mounted(int argument, BiFunction<Situation, Mount, Verdict> check) {
    return at(
        argument,
        (now, place) ->
            now.mounts()
                .numbered(place.mount())
                .map(mount -> check.apply(now, mount))
                .orElse(now.mounts().notFound()));
  }

  /** That the mount an argument leads to is one of its mount namespace. */
  static Precondition inNamespace(int argument, String name, Errno errno) {
    return Precondition.of(
        errno,
        name + " is in its mount namespace",
        at(argument, (now, place) -> now.mounts().inNamespace(place.mount(), errno)));
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
                isMountPoint(now, place, mend && !place.mountRoot() ? makeOne(place) : "")));
  }

  static Verdict isMountPoint(Situation now, Place place, String mend) {
    return Verdict.of(
        place.mountRoot(),
        Errno.EINVAL,
        "'"
            + place.path()
            + (place.mountRoot() ? "' is" : "' is no mount point: it lies in")
            + " the mount "
            + Paths.mount(now, place),
        mend);
  }

  /** The step that makes a place a mount point; empty: its path would still lead below that. */
  static String makeOne(Place place) {
    return place.path().matches("/+|(.*/)?\\.\\.?/*")
        ? ""
        : "mount --bind " + place.path() + " " + place.path();
  }

  /**
   * That both arguments are directories, or both are none; else a bind and a move differ in errno.
   */
  static Precondition sameKind(Errno errno) {
    return Precondition.of(
        errno,
        "SOURCE and TARGET are both directories, or neither",
        (now, call) -> {
          Optional<Place> source = Paths.existing(now, call, SOURCE);
          Optional<Place> target = Paths.existing(now, call, TARGET);
          if (source.isEmpty() || target.isEmpty()) {
            return Verdict.notNeeded();
          }
          return Verdict.of(
              source.get().isDirectory() == target.get().isDirectory(),
              errno,
              kind(source.get()) + ", " + kind(target.get()),
              "");
        });
  }

  /** What a place is, in words. */
  static String kind(Place place) {
    return "'" + place.path() + "' is a " + (place.isDirectory() ? "directory" : "file");
  }
}
