package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.actor.Actor;
import doqu.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Undo goes back: what is observed is what was observed before the step that was undone. */
class UndoTest {
  private static final Set<String> CHANGE_NOTHING =
      Set.of("setuid 0", "setgid 0", "wait --nohang", "chroot /nowhere");

  /** Each kind of step, after what it needs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fork",
        "fork worker",
        "unshare pid | fork",
        "fork | kill -9 3",
        "fork | kill -STOP 3",
        "fork; kill -9 3 | wait",
        "fork; switch child | exit 3",
        "fork | wait --nohang",
        "fork | wait",
        "fork; wait; switch child | exit",
        "unshare uts",
        "unshare uts pid mnt ipc net cgroup time",
        "unshare user",
        "unshare user --no-map",
        "unshare uts; fork; switch child; unshare uts | setns doqu uts",
        "sethostname other",
        "unshare uts | sethostname other",
        "setdomainname other",
        "mount -t tmpfs tmp /mnt",
        "mount --make-rprivate /",
        "unshare mnt | mount --make-rslave /",
        "unshare mnt; mount --make-rprivate / | mount --bind $ROOTFS $ROOTFS",
        "mount -t tmpfs tmp /mnt | umount /mnt",
        "mount -t tmpfs tmp /mnt; chdir /mnt | umount -l /mnt",
        "chdir /tmp",
        "mkdir /tmp/a",
        "mkdir /tmp/a | rmdir /tmp/a",
        "chroot $ROOTFS",
        "unshare mnt; mount --make-rprivate /; mount --bind $ROOTFS $ROOTFS; chdir $ROOTFS;"
            + " mkdir old | pivot_root . old",
        "setuid 0",
        "setgid 0",
        "caps drop CAP_SYS_ADMIN",
        "caps drop all",
        "env GREETING=hello",
        "env --clear",
        "unshare user --no-map | write /proc/self/uid_map '0 0 1'",
        "syscall umask 0",
        "syscall fork",
        "chroot /nowhere",
        "fork; switch child | exec /bin/true",
        "ls $ROOTFS; chdir /mnt/rootfs | mkdir made",
      })
  void goesBackBehindEachKindOfStep(String line) throws Exception {
    String[] parts = line.split("\\|", 2);
    String before = parts.length == 2 ? parts[0] : "";
    String step = parts[parts.length - 1].strip();
    try (Play play = new Play()) {
      play.does(before);
      Map<String, String> state = Masked.state(play.session.scene());
      play.session.line(step);
      Map<String, String> then = quiet(play);
      if (!CHANGE_NOTHING.contains(step)) {
        assertThat(Masked.difference(state, then)).isNotEmpty();
      }
      play.does("undo");
      assertThat(Masked.difference(state, Masked.state(play.session.scene()))).isEmpty();
      play.session.line("redo");
      assertThat(Masked.difference(then, quiet(play))).isEmpty();
    }
  }

  /** Where it cannot be known what a learner would do, and in what order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void goesBackThroughFiftyStepsInAnyOrder(long seed) throws Exception {
    Random random = new Random(seed);
    try (Play play = new Play()) {
      List<Map<String, String>> states = new ArrayList<>();
      while (states.size() < 50) {
        act(play, random);
        Map<String, String> before = quiet(play);
        int begun = play.session.scene().deeds().size();
        play.session.line(AnyStep.of(random, play.session.stage()));
        if (play.session.scene().deeds().size() > begun) {
          states.add(before);
        }
      }
      Map<String, String> last = quiet(play);
      int at = states.size();
      while (at > 0) {
        int steps = Math.min(at, 1 + random.nextInt(3));
        at -= steps;
        play.does("undo " + steps);
        assertThat(Masked.difference(states.get(at), Masked.state(play.session.scene())))
            .as("before step " + at)
            .isEmpty();
      }
      play.does("redo " + states.size());
      assertThat(Masked.difference(last, quiet(play))).isEmpty();
    }
  }

  /** Gives the focus to somebody who can act. */
  private static void act(Play play, Random random) {
    Stage stage = play.session.stage();
    List<Actor> free =
        stage.actors().stream()
            .filter(actor -> Stage.canAct(actor) && actor.pending() == null)
            .toList();
    if (random.nextInt(3) == 0 || stage.focus().pending() != null) {
      stage.focus(free.get(random.nextInt(free.size())));
    }
  }

  /** What is observed when nothing happens any more. */
  private static Map<String, String> quiet(Play play) throws Exception {
    Map<String, String> state;
    Map<String, String> later = Map.of();
    do {
      state = later;
      Thread.sleep(10);
      play.session.settle();
      later = Masked.state(play.session.scene());
    } while (!later.equals(state));
    return state;
  }
}
