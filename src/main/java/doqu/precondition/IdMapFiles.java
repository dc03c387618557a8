package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import doqu.stage.IdMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What write(2) needs of the files of /proc that give a user namespace its ids; in the order of
 * kernel/user_namespace.c.
 */
final class IdMapFiles {
  /** Their names. */
  static final Pattern NAME = Pattern.compile("/proc/(self|\\d+)/(uid_map|gid_map|setgroups)");

  private static final int EXTENTS = 340;

  private IdMapFiles() {}

  /** Of whom made the user namespace, which is seen only where that is about to happen. */
  static final Precondition COULD_SETFCAP =
      Precondition.of(
          Errno.EPERM,
          "to map uid 0 outside, who made the namespace had CAP_SETFCAP",
          (now, call) ->
              file(now, call, "uid_map") && ranges(call).stream().anyMatch(range -> range[1] == 0)
                  ? now.isToUnshareUser()
                      ? Privilege.own(now, Capability.CAP_SETFCAP)
                      : Verdict.unknown("the kernel tells nobody")
                  : Verdict.notNeeded());

  static List<Precondition> write() {
    return List.of(
        new Precondition(
            "the user namespace of another process takes what is written",
            List.of(Errno.EPERM, Errno.EINVAL),
            IdMapFiles::ofAnother),
        new Precondition(
            "setgroups: allow stays as it is, and deny comes before gid_map",
            List.of(Errno.EPERM, Errno.EINVAL),
            (now, call) ->
                file(now, call, "setgroups") ? setgroups(now, call) : Verdict.notNeeded()),
        Precondition.of(
            Errno.EPERM,
            "an id map is written once only",
            (now, call) -> isMap(now, call) ? unwritten(now, map(now, call)) : Verdict.notNeeded()),
        Precondition.of(
            Errno.EPERM,
            "an id map is written with CAP_SYS_ADMIN in its user namespace",
            (now, call) ->
                isMap(now, call)
                    ? Privilege.own(now, Capability.CAP_SYS_ADMIN)
                    : Verdict.notNeeded()),
        Precondition.of(
            Errno.EINVAL,
            "an id map has lines of three numbers",
            (now, call) -> isMap(now, call) ? numbers(call) : Verdict.notNeeded()),
        Precondition.of(
            Errno.EPERM,
            "an id map needs a capability outside, or maps just who made the namespace",
            (now, call) -> isMap(now, call) ? permitted(now, call) : Verdict.notNeeded()),
        COULD_SETFCAP,
        Precondition.of(
            Errno.EPERM,
            "the ids outside are ones the namespace around has",
            (now, call) -> isMap(now, call) ? outside(now, call) : Verdict.notNeeded()));
  }

  private static boolean isMap(Situation now, Call call) {
    return file(now, call, "uid_map") || file(now, call, "gid_map");
  }

  private static String map(Situation now, Call call) {
    return file(now, call, "uid_map") ? "uid_map" : "gid_map";
  }

  /** Whether it is that file of its own folder in /proc. */
  private static boolean file(Situation now, Call call, String name) {
    Matcher file = NAME.matcher(now.descriptor(call.number(0)).orElse(""));
    return file.matches() && file.group(2).equals(name) && isOwn(now, file.group(1));
  }

  /**
   * Whom a number means depends on the PID namespace of the proc that is mounted there (proc(5)).
   */
  private static boolean isOwn(Situation now, String folder) {
    if (folder.equals("self")) {
      return true;
    }
    Place own = now.files().place("/proc/self");
    Place named = now.files().place("/proc/" + folder);
    return own.exists() && named.exists() && own.isSame(named);
  }

  private static Verdict ofAnother(Situation now, Call call) {
    Matcher file = NAME.matcher(now.descriptor(call.number(0)).orElse(""));
    return file.matches() && !isOwn(now, file.group(1))
        ? Verdict.unknown(
            file.group() + " is not of the actor itself: doqu judges the maps of that only")
        : Verdict.notNeeded();
  }

  static String text(Call call) {
    return call.text(1).orElse("");
  }

  private static Verdict setgroups(Situation now, Call call) {
    String is = now.ids().setgroups();
    boolean mapped = !now.ids().groups().isEmpty();
    String text = text(call).strip();
    if (text.equals("allow")) {
      return Verdict.of(is.equals("allow"), Errno.EPERM, "/proc/self/setgroups is " + is, "");
    }
    if (text.equals("deny")) {
      return Verdict.of(
          !mapped, Errno.EPERM, "/proc/self/gid_map " + (mapped ? "is written" : "is empty"), "");
    }
    return Verdict.broken(Errno.EINVAL, "'" + text + "' is neither allow nor deny", "");
  }

  private static Verdict unwritten(Situation now, String map) {
    IdMap ids = map.equals("uid_map") ? now.ids().users() : now.ids().groups();
    return Verdict.of(
        ids.isEmpty(),
        Errno.EPERM,
        "/proc/self/" + map + (ids.isEmpty() ? " is empty" : " is written"),
        ids.isEmpty() ? "" : "unshare user --no-map makes a namespace without maps");
  }

  /** Inside, outside and length of each line; empty: they are not such lines. */
  private static List<long[]> ranges(Call call) {
    List<long[]> ranges = new ArrayList<>();
    for (String line : text(call).strip().split("\n", -1)) {
      if (!line.strip().matches("\\d{1,10}\\s+\\d{1,10}\\s+\\d{1,10}")) {
        return List.of();
      }
      String[] words = line.strip().split("\\s+", 3);
      ranges.add(
          new long[] {
            Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])
          });
    }
    return ranges;
  }

  private static Verdict numbers(Call call) {
    List<long[]> ranges = ranges(call);
    boolean good =
        !ranges.isEmpty()
            && ranges.size() <= EXTENTS
            && ranges.stream().allMatch(range -> range[2] > 0);
    return Verdict.of(
        good,
        Errno.EINVAL,
        "'"
            + text(call).strip()
            + "' "
            + (good ? "has them" : "has not: first id inside, first outside, how many"),
        "");
  }

  private static Verdict permitted(Situation now, Call call) {
    List<long[]> ranges = ranges(call);
    if (ranges.isEmpty()) {
      return Verdict.notNeeded();
    }
    boolean users = file(now, call, "uid_map");
    Capability capability = users ? Capability.CAP_SETUID : Capability.CAP_SETGID;
    List<UserNs> around = UserNs.around(now.namespaceFile(Namespace.USER.file()));
    if (around.size() < 2 || now.parentIds().isEmpty()) {
      return Verdict.unknown("doqu cannot see the ids of the user namespace around its own");
    }
    // The actor is in the new namespace: it has no capability over the one around.
    long outside = outsideId(now, users, ranges.get(0)[1]);
    boolean own =
        ranges.size() == 1
            && ranges.get(0)[2] == 1
            && around.get(0).owner() == now.status().id("Uid")
            && outside == now.status().id(users ? "Uid" : "Gid");
    if (own && !users && now.ids().setgroups().equals("allow")) {
      return Verdict.broken(
          Errno.EPERM, "/proc/self/setgroups is allow", "write /proc/self/setgroups deny");
    }
    return Verdict.of(
        own,
        Errno.EPERM,
        own
            ? "it maps just the one who made the namespace"
            : "it maps others than who made the namespace, and "
                + capability
                + " over "
                + around.get(1).link()
                + " is not its own",
        "");
  }

  /** An id of the namespace around, as doqu has it; -1: it has none. */
  private static long outsideId(Situation now, boolean users, long id) {
    // Whoever made the namespace was in the one around; its map is the host's on a stage.
    return now.parentIds()
        .map(parent -> users ? parent.users() : parent.groups())
        .map(map -> map.outside(id))
        .orElse(-1L);
  }

  private static Verdict outside(Situation now, Call call) {
    List<long[]> ranges = ranges(call);
    boolean users = file(now, call, "uid_map");
    Optional<long[]> none =
        ranges.stream().filter(range -> outsideId(now, users, range[1]) < 0).findFirst();
    if (ranges.isEmpty() || now.parentIds().isEmpty()) {
      return Verdict.notNeeded();
    }
    return Verdict.of(
        none.isEmpty(),
        Errno.EPERM,
        none.map(range -> "the namespace around has no id " + range[1]).orElse("it has them"),
        "");
  }
}
