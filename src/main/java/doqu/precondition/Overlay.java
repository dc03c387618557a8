package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.observe.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * What mount(2) needs of the directories an overlay is made of (params.c and super.c of
 * fs/overlayfs).
 *
 * @param lower what is only read, the uppermost first
 * @param upper what takes changes; empty: none is given
 * @param work where changes are made ready; empty: none is given
 */
record Overlay(List<String> lower, Optional<String> upper, Optional<String> work) {
  private static final String TYPE = "overlay";

  static List<Precondition> all() {
    Precondition lead = Paths.leads(Mounting.DATA, "");
    return List.of(
        Precondition.of(
            Errno.EINVAL,
            "for overlay: what doqu does not read of its directories is as it has to be",
            (now, call) ->
                isOverlay(call) && isUnread(data(call))
                    ? Verdict.unknown("doqu reads no \\, no ::, no + and nothing twice")
                    : Verdict.notNeeded()),
        new Precondition(
            "for overlay: its directories lead to something",
            lead.errnos(),
            of((now, overlay) -> overlay.first(path -> Paths.leads(now, path)))),
        Precondition.of(
            Errno.EINVAL,
            "for overlay: they are directories",
            of(
                (now, overlay) ->
                    overlay.first(
                        path ->
                            !now.files().place(path).exists()
                                    || now.files().place(path).isDirectory()
                                ? Verdict.holds("all are")
                                : Verdict.broken(
                                    Errno.EINVAL, "'" + path + "' is no directory", "")))),
        Precondition.of(
            Errno.EINVAL,
            "for overlay: with upperdir a workdir is given, without it two lowerdirs",
            of((now, overlay) -> overlay.complete())),
        Precondition.of(
            Errno.EINVAL,
            "for overlay: upperdir is on no read-only mount",
            of(
                (now, overlay) ->
                    overlay
                        .there(now, overlay.upper)
                        .map(place -> readOnlyIsEinval(Entries.writable(now, place)))
                        .orElse(Verdict.notNeeded()))),
        Precondition.of(
            Errno.EINVAL,
            "for overlay: upperdir and workdir are on one mount, and neither is in the other",
            of((now, overlay) -> overlay.apart(now))),
        Precondition.of(
            Errno.EINVAL,
            "for overlay: no locked mount lies below one, and none is unbindable",
            of((now, overlay) -> overlay.first(path -> mayBeCopied(now, path)))),
        Precondition.of(
            Errno.EINVAL,
            "for overlay: no lowerdir is on proc, which nothing is stacked on",
            of((now, overlay) -> overlay.notOnProc(now))),
        Precondition.of(
            Errno.ELOOP,
            "for overlay: no lowerdir is another of its directories, or in one",
            of((now, overlay) -> overlay.distinct(now))));
  }

  private static boolean isOverlay(Call call) {
    return call.text(Mounting.TYPE).filter(TYPE::equals).isPresent();
  }

  private static String data(Call call) {
    return call.text(Mounting.DATA).orElse("");
  }

  private static boolean isUnread(String data) {
    boolean twice =
        Stream.of("lowerdir", "upperdir", "workdir")
            .anyMatch(key -> options(data, key).count() > 1);
    return twice || data.contains("\\") || data.contains("::") || data.contains("dir+=");
  }

  private static Precondition.Check of(BiFunction<Situation, Overlay, Verdict> check) {
    return (now, call) ->
        isOverlay(call) && !isUnread(data(call)) && option(data(call), "lowerdir").isPresent()
            ? check.apply(now, read(data(call)))
            : Verdict.notNeeded();
  }

  private static Overlay read(String data) {
    return new Overlay(
        List.of(option(data, "lowerdir").orElse("").split(":", -1)),
        option(data, "upperdir"),
        option(data, "workdir"));
  }

  private static Optional<String> option(String data, String key) {
    return options(data, key).findFirst();
  }

  private static Stream<String> options(String data, String key) {
    return Stream.of(data.split(",", -1))
        .filter(option -> option.startsWith(key + "="))
        .map(option -> option.substring(key.length() + 1));
  }

  private List<String> paths() {
    return Stream.concat(lower.stream(), Stream.concat(upper.stream(), work.stream())).toList();
  }

  private interface OfPath {
    Verdict of(String path);
  }

  /** The first that a check finds broken; of an empty one each says EINVAL. */
  private Verdict first(OfPath check) {
    Verdict good = Verdict.notNeeded();
    for (String path : paths()) {
      good = path.isEmpty() ? Verdict.broken(Errno.EINVAL, "one is empty", "") : check.of(path);
      if (good.isBroken()) {
        return good;
      }
    }
    return good;
  }

  private Verdict complete() {
    boolean is = upper.isPresent() ? work.isPresent() : lower.size() > 1;
    return Verdict.of(
        is,
        Errno.EINVAL,
        upper.isPresent()
            ? "upperdir is given, workdir is " + (is ? "too" : "not")
            : "upperdir is not given, and " + lower.size() + " in lowerdir",
        "");
  }

  private Optional<Place> there(Situation now, Optional<String> path) {
    return path.map(now.files()::place).filter(Place::isDirectory);
  }

  private static Verdict readOnlyIsEinval(Verdict writable) {
    return writable.isBroken()
        ? Verdict.broken(Errno.EINVAL, writable.evidence(), writable.mend())
        : writable;
  }

  private Verdict apart(Situation now) {
    Optional<Place> up = there(now, upper);
    Optional<Place> at = there(now, work);
    if (up.isEmpty() || at.isEmpty()) {
      return Verdict.notNeeded();
    }
    String where =
        "'"
            + up.get().path()
            + "' is on mount "
            + up.get().mount()
            + ", '"
            + at.get().path()
            + "' on mount "
            + at.get().mount();
    if (up.get().mount() != at.get().mount()) {
      return Verdict.broken(Errno.EINVAL, where, "");
    }
    return isIn(now, up.get(), at.get()) || isIn(now, at.get(), up.get())
        ? Verdict.broken(Errno.EINVAL, where + ", and one is in the other", "")
        : Verdict.holds(where);
  }

  /** A copy of each is taken, as by mount --bind (clone_private_mount() of fs/namespace.c). */
  private static Verdict mayBeCopied(Situation now, String path) {
    Place place = now.files().place(path);
    Optional<Mount> mount = now.mounts().numbered(place.mount());
    if (mount.filter(one -> one.propagation().contains("unbindable")).isPresent()) {
      return Verdict.broken(Errno.EINVAL, MountTree.propagation(mount.get()), "");
    }
    return place.exists() ? Binding.nothingLockedBelow(now, place, "") : Verdict.notNeeded();
  }

  /** proc says of itself that it is as deep as a stack may be (proc_fill_super of fs/proc). */
  private Verdict notOnProc(Situation now) {
    for (String path : lower) {
      Place place = now.files().place(path);
      if (place.exists() && Entries.isOfProc(now, place)) {
        return Verdict.broken(
            Errno.EINVAL, "'" + path + "' is on the mount " + Paths.mount(now, place), "");
      }
    }
    return Verdict.holds("none is");
  }

  private Verdict distinct(Situation now) {
    List<String> paths = paths();
    for (int i = 0; i < lower.size(); i++) {
      List<String> others = new ArrayList<>(paths);
      others.remove(i);
      Place one = now.files().place(lower.get(i));
      for (String other : others) {
        Place place = now.files().place(other);
        if (one.isDirectory() && place.isDirectory() && isIn(now, one, place)) {
          return Verdict.broken(
              Errno.ELOOP,
              "'" + one.path() + "' is " + (one.isSame(place) ? "" : "in ") + "'" + other + "'",
              "");
        }
      }
    }
    return Verdict.holds("none is");
  }

  /** Whether a directory is another, or lies in it on the same mount. */
  private static boolean isIn(Situation now, Place inner, Place outer) {
    Place at = inner;
    while (at.exists() && !at.isSame(outer)) {
      if (at.mountRoot()) {
        return false;
      }
      at = now.files().place(at.path() + "/..");
    }
    return at.exists();
  }
}
