package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import doqu.precondition.Foresight.Foreseen;
import doqu.precondition.Preconditions.Checked;
import doqu.precondition.Verdict;
import doqu.stage.Stage;
import doqu.step.Mistake;
import doqu.step.Run;
import doqu.step.StepRecord;
import doqu.step.Steps;
import doqu.testing.Doqu;
import doqu.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is foreseen of steps drawn by lot is what the kernel then says. */
class PredictTest {
  private static final int STEPS = 20;

  private static final String CAME_LATER =
      "a mount that came by propagation, after the mount namespace was made, is not locked, and"
          + " mountinfo does not tell it from one that came along";

  /** What fails in more ways than what a learner is likely to do. */
  private static final List<String> MORE =
      List.of(
          "chdir /tmp/d#",
          "chdir /no/such",
          "chdir /etc/passwd",
          "chdir $ROOTFS",
          "chroot $ROOTFS",
          "chroot /etc/passwd",
          "mount --bind $ROOTFS $ROOTFS",
          "mount --bind / /tmp",
          "mount --bind /etc/passwd /tmp",
          "mount --bind /no /tmp",
          "mount --move /mnt /tmp",
          "mount --move /tmp /mnt",
          "mount --make-private /tmp/d#",
          "mount --make-unbindable /mnt",
          "mount --make-rprivate /",
          "mount -t nonsense n /tmp",
          "mount -t ext4 n /tmp",
          "mount -t sysfs s /mnt",
          "mount -t tmpfs -o nonsense=1 t /tmp",
          "mount -t tmpfs t /tmp/d#",
          "mount -o remount,ro /tmp",
          "mount -o remount,bind,ro,nosuid,nodev /tmp",
          "mount -o remount,bind /mnt",
          "mount -o remount,bind,noatime,nosuid,nodev /tmp",
          "mount -o remount,bind,strictatime /mnt",
          "mount -o remount,ro /mnt",
          "mount -o remount,size=#m /mnt",
          "mount -t tmpfs -o noexec,mode=# t /mnt",
          "mount -t tmpfs t .",
          "mount -t tmpfs t /",
          "mount -t devpts d /mnt",
          "mount --make-shared /mnt",
          "mount --bind . /mnt",
          "mount --bind /sys/fs /tmp",
          "mount --rbind / /tmp",
          "mount --move . /mnt",
          "mount --move /mnt .",
          "mount --bind /proc/self/ns/mnt /etc/passwd",
          "umount .",
          "umount /",
          "umount -l .",
          "syscall umount2 /mnt MNT_EXPIRE",
          "syscall umount2 . MNT_EXPIRE|MNT_DETACH",
          "syscall openat AT_FDCWD /mnt/f# O_RDWR|O_CREAT 0644",
          "syscall openat AT_FDCWD f# O_RDONLY|O_CREAT|O_EXCL 0#00",
          "syscall openat AT_FDCWD /tmp/f# O_WRONLY|O_CREAT 0#00",
          "syscall openat AT_FDCWD /mnt O_RDONLY|O_NOATIME",
          "syscall mkdirat # d# 0755",
          "syscall fchownat AT_FDCWD /tmp/d# # # AT_SYMLINK_NOFOLLOW",
          "mount -t overlay -o lowerdir=/tmp:/mnt o /mnt",
          "mount -t overlay -o lowerdir=/usr,upperdir=/tmp/d#,workdir=/tmp/d# o /mnt",
          "mkdir /mnt/d#",
          "chdir ..",
          "umount /tmp",
          "umount /tmp/d#",
          "umount /proc",
          "umount -l /",
          "umount -f /mnt",
          "pivot_root . .",
          "pivot_root / /",
          "pivot_root /tmp /tmp/d#",
          "pivot_root /mnt /mnt",
          "pivot_root $ROOTFS $ROOTFS/mnt",
          "mkdir /tmp",
          "mkdir -m 0 /tmp/d#",
          "mkdir /tmp/d#/d#",
          "mkdir /proc/d#",
          "mkdir /no/such",
          "rmdir /tmp/d#",
          "rmdir /tmp",
          "rmdir .",
          "rmdir /mnt",
          "rmdir /",
          "rmdir ..",
          "rmdir /tmp/d#/.",
          "mkdir .",
          "mkdir d#",
          "rmdir d#",
          "rmdir ../d#",
          "mkdir -m 666 /tmp/d#",
          "mkdir /dev/d#/d#",
          "setuid 0",
          "setuid 70000",
          "setgid #",
          "caps drop all",
          "caps raise CAP_SYS_ADMIN",
          "caps drop CAP_SETUID CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH",
          "kill -0 #",
          "kill -0 1",
          "kill -0 99999",
          "wait --nohang #",
          "setns @ pid",
          "setns @ net",
          "setns @ cgroup",
          "setns @ ipc",
          "setns # uts",
          "setns /etc/passwd",
          "setns /proc/self/ns/uts mnt",
          "unshare user pid mnt uts",
          "unshare net",
          "exec /no/such",
          "exec /etc/passwd",
          "exec /tmp",
          "write /proc/self/uid_map '0 0 1'",
          "write /proc/self/gid_map '0 0 1'",
          "write /proc/self/setgroups allow",
          "write /proc/self/uid_map '0 # 3'",
          "write /proc/self/oom_score_adj x",
          "write /tmp x",
          "write /etc/passwd x",
          "write /proc/sys/user/max_uts_namespaces 0",
          "sethostname aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "syscall setns # 0",
          "syscall unshare 1",
          "syscall wait4 # NULL WNOHANG NULL",
          "syscall wait4 -1 NULL __WCLONE|WNOHANG NULL",
          "syscall wait4 -1 NULL WEXITED NULL",
          "syscall pidfd_open # 0",
          "syscall setns # CLONE_NEWUTS",
          "syscall setns # CLONE_NEWUSER|CLONE_NEWNS",
          "syscall close #",
          "syscall clone CLONE_NEWUTS",
          "syscall clone CLONE_NEWUSER|CLONE_NEWPID");

  /**
   * What doqu cannot foresee, and why: the precondition of which it does not know better. A miss
   * counts as known when that is the first taken for broken, or when that is unknown and the step
   * fails with its errno.
   */
  private static final Map<String, String> KNOWN = new HashMap<>();

  static {
    KNOWN.put(
        "to map uid 0 outside, who made the namespace had CAP_SETFCAP",
        "the kernel keeps that for itself (parent_could_setfcap in kernel/user_namespace.c)");
    KNOWN.put(
        "an id map needs a capability outside, or maps just who made the namespace",
        "nobody is left in the user namespace around, so that nobody can tell its ids");
    KNOWN.put(
        "it has been marked by MNT_EXPIRE before, and not been used since",
        "the mark is in no file of /proc (do_umount() in fs/namespace.c)");
    for (String mount : List.of("it", "SOURCE's mount", "NEW_ROOT's mount")) {
      KNOWN.put(mount + " is not locked", CAME_LATER);
    }
    for (Namespace kind : Namespace.values()) {
      KNOWN.put(
          "there may be one more " + kind.file() + " namespace",
          "how many there are is in no file, nor the limit where nobody is (kernel/ucount.c)");
    }
  }

  /** What is taken to hold, and why it may not. */
  private static final Map<String, String> TAKEN_TO_HOLD =
      Map.of(
          "it is not locked",
          "what came along is locked also when it has been unmounted outside, and mountinfo does"
              + " not tell it from what was made here");

  private static final String MOUNTED_LATER =
      "fork; switch child; unshare user mnt; switch doqu; mkdir /tmp/a; mount -t tmpfs t /tmp/a;"
          + " mkdir /tmp/a/b; mkdir /tmp/c; switch child";

  private final Map<String, Integer> known = new HashMap<>();
  private final Map<String, Integer> misses = new HashMap<>();
  private final List<String> examples = new ArrayList<>();
  private int steps;
  private int failed;

  @Test
  void whatIsForeseenComesTrue() {
    comesTrue(0, 30);
  }

  /** More of them: how many says the property doqu.sequences. */
  @Test
  @Tag("slow")
  void whatIsForeseenComesTrueForLong() {
    comesTrue(1000, Integer.getInteger("doqu.sequences", 1000));
  }

  private void comesTrue(int from, int sequences) {
    play(from, sequences);
    assertThat(steps).isGreaterThan(10 * sequences);
    assertThat(failed).isGreaterThan(steps / 10);
    double right = 1 - (sum(known) + sum(misses)) / (double) steps;
    String told =
        "%d steps, %d failed, missed as is known: %s, missed: %s\n%s"
            .formatted(steps, failed, known, misses, String.join("\n", examples));
    System.out.println(told);
    assertThat(right).as(told).isGreaterThanOrEqualTo(0.99);
  }

  /** Whoever mends one of them takes it from the list. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '"',
      value = {
        "caps drop setfcap; unshare user --no-map ~ write /proc/self/uid_map '0 0 1' ~ EPERM",
        MOUNTED_LATER + " ~ umount /tmp/a ~ \"\"",
        "mount --make-rprivate /; mkdir /tmp/a; mount -t tmpfs t /tmp/a; fork; switch child;"
            + " unshare user mnt; switch doqu; umount /tmp/a; switch child ~ umount /tmp/a ~ EINVAL",
        "unshare mnt; mount -t tmpfs t .; mount --make-rprivate /; setns doqu mnt"
            + " ~ pivot_root . . ~ EBUSY",
        MOUNTED_LATER + " ~ mount --move /tmp/a /tmp/c ~ \"\"",
        MOUNTED_LATER + " ~ pivot_root /tmp/a /tmp/a/b ~ \"\""
      })
  void whatIsKnownToBeMissedIs(String before, String line, String happens) {
    try (Play play = new Play()) {
      play.does(before);
      List<Foreseen> calls = foreseen(play, play.session.stage().focus(), line);
      play.session.line(line);
      String happened = errno(play.last());
      assertThat(happened).isEqualTo(happens).isNotEqualTo(errno(calls));
      assertThat(reason(calls, happened)).isPresent();
    }
  }

  @Test
  void whatIsNotKnownIsSaid() {
    try (Play play = new Play()) {
      play.does("mkdir /tmp/b", "predict mount -t overlay -o lowerdir=/tmp:/usr,xino=on o /tmp/b");
      assertThat(play.lastLook().lines())
          .hasSizeGreaterThan(1)
          .first()
          .asString()
          .endsWith(" would succeed, as far as doqu knows");
      assertThat(play.lastLook()).contains("\n  not known 'xino=on' doqu does not judge; needed:");
      play.does("predict mount -t tmpfs -o size=1m t /tmp/b");
      assertThat(play.lastLook()).endsWith(" would succeed");
      play.does("predict mount -t overlay -o lowerdir=/nope o /nope");
      assertThat(play.lastLook()).contains(" would fail with ENOENT").doesNotContain("not known");
    }
  }

  @Test
  void ofTheStepsOfTheArticleAllIsKnown() {
    try (Play play = new Play()) {
      for (String line : Article.TO_THE_ROOT) {
        if (Steps.named(line.split(" ", 2)[0]).isPresent()) {
          play.does("predict " + line);
          assertThat(play.lastLook()).as(line).doesNotContain("as far as doqu knows");
        }
        play.does(line);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unshare user",
        "unshare user mnt pid uts ipc net cgroup",
        "fork",
        "exec /bin/sh",
        "kill -9 1",
        "setns 1 uts",
        "mount -t tmpfs t /tmp",
        "mount --bind /mnt /tmp",
        "mount --make-rprivate /",
        "mkdir /tmp/x",
        "chroot /tmp",
        "setuid 0",
        "caps drop all",
        "write /proc/self/oom_score_adj 0"
      })
  void ofWhatIsCommonAllIsKnown(String line) {
    try (Play play = new Play()) {
      play.does("predict " + line);
      assertThat(play.lastLook()).endsWith(" would succeed").doesNotContain("not known");
    }
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(count -> count).sum();
  }

  /** Each step's own call, but for the two that doqu makes itself at any time. */
  private static final List<String> FORESEEN =
      List.of(
          "fork",
          "exec /usr/bin/env",
          "wait --nohang",
          "exit",
          "kill -0 1",
          "unshare uts user",
          "setns 1 uts",
          "sethostname x",
          "setdomainname x",
          "mount -t tmpfs t /tmp",
          "umount /tmp",
          "chdir /tmp",
          "mkdir /tmp/x",
          "rmdir /tmp/x",
          "chroot /tmp",
          "pivot_root /tmp /tmp",
          "setuid 0",
          "setgid 0",
          "caps drop all",
          "write /tmp/x x",
          "syscall fchownat AT_FDCWD /tmp 0 0 0");

  @Test
  @Needs("strace")
  void nothingThatIsForeseenIsDone(@TempDir Path folder) throws Exception {
    String predicts = "predict " + String.join("; predict ", FORESEEN);
    Map<String, Long> quiet = traced(folder, "status");
    assertThat(traced(folder, "status; " + predicts)).isEqualTo(quiet);
    assertThat(traced(folder, "status; mkdir /tmp/x; setdomainname x")).isNotEqualTo(quiet);
  }

  /** How often each call was made that a step makes, by doqu and everything it starts. */
  private static Map<String, Long> traced(Path folder, String commands) throws Exception {
    Path trace = folder.resolve("trace");
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", trace.toString()));
    command.add(
        "-etrace=?fork,execve,wait4,kill,unshare,setns,sethostname,setdomainname,mount,umount2,"
            + "chdir,?mkdir,mkdirat,?rmdir,unlinkat,chroot,pivot_root,setuid,setgid,capset,fchownat");
    command.addAll(Doqu.command("-c", commands));
    Process doqu =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertThat(doqu.waitFor()).as(Files.readString(folder.resolve("out"))).isZero();
    Pattern call = Pattern.compile("^\\d+ +(\\w+)\\(");
    return Files.readAllLines(trace).stream()
        .flatMap(line -> call.matcher(line).results())
        .collect(Collectors.groupingBy(found -> found.group(1), Collectors.counting()));
  }

  private void play(int from, int sequences) {
    for (int seed = from; seed < from + sequences; seed++) {
      try (Play play = new Play()) {
        Random random = new Random(seed);
        List<String> done = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
          one(play, random, done);
        }
      }
    }
  }

  private void one(Play play, Random random, List<String> done) {
    Stage stage = play.session.stage();
    List<Actor> free =
        stage.actors().stream()
            .filter(actor -> Stage.canAct(actor) && actor.pending() == null)
            .toList();
    if (free.isEmpty()) {
      return;
    }
    Actor actor = free.get(random.nextInt(free.size()));
    stage.focus(actor);
    String line = AnyStep.of(random, stage, MORE);
    List<Foreseen> calls;
    try {
      play.session.scene().ready(actor);
      calls = foreseen(play, actor, line);
    } catch (Mistake | ActorGone e) {
      return; // nothing to compare: a signal may come late where the machine is busy
    }
    int before = play.steps.size();
    play.session.line(line);
    done.add(actor.name() + ": " + line);
    if (play.steps.size() == before) {
      return; // it is blocked
    }
    StepRecord record = play.steps.get(before);
    String happened = errno(record);
    steps++;
    failed += happened.isEmpty() ? 0 : 1;
    String foreseen = errno(calls);
    if (happened.equals(foreseen)) {
      return;
    }
    Optional<String> reason = reason(calls, happened);
    if (reason.isPresent()) {
      known.merge(reason.get(), 1, Integer::sum);
    } else {
      String miss =
          line.replaceAll("\\d", "#") + ": foreseen '" + foreseen + "', was '" + happened + "'";
      if (misses.merge(miss, 1, Integer::sum) == 1) {
        examples.add(miss + " after " + done);
      }
    }
  }

  private static String errno(StepRecord record) {
    return record.ok() ? "" : record.errno();
  }

  /** Why a miss is one that cannot be helped; empty: it may be. */
  private static Optional<String> reason(List<Foreseen> calls, String happened) {
    boolean failure = calls.stream().anyMatch(call -> call.errno().isPresent());
    List<Checked> checked = calls.stream().flatMap(call -> call.checked().stream()).toList();
    return failure
        ? first(checked, Verdict.State.BROKEN, "").map(one -> KNOWN.get(needs(one)))
        : first(checked, Verdict.State.UNKNOWN, happened)
            .map(one -> KNOWN.get(needs(one)))
            .or(
                () ->
                    checked.stream()
                        .filter(one -> may(one, happened) && TAKEN_TO_HOLD.containsKey(needs(one)))
                        .findFirst()
                        .map(one -> TAKEN_TO_HOLD.get(needs(one))));
  }

  private static Optional<Checked> first(
      List<Checked> checked, Verdict.State state, String happened) {
    return checked.stream()
        .filter(one -> one.verdict().state() == state && may(one, happened))
        .findFirst();
  }

  private static boolean may(Checked one, String errno) {
    return errno.isEmpty() || one.precondition().errnos().contains(Errno.valueOf(errno));
  }

  private static String needs(Checked one) {
    return one.precondition().needs();
  }

  private static List<Foreseen> foreseen(Play play, Actor actor, String line) {
    Line.Command command = play.session.scene().split(line).get(0);
    List<Foreseen> calls =
        Run.foresee(
            play.session.stage(),
            actor,
            Steps.named(command.words().get(0).text())
                .orElseThrow()
                .parse(command.words().subList(1, command.words().size())));
    if (!calls.stream().allMatch(Foreseen::known)) {
      throw new Mistake("nothing is foreseen");
    }
    return calls;
  }

  private static String errno(List<Foreseen> calls) {
    return calls.stream()
        .flatMap(call -> call.errno().stream())
        .map(Errno::name)
        .reduce("", (first, second) -> second);
  }
}
