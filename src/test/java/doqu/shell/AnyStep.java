package doqu.shell;

import doqu.actor.Actor;
import doqu.stage.Stage;
import java.util.List;
import java.util.Random;

/** Steps that a learner may type, drawn by lot. */
final class AnyStep {
  private static final int MOST_ACTORS = 6;

  private static final List<String> ALL =
      List.of(
          "fork",
          "fork",
          "fork n#",
          "wait --nohang",
          "wait",
          "exit #",
          "kill -9 #",
          "kill -TERM #",
          "unshare uts",
          "unshare mnt",
          "unshare pid",
          "unshare ipc net",
          "unshare cgroup time",
          "unshare user",
          "unshare user --no-map",
          "setns @ uts",
          "setns @ mnt",
          "setns @ user",
          "sethostname h#",
          "setdomainname d#",
          "mount -t tmpfs t /mnt",
          "mount -t tmpfs t /tmp",
          "mount -t proc proc /proc",
          "mount --bind /mnt /tmp",
          "mount --rbind /tmp /mnt",
          "mount --make-rprivate /",
          "mount --make-rshared /",
          "mount --make-slave /mnt",
          "mount -o remount,bind,ro /tmp",
          "umount /mnt",
          "umount -l /tmp",
          "umount -l /proc",
          "chdir /tmp",
          "chdir /mnt",
          "chdir /",
          "mkdir d#",
          "mkdir /tmp/d#",
          "rmdir d#",
          "chroot /mnt",
          "chroot .",
          "pivot_root . d#",
          "setuid #",
          "setgid 0",
          "caps drop CAP_SYS_ADMIN",
          "caps drop CAP_KILL CAP_CHOWN",
          "env A#=#",
          "write /proc/self/setgroups deny",
          "syscall umask #",
          "syscall setsid");

  private AnyStep() {}

  /** One that leaves somebody on the stage. */
  static String of(Random random, Stage stage) {
    return of(random, stage, ALL);
  }

  /** One of these or of all, with a digit for each # and an actor's name for @. */
  static String of(Random random, Stage stage, List<String> more) {
    long alive = stage.actors().stream().filter(actor -> !actor.hasEnded()).count();
    while (true) {
      List<String> steps = random.nextBoolean() ? ALL : more;
      String step =
          steps.get(random.nextInt(steps.size())).replace("#", Integer.toString(random.nextInt(8)));
      List<Actor> actors = stage.actors();
      step = step.replace("@", actors.get(random.nextInt(actors.size())).name());
      boolean ends = step.startsWith("exit") || step.startsWith("kill") || step.equals("wait");
      boolean begins = step.startsWith("fork");
      if ((!ends || alive > 3) && (!begins || alive < MOST_ACTORS)) {
        return step;
      }
    }
  }
}
