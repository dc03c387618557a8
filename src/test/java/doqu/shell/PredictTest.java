package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.kernel.Errno;
import doqu.precondition.Foresight.Foreseen;
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
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is foreseen of steps drawn by lot is what the kernel then says. */
class PredictTest {
  private static final int STEPS = 20;

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
          "syscall clone CLONE_NEWUTS",
          "syscall clone CLONE_NEWUSER|CLONE_NEWPID");

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
    double right = 1 - misses.values().stream().mapToInt(n -> n).sum() / (double) steps;
    String told =
        "%d steps, %d failed, missed: %s\n%s"
            .formatted(steps, failed, misses, String.join("\n", examples));
    System.out.println(told);
    assertThat(right).as(told).isGreaterThanOrEqualTo(0.99);
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
    String foreseen;
    try {
      play.session.scene().ready(actor);
      foreseen = foreseen(play, actor, line);
    } catch (Mistake e) {
      return; // nothing to compare
    }
    int before = play.steps.size();
    play.session.line(line);
    done.add(actor.name() + ": " + line);
    if (play.steps.size() == before) {
      return; // it is blocked
    }
    StepRecord record = play.steps.get(before);
    String happened = record.ok() ? "" : record.errno();
    steps++;
    failed += happened.isEmpty() ? 0 : 1;
    if (!happened.equals(foreseen)) {
      String miss =
          line.replaceAll("\\d", "#") + ": foreseen '" + foreseen + "', was '" + happened + "'";
      if (misses.merge(miss, 1, Integer::sum) == 1) {
        examples.add(miss + " after " + done);
      }
    }
  }

  private static String foreseen(Play play, Actor actor, String line) {
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
    return calls.stream()
        .flatMap(call -> call.errno().stream())
        .map(Errno::name)
        .reduce("", (first, second) -> second);
  }
}
