package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.observe.FdInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What write(2) and close(2) need of a file that is open. */
final class OpenedFiles {
  private static final Pattern NUMBERS = Pattern.compile("-?\\d+(\\s+-?\\d+)*");

  /** All but the limits on namespaces, which take every number. */
  private static final Pattern SETTING = Pattern.compile("/proc/sys/(?!user/).*");

  private static final Pattern OOM_SCORE = Pattern.compile("/proc/[^/]+/oom_score_adj");
  private static final Pattern SCORE = Pattern.compile("-?\\d{1,9}");
  private static final int MOST_SCORE = 1000;

  private OpenedFiles() {}

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
    all.add(
        new Precondition(
            "a file of /proc that holds a number takes that one",
            List.of(Errno.EINVAL, Errno.EACCES, Errno.EPERM),
            OpenedFiles::takesNumber));
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

  /** Of oom_score_adj (proc_pid_oom_score_adj(5)) the least is kept in no file. */
  private static Verdict takesNumber(Situation now, Call call) {
    String file = now.descriptor(call.number(0)).orElse("");
    String text = IdMapFiles.text(call).strip();
    if (SETTING.matcher(file).matches() && NUMBERS.matcher(text).matches()) {
      return Verdict.unknown("which numbers " + file + " takes the kernel tells nobody");
    }
    if (!OOM_SCORE.matcher(file).matches() || !SCORE.matcher(text).matches()) {
      return Verdict.notNeeded();
    }
    int score = Integer.parseInt(text);
    if (Math.abs(score) > MOST_SCORE) {
      return Verdict.broken(Errno.EINVAL, file + " takes -1000 to 1000, written is " + score, "");
    }
    String is = now.files().read(file).map(String::strip).orElse("");
    return is.isEmpty() || score < Integer.parseInt(is)
        ? Verdict.unknown(
            file + " is " + is + "; the least it takes without CAP_SYS_RESOURCE is in no file")
        : Verdict.holds(file + " is " + is);
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
