package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What mount(2) needs to show a place at another: MS_BIND. */
final class Binding {
  private Binding() {}

  static List<Precondition> all() {
    return List.of(
        Mounting.sourceGiven(),
        Mounting.sourceLeads(),
        Precondition.of(
            Errno.EINVAL,
            "a mount namespace is newer, by its number, than its own",
            Mounting.at(Mounting.SOURCE, Binding::newer)),
        Mounting.targetStays(),
        Precondition.of(
            Errno.EINVAL,
            "SOURCE's mount is not unbindable",
            mounted(
                (now, mount) ->
                    Verdict.of(
                        !mount.propagation().contains("unbindable"),
                        Errno.EINVAL,
                        MountTree.propagation(mount),
                        now.unlessChrooted("mount --make-private " + mount.point())))),
        Precondition.of(
            Errno.EINVAL,
            "SOURCE's mount is in its mount namespace",
            Mounting.at(
                Mounting.SOURCE,
                (now, place) ->
                    isNamespace(now, place)
                        ? Verdict.notNeeded()
                        : now.mounts().inNamespace(place.mount(), Errno.EINVAL))),
        Precondition.of(
                Errno.EINVAL, "no locked mount lies below SOURCE", Binding::nothingLockedBelow)
            .when(call -> !Mounting.has(call, Flags.MS_REC)),
        Precondition.of(
                Errno.EPERM,
                "with rbind: no locked mount below SOURCE is unbindable",
                Binding::nothingLockedUnbindable)
            .when(call -> Mounting.has(call, Flags.MS_REC)),
        Mounting.sameKind(Errno.ENOTDIR),
        Precondition.of(
            Errno.EINVAL,
            "a mount namespace is bound where nobody else learns of it",
            Binding::nobodyLearns));
  }

  private static Precondition.Check mounted(BiFunction<Situation, Mount, Verdict> check) {
    return Mounting.at(
        Mounting.SOURCE,
        (now, place) ->
            now.mounts()
                .numbered(place.mount())
                .map(mount -> check.apply(now, mount))
                .orElse(Verdict.notNeeded()));
  }

  /** The link of the namespace a place is, {@code mnt:[4026531841]}; empty: it is none. */
  private static String namespace(Situation now, Place place) {
    return place.isRegular() && now.mounts().numbered(place.mount()).isEmpty()
        ? now.files()
            .fullPath(place.path())
            .filter(path -> path.matches("\\w+:\\[\\d+]"))
            .orElse("")
        : "";
  }

  private static boolean isNamespace(Situation now, Place place) {
    return !namespace(now, place).isEmpty();
  }

  /**
   * Otherwise one could keep itself alive (mnt_ns_loop() in fs/namespace.c). Each CPU gives out
   * numbers of its own, so that one made later may count as older.
   */
  private static Verdict newer(Situation now, Place place) {
    String link = namespace(now, place);
    if (!link.startsWith(Namespace.MNT.file() + ":")) {
      return Verdict.notNeeded();
    }
    String own = now.namespace(Namespace.MNT);
    Long number = now.files().opened(place.path(), Binding::number).orElse(null);
    Long ofOwn = number(now.namespaceFile(Namespace.MNT.file()));
    if (link.equals(own)) {
      return Verdict.broken(Errno.EINVAL, link + " is its own", "");
    }
    return number == null || ofOwn == null
        ? Verdict.unknown("which is newer, " + link + " or " + own + ", the kernel tells nobody")
        : Verdict.of(
            number > ofOwn,
            Errno.EINVAL,
            link + " has the number " + number + ", " + own + " has " + ofOwn,
            "");
  }

  /** By a file of a mount namespace, as doqu opens it. */
  private static @Nullable Long number(String file) {
    long opened = Libc.open(file, Flags.O_RDONLY);
    if (opened < 0) {
      return null;
    }
    long number = Libc.numberOfMountNamespace((int) opened);
    Libc.close((int) opened);
    return number < 0 ? null : number;
  }

  /** To others a mount namespace is not copied (copy_tree() in fs/namespace.c). */
  private static Verdict nobodyLearns(Situation now, Call call) {
    Optional<Mount> on = Mounting.target(now, call).flatMap(top -> top.mount(now));
    boolean isOne =
        Paths.existing(now, call, Mounting.SOURCE)
            .filter(place -> namespace(now, place).startsWith(Namespace.MNT.file() + ":"))
            .isPresent();
    if (!isOne || on.isEmpty()) {
      return Verdict.notNeeded();
    }
    List<Mount> learners = now.mounts().learners(on.get(), now.processes());
    return Verdict.of(
        learners.isEmpty(),
        Errno.EINVAL,
        learners.isEmpty()
            ? MountTree.propagation(on.get())
            : MountTree.propagation(on.get()) + ", and " + MountTree.propagation(learners.get(0)),
        now.unlessChrooted("mount --make-private " + on.get().point()));
  }

  private static Verdict nothingLockedBelow(Situation now, Call call) {
    return Paths.existing(now, call, Mounting.SOURCE)
        .map(
            place ->
                nothingLockedBelow(
                    now,
                    place,
                    "mount --rbind "
                        + call.text(Mounting.SOURCE).orElse("")
                        + " "
                        + call.text(Mounting.TARGET).orElse("")))
        .orElse(Verdict.notNeeded());
  }

  /** That a place can be copied without what is mounted below it. */
  static Verdict nothingLockedBelow(Situation now, Place place, String mend) {
    return below(
        now,
        place,
        below -> {
          List<Mount> locked = below.stream().filter(now.mounts()::isLocked).toList();
          return Verdict.of(
              locked.isEmpty(),
              Errno.EINVAL,
              locked.isEmpty()
                  ? "none is mounted there"
                  : locked.get(0).point()
                      + (locked.size() > 1 ? " and " + (locked.size() - 1) + " more came" : " came")
                      + " along from a mount namespace outside: what they cover must stay covered",
              locked.isEmpty() ? "" : mend);
        });
  }

  /** What is unbindable is left out of a copy, and what is locked is not (copy_tree()). */
  private static Verdict nothingLockedUnbindable(Situation now, Call call) {
    return Paths.existing(now, call, Mounting.SOURCE)
        .map(place -> nothingLockedUnbindable(now, place))
        .orElse(Verdict.notNeeded());
  }

  private static Verdict nothingLockedUnbindable(Situation now, Place place) {
    return below(
        now,
        place,
        below -> {
          List<Mount> copied = new ArrayList<>(below);
          for (int i = 0; i < copied.size(); i++) {
            Mount mount = copied.get(i);
            boolean unbindable = mount.propagation().contains("unbindable");
            if (unbindable && now.mounts().isLocked(mount)) {
              return Verdict.broken(
                  Errno.EPERM,
                  MountTree.propagation(mount) + ", and came along from a mount namespace outside",
                  now.unlessChrooted("mount --make-private " + mount.point()));
            }
            if (!unbindable) {
              copied.addAll(now.mounts().children(mount));
            }
          }
          return Verdict.holds("none of " + copied.size() + " mounts is");
        });
  }

  /** A check of the mounts that lie on that of a place, there or below it. */
  private static Verdict below(Situation now, Place place, Function<List<Mount>, Verdict> check) {
    Optional<Mount> mount = now.mounts().numbered(place.mount());
    if (mount.isEmpty()) {
      return Verdict.notNeeded();
    }
    List<Mount> children = now.mounts().children(mount.get());
    if (children.isEmpty() || place.mountRoot()) {
      return check.apply(children);
    }
    return now.files()
        .fullPath(place.path())
        .map(at -> check.apply(children.stream().filter(one -> isBelow(one.point(), at)).toList()))
        .orElse(Verdict.unknown("the actor cannot open '" + place.path() + "'"));
  }

  /** Both are of one mount, and so named from its root on. */
  private static boolean isBelow(String point, String at) {
    return at.equals("/") || point.equals(at) || point.startsWith(at + "/");
  }
}
