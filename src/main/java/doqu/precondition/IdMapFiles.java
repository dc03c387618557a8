package doqu.precondition;

import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.precondition.IdMapLines.Fault.Kind;
import doqu.precondition.IdMapLines.Range;
import doqu.stage.IdMap;
import doqu.stage.UserNamespace;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** More than this is no word setgroups takes, as its buffer in the kernel is of 8 bytes. */
  private static final int SETGROUPS_MOST = 7;

  private IdMapFiles() {}

  /** Of whom made the user namespace, which is seen only where that is about to happen. */
  static final Precondition COULD_SETFCAP =
      Precondition.of(
          Errno.EPERM,
          "to map uid 0 outside, who made the namespace had CAP_SETFCAP",
          (now, call) ->
              file(now, call, "uid_map")
                      && hasBytes(call)
                      && lines(call).ranges().stream().anyMatch(range -> range.outside() == 0)
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
        Precondition.of(
            Errno.EINVAL,
            "an id map is written at once, from its beginning and in less than a page",
            (now, call) ->
                isMap(now, call) || file(now, call, "setgroups")
                    ? atOnce(now, call)
                    : Verdict.notNeeded()),
        Precondition.of(
            Errno.EFAULT,
            "what is to be written can be read",
            (now, call) -> hasBytes(call) ? Verdict.notNeeded() : readable(now, call)),
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
        ofLines("an id map has lines of three numbers", Kind.NO_NUMBERS),
        ofLines("the numbers of an id map are ids, and at least one", Kind.NO_IDS),
        ofLines("no id is in two lines of an id map", Kind.OVERLAP),
        ofLines("an id map has 340 lines at most", Kind.TOO_MANY),
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
    return Calls.cString(
        Arrays.copyOf(sent(call), (int) Math.min(sent(call).length, call.number(2))), 0);
  }

  private static Verdict setgroups(Situation now, Call call) {
    String is = now.ids().setgroups();
    boolean mapped = !now.ids().groups().isEmpty();
    if (!hasBytes(call)) {
      return Verdict.notNeeded();
    }
    // The word comes first; blanks may follow it.
    String text = text(call).stripTrailing();
    if (text.equals("allow")) {
      return Verdict.of(is.equals("allow"), Errno.EPERM, "/proc/self/setgroups is " + is, "");
    }
    if (text.equals("deny")) {
      return Verdict.of(
          !mapped, Errno.EPERM, "/proc/self/gid_map " + (mapped ? "is written" : "is empty"), "");
    }
    return Verdict.broken(Errno.EINVAL, "'" + text + "' is neither allow nor deny", "");
  }

  /**
   * What gives it the ids it lacks; empty: it has them, or maps are written that have others. One
   * id of its own may be mapped by everybody, a group once setgroups(2) is denied.
   */
  static String mendWithout(Situation now) {
    Optional<UserNamespace> around = now.parentIds();
    UserNamespace own = now.ids();
    if (now.isMapped() || around.isEmpty()) {
      return "";
    }
    List<String> steps = new ArrayList<>();
    if (own.users().isEmpty()) {
      long uid = around.get().users().inside(now.status().id("Uid"));
      steps.add("write /proc/self/uid_map '0 " + uid + " 1'");
    }
    if (own.groups().isEmpty()) {
      if (own.setgroups().equals("allow")) {
        steps.add("write /proc/self/setgroups deny");
      }
      long gid = around.get().groups().inside(now.status().id("Gid"));
      steps.add("write /proc/self/gid_map '0 " + gid + " 1'");
    }
    return String.join("; ", steps);
  }

  private static Verdict unwritten(Situation now, String map) {
    IdMap ids = map.equals("uid_map") ? now.ids().users() : now.ids().groups();
    return Verdict.of(
        ids.isEmpty(),
        Errno.EPERM,
        "/proc/self/" + map + (ids.isEmpty() ? " is empty" : " is written"),
        ids.isEmpty() ? "" : "unshare user --no-map");
  }

  /** Whether what is to be written is known: doqu has sent it along. */
  private static boolean hasBytes(Call call) {
    long count = call.number(2);
    return count >= 0 && count <= sent(call).length;
  }

  private static byte[] sent(Call call) {
    return call.args().size() > 1 ? call.args().get(1).block() : new byte[0];
  }

  private static Verdict readable(Situation now, Call call) {
    return sent(call).length == 0
        ? OwnMemory.readable(now, call, 1, "what is to be written")
        : Verdict.unknown(
            "it has " + sent(call).length + " bytes, to be written are " + call.number(2));
  }

  private static IdMapLines lines(Call call) {
    byte[] sent = sent(call);
    return IdMapLines.of(Arrays.copyOf(sent, (int) Math.min(sent.length, call.number(2))));
  }

  private static Verdict atOnce(Situation now, Call call) {
    long position = now.position(call.number(0));
    long most = file(now, call, "setgroups") ? SETGROUPS_MOST : Libc.pageSize() - 1;
    return Verdict.of(
        position == 0 && call.number(2) <= most,
        Errno.EINVAL,
        position == 0
            ? "it has " + call.number(2) + " bytes: " + most + " at most"
            : "pos is " + position + " in /proc/PID/fdinfo/" + call.number(0),
        "");
  }

  private static Precondition ofLines(String needs, Kind kind) {
    return Precondition.of(
        Errno.EINVAL,
        needs,
        (now, call) ->
            isMap(now, call) && hasBytes(call)
                ? lines(call)
                    .fault()
                    .map(
                        fault ->
                            fault.kind() == kind
                                ? Verdict.broken(Errno.EINVAL, fault.says(), "")
                                : Verdict.notNeeded())
                    .orElseGet(
                        () -> Verdict.holds("lines that are so: " + lines(call).ranges().size()))
                : Verdict.notNeeded());
  }

  private static Verdict permitted(Situation now, Call call) {
    if (!hasBytes(call) || lines(call).fault().isPresent()) {
      return Verdict.notNeeded();
    }
    List<Range> ranges = lines(call).ranges();
    boolean users = file(now, call, "uid_map");
    Capability capability = users ? Capability.CAP_SETUID : Capability.CAP_SETGID;
    List<UserNs> around = UserNs.around(now.namespaceFile(Namespace.USER.file()));
    if (around.size() < 2) {
      return Verdict.unknown("doqu cannot see the user namespace around its own");
    }
    // The actor is in the new namespace: it has no capability over the one around.
    boolean own =
        ranges.size() == 1
            && ranges.get(0).count() == 1
            && around.get(0).owner() == now.status().id("Uid");
    if (own && now.parentIds().isEmpty()) {
      return Verdict.unknown(
          "nobody is in sight who is in " + around.get(1).link() + ", whose ids it maps");
    }
    own =
        own
            && outsideId(now, users, ranges.get(0).outside())
                == now.status().id(users ? "Uid" : "Gid");
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

  /** Each line has to be in one range of the map of the namespace around. */
  private static Verdict outside(Situation now, Call call) {
    Optional<UserNamespace> parent = now.parentIds();
    if (!hasBytes(call) || lines(call).fault().isPresent() || parent.isEmpty()) {
      return Verdict.notNeeded();
    }
    IdMap map = file(now, call, "uid_map") ? parent.get().users() : parent.get().groups();
    Optional<Range> none =
        lines(call).ranges().stream()
            .filter(range -> !map.has(range.outside(), range.count()))
            .findFirst();
    return Verdict.of(
        none.isEmpty(),
        Errno.EPERM,
        none.map(
                range ->
                    "the namespace around has "
                        + map.inside()
                        + ", not "
                        + (range.count() == 1
                            ? range.outside()
                            : range.outside() + " to " + (range.outside() + range.count() - 1)))
            .orElse("it has them"),
        "");
  }
}
