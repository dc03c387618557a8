package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.FdInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What openat(2) and write(2) need; in the order of fs/namei.c. */
final class OpenedFiles {
  private static final int PATH = 1;
  private static final long ACCESS = 3;
  private static final Set<String> SETGROUPS =
      Set.of("/proc/self/setgroups", "/proc/thread-self/setgroups");
  private static final Pattern NUMBERS = Pattern.compile("-?\\d+(\\s+-?\\d+)*");

  private OpenedFiles() {}

  /** Also after unshare(2) of a user namespace, which moves no file. */
  static final Precondition LEADS =
      new Precondition(
          "the path leads to something",
          Paths.leads(PATH, "").errnos(),
          (now, call) ->
              (call.number(2) & Flags.O_CREAT) != 0
                  ? call.text(PATH)
                      .map(path -> Paths.leads(now, Paths.parent(path)))
                      .orElse(Verdict.notNeeded())
                  : Paths.leads(PATH, "the path").check().of(now, call));

  static List<Precondition> openat() {
    return List.of(
        LEADS,
        Precondition.of(
                Errno.EISDIR,
                "what is to be written is no directory",
                (now, call) ->
                    Paths.existing(now, call, PATH)
                        .map(
                            place ->
                                Verdict.of(
                                    !place.isDirectory(),
                                    Errno.EISDIR,
                                    "'"
                                        + place.path()
                                        + (place.isDirectory() ? "' is one" : "' is none"),
                                    ""))
                        .orElse(Verdict.notNeeded()))
            .when(OpenedFiles::writes),
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
            .when(OpenedFiles::writes),
        new Precondition(
                "it may be written to",
                List.of(Errno.EACCES, Errno.EROFS),
                (now, call) ->
                    Paths.existing(now, call, PATH)
                        .filter(place -> !place.isDirectory())
                        .map(place -> Paths.allowed(now, place, Paths.W_OK, "w"))
                        .orElse(Verdict.notNeeded()))
            .when(OpenedFiles::writes));
  }

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

  private static boolean writes(Call call) {
    return (call.number(2) & ACCESS) != Flags.O_RDONLY;
  }

  private static final Precondition OPEN =
      Precondition.of(
          Errno.EBADF,
          "the descriptor is open",
          (now, call) ->
              Verdict.of(
                  now.descriptor(call.number(0)).isPresent(),
                  Errno.EBADF,
                  now.descriptor(call.number(0))
                      .map(file -> "it is of " + file)
                      .orElse("/proc/PID/fd has no " + (int) call.number(0)),
                  ""));

  static List<Precondition> close() {
    return List.of(OPEN);
  }

  static List<Precondition> write() {
    List<Precondition> all = new ArrayList<>();
    all.add(OPEN);
    all.add(
        Precondition.of(
            Errno.EBADF,
            "it is open for writing",
            (now, call) ->
                now.descriptor(call.number(0)).isEmpty() || now.isPretended(call.number(0))
                    ? Verdict.notNeeded()
                    : openForWriting(now, call.number(0))));
    all.addAll(IdMapFiles.write());
    all.add(
        Precondition.of(
            Errno.EINVAL,
            "a file of /proc that holds numbers is given numbers",
            OpenedFiles::numberForNumber));
    return all;
  }

  private static Verdict openForWriting(Situation now, long descriptor) {
    FdInfo info = FdInfo.of("/proc/" + now.actor().pid(), descriptor);
    return Verdict.of(
        info.writes(),
        Errno.EBADF,
        "flags are 0" + Long.toOctalString(info.flags()) + " in /proc/PID/fdinfo/" + descriptor,
        "");
  }

  private static Verdict numberForNumber(Situation now, Call call) {
    String file = now.descriptor(call.number(0)).orElse("");
    if (!file.startsWith("/proc/") || IdMapFiles.NAME.matcher(file).matches()) {
      return Verdict.notNeeded();
    }
    Optional<String> holds =
        now.files().read(file).map(String::strip).filter(NUMBERS.asMatchPredicate());
    return holds
        .map(
            numbers ->
                Verdict.of(
                    NUMBERS.matcher(IdMapFiles.text(call).strip()).matches(),
                    Errno.EINVAL,
                    file
                        + " holds '"
                        + numbers
                        + "', written is '"
                        + IdMapFiles.text(call).strip()
                        + "'",
                    ""))
        .orElse(Verdict.notNeeded());
  }
}
