package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import doqu.precondition.MountTree.Lock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** What mount(2) needs to change a mount or its file system: MS_REMOUNT. */
final class Remounting {
  /** The options of a mount that are taken away where they are not said again. */
  private static final Map<String, Long> KEPT = new LinkedHashMap<>();

  private static final Map<String, Long> ATIME = new LinkedHashMap<>();

  static {
    KEPT.put("ro", Flags.MS_RDONLY);
    KEPT.put("nosuid", Flags.MS_NOSUID);
    KEPT.put("nodev", Flags.MS_NODEV);
    KEPT.put("noexec", Flags.MS_NOEXEC);
    KEPT.put("nosymfollow", Flags.MS_NOSYMFOLLOW);
    ATIME.put("noatime", Flags.MS_NOATIME);
    ATIME.put("nodiratime", Flags.MS_NODIRATIME);
    ATIME.put("relatime", Flags.MS_RELATIME);
    ATIME.put("strictatime", Flags.MS_STRICTATIME);
  }

  private static final String OVERLAY = "overlay";

  /** What is never locked. */
  private static final String FREE = "nosymfollow";

  private Remounting() {}

  static List<Precondition> all() {
    return List.of(
        Mounting.mountPoint(Mounting.TARGET, "TARGET", true),
        Mounting.inNamespace(Mounting.TARGET, "TARGET's mount", Errno.EINVAL),
        Precondition.of(
            Errno.EPERM, "no option is taken away that is locked", of(Remounting::keepsLocked)),
        Precondition.of(
                Errno.EINVAL,
                "without bind: the file system knows the options",
                of(Remounting::known))
            .when(Remounting::ofAll),
        Precondition.of(
                Errno.EPERM,
                "without bind: the file system belongs to its user namespace",
                of(
                    (call, remounted) ->
                        ownFileSystem(remounted.now, remounted.mount, remounted.mend(call))))
            .when(Remounting::ofAll),
        Precondition.of(
                Errno.EBUSY,
                "with ro: no file is open for writing",
                of(
                    (call, remounted) ->
                        remounted.isReadOnly(call)
                            ? Verdict.notNeeded()
                            : HeldFiles.none(remounted.now, remounted.mount, ofAll(call))))
            .when(call -> Mounting.has(call, Flags.MS_RDONLY)),
        Precondition.of(
                Errno.EROFS,
                "without bind: an overlay has an upperdir, or stays read-only",
                of(Remounting::takesChanges))
            .when(Remounting::ofAll),
        Precondition.of(
                Errno.EINVAL,
                "without bind: it holds no more than is allowed then",
                of(Remounting::fits))
            .when(Remounting::ofAll));
  }

  private static boolean ofAll(Call call) {
    return !Mounting.has(call, Flags.MS_BIND);
  }

  private static Precondition.Check of(BiFunction<Call, Remounted, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, Mounting.TARGET)
            .filter(Place::mountRoot)
            .map(
                place ->
                    now.mounts()
                        .numbered(place.mount())
                        .map(mount -> check.apply(call, new Remounted(now, place, mount)))
                        .orElse(now.mounts().notFound()))
            .orElse(Verdict.notNeeded());
  }

  /** The mount that is changed, and where it is. */
  private record Remounted(Situation now, Place place, Mount mount) {
    /** Whether what is to become read-only is so already. */
    boolean isReadOnly(Call call) {
      return ofAll(call) ? List.of(mount.ofAll().split(",", -1)).contains("ro") : mount.has("ro");
    }

    /** The options that would go. */
    List<String> lost(Call call) {
      return KEPT.entrySet().stream()
          .filter(one -> mount.has(one.getKey()) && !Mounting.has(call, one.getValue()))
          .map(Map.Entry::getKey)
          .toList();
    }

    Lock lock(String option) {
      return option.equals(FREE) ? Lock.FREE : now.mounts().lock(mount, option);
    }

    /** The access times of files, as path_mount() understands the flags. */
    Set<String> atimes(Call call) {
      Set<String> are = new LinkedHashSet<>(ATIME.keySet());
      are.removeIf(option -> !mount.has(option));
      if (ATIME.values().stream().noneMatch(flag -> Mounting.has(call, flag))) {
        return are;
      }
      return Remounting.atimes(call);
    }

    boolean changesAtimes(Call call) {
      return areOther(mount, atimes(call));
    }

    /** The same step, with all that has to be said again: what is not said goes. */
    String mend(Call call) {
      List<String> words = new ArrayList<>(List.of("remount"));
      if (!ofAll(call) || now.mounts().isOutsiders(mount)) {
        words.add("bind");
      }
      KEPT.forEach(
          (option, flag) -> {
            boolean stays = lost(call).contains(option) && lock(option) != Lock.FREE;
            if (stays || Mounting.has(call, flag)) {
              words.add(option);
            }
          });
      if (!changesAtimes(call) || lock("atime") == Lock.FREE) {
        ATIME.forEach(
            (option, flag) -> {
              if (Mounting.has(call, flag)) {
                words.add(option);
              }
            });
      }
      if (!words.contains("bind")) {
        call.text(Mounting.DATA).filter(data -> !data.isEmpty()).ifPresent(words::add);
      }
      return "mount -o " + String.join(",", words) + " " + place.path();
    }
  }

  private static Set<String> atimes(Call call) {
    Set<String> will = new LinkedHashSet<>();
    if (!Mounting.has(call, Flags.MS_STRICTATIME)) {
      will.add(Mounting.has(call, Flags.MS_NOATIME) ? "noatime" : "relatime");
    }
    if (Mounting.has(call, Flags.MS_NODIRATIME)) {
      will.add("nodiratime");
    }
    return will;
  }

  private static boolean areOther(Mount mount, Set<String> atimes) {
    return ATIME.keySet().stream().anyMatch(option -> mount.has(option) != atimes.contains(option));
  }

  /**
   * Which option of a mount another of its type would have to have too, to show no more than that:
   * one that is locked. Empty: it would be as that.
   */
  static Optional<String> unlike(Situation now, Mount mount, Call call) {
    boolean readOnly =
        (mount.has("ro") && now.mounts().lock(mount, "ro") == Lock.LOCKED)
            || List.of(mount.ofAll().split(",", -1)).contains("ro");
    if (readOnly && !Mounting.has(call, Flags.MS_RDONLY)) {
      return Optional.of(mount.point() + " is read-only, and has to stay so");
    }
    boolean other =
        now.mounts().lock(mount, "atime") == Lock.LOCKED && areOther(mount, atimes(call));
    return other
        ? Optional.of(
            mount.point()
                + " is mounted "
                + mount.options()
                + ", and how it keeps atime has to stay")
        : Optional.empty();
  }

  private static Verdict keepsLocked(Call call, Remounted remounted) {
    String has = "the mount has " + remounted.mount.options();
    List<String> locked = with(remounted, remounted.lost(call), Lock.LOCKED);
    List<String> unsure = with(remounted, remounted.lost(call), Lock.UNKNOWN);
    if (!locked.isEmpty()) {
      return Verdict.broken(
          Errno.EPERM, has + "; " + String.join(", ", locked) + " would go", remounted.mend(call));
    }
    Lock atime = remounted.changesAtimes(call) ? remounted.lock("atime") : Lock.FREE;
    if (atime == Lock.LOCKED) {
      Set<String> will = remounted.atimes(call);
      return Verdict.broken(
          Errno.EPERM,
          has + "; that would become " + (will.isEmpty() ? "strictatime" : String.join(",", will)),
          remounted.mend(call));
    }
    if (atime == Lock.UNKNOWN || !unsure.isEmpty()) {
      return Verdict.unknown(
          has
              + "; whether "
              + (unsure.isEmpty() ? "atime" : String.join(", ", unsure))
              + " is locked the kernel tells nobody");
    }
    return remounted.lost(call).isEmpty()
        ? Verdict.holds(has + ", and all of it is said again")
        : Verdict.holds(has + "; " + String.join(", ", remounted.lost(call)) + " came here only");
  }

  private static List<String> with(Remounted remounted, List<String> options, Lock lock) {
    return options.stream().filter(option -> remounted.lock(option) == lock).toList();
  }

  /** ovl_reconfigure() in fs/overlayfs/params.c. */
  private static Verdict takesChanges(Call call, Remounted remounted) {
    boolean only = !remounted.mount.ofAll().contains("upperdir=");
    return remounted.mount.type().equals(OVERLAY) && only && !Mounting.has(call, Flags.MS_RDONLY)
        ? Verdict.broken(Errno.EROFS, "it has " + remounted.mount.ofAll(), "")
        : Verdict.notNeeded();
  }

  private static Verdict known(Call call, Remounted remounted) {
    if (remounted.mount.type().equals(OVERLAY)) {
      return Verdict.notNeeded(); // it takes no notice of them
    }
    return FileSystemOptions.taken(
        remounted.now, remounted.mount.type(), call.text(Mounting.DATA).orElse(""));
  }

  /** shmem_reconfigure() in mm/shmem.c. */
  private static Verdict fits(Call call, Remounted remounted) {
    Optional<ActorsFiles.Room> room = remounted.now.files().statfs(remounted.place.path());
    if (!remounted.mount.type().equals("tmpfs") || room.isEmpty()) {
      return Verdict.notNeeded();
    }
    Verdict verdict = Verdict.notNeeded();
    for (String option : FileSystemOptions.split("tmpfs", call.text(Mounting.DATA).orElse(""))) {
      String[] parts = option.split("=", 2);
      if (parts.length == 2 && Set.of("size", "nr_blocks", "nr_inodes").contains(parts[0])) {
        verdict = fits(option, parts[0], FileSystemOptions.amount(parts[1]), room.get());
      }
      if (verdict.isBroken()) {
        break;
      }
    }
    return verdict;
  }

  private static Verdict fits(
      String option, String key, Optional<Long> amount, ActorsFiles.Room room) {
    boolean files = key.equals("nr_inodes");
    long most = files ? room.files() : room.blocks();
    long used = most - (files ? room.freeFiles() : room.freeBlocks());
    if (amount.isEmpty()) {
      return Verdict.unknown("how much '" + option + "' is doqu does not know");
    }
    long unit = key.equals("size") ? room.blockSize() : 1;
    long allowed = (amount.get() + unit - 1) / unit;
    String what = files ? " inodes" : " pages";
    return Verdict.of(
        allowed == 0 || (most > 0 && used <= allowed),
        Errno.EINVAL,
        most == 0
            ? "it has no limit so far, and takes none afterwards"
            : "it holds " + used + what + ", '" + option + "' are " + allowed,
        "");
  }

  /**
   * The step that takes one option from a mount and none else; empty: it is locked, as far as doqu
   * knows.
   */
  static String without(Situation now, Mount mount, String option) {
    List<String> kept =
        KEPT.keySet().stream().filter(one -> mount.has(one) && !one.equals(option)).toList();
    return now.mounts().lock(mount, option) == Lock.FREE
        ? now.unlessChrooted(
            "mount -o remount,bind,"
                + option.replaceFirst("^no", "")
                + String.join("", kept.stream().map(one -> "," + one).toList())
                + " "
                + mount.point())
        : "";
  }

  static Verdict ownFileSystem(Situation now, Mount mount, String mend) {
    boolean outsiders = now.mounts().isOutsiders(mount);
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
}
