package doqu.step;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A read-only bind that is writable: a bind takes the options of what it is of, and those that are
 * said with it are passed over until it is remounted.
 */
final class WritableBind {
  private static final int TARGET = 1;
  private static final int FLAGS = 3;
  private static final int W_OK = 2;

  /** Options that a remount takes away, or cannot, when they are not said again. */
  private static final List<String> KEPT = List.of("nosuid", "nodev", "noexec", "nosymfollow");

  private WritableBind() {}

  static Stream<Notice> thoughReadOnly(Aftermath step) {
    long wanted = Flags.MS_BIND | Flags.MS_RDONLY;
    return step.calls("mount")
        .filter(call -> (call.number(FLAGS) & wanted) == wanted)
        .flatMap(call -> call.text(TARGET).stream())
        .flatMap(target -> notice(step, target).stream());
  }

  private static Optional<Notice> notice(Aftermath step, String target) {
    return new Reach(step.stage(), step.actor())
        .place(target)
        .map(Reach.Place::mount)
        .filter(mount -> !isReadOnly(step, target))
        .map(
            mount ->
                new Notice(
                    "writable bind",
                    mount.point() + " can be written to: a bind does not take ro",
                    "mountinfo has " + mount.options() + " at " + mount.point(),
                    mend(mount)));
  }

  /** Whether nothing can be written there; that may be the file system's doing, not the mount's. */
  private static boolean isReadOnly(Aftermath step, String target) {
    Call access =
        Call.of(
            "faccessat",
            Arg.named(Flags.AT_FDCWD, "AT_FDCWD"),
            Arg.path(target),
            Arg.named(W_OK, "W_OK"));
    return step.actor().plumb(access).errno() == Errno.EROFS.number();
  }

  private static String mend(Mount mount) {
    String options =
        Stream.concat(Stream.of("remount", "bind", "ro"), KEPT.stream().filter(mount::has))
            .collect(Collectors.joining(","));
    return "mount -o " + options + " " + mount.point();
  }
}
