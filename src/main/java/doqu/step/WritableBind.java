package doqu.step;

import doqu.actor.Call;
import doqu.kernel.Flags;
import doqu.observe.Mount;
import java.nio.file.Path;
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

  /** Options that a remount takes away, or cannot, when they are not said again. */
  private static final List<String> KEPT = List.of("nosuid", "nodev", "noexec", "nosymfollow");

  private WritableBind() {}

  static Stream<Notice> thoughReadOnly(Aftermath step) {
    long wanted = Flags.MS_BIND | Flags.MS_RDONLY;
    return step.calls("mount")
        .filter(call -> (call.number(FLAGS) & wanted) == wanted)
        .flatMap(call -> made(step, call).stream())
        .filter(mount -> !mount.isReadOnly())
        .map(WritableBind::notice);
  }

  /** The mount a call has made; propagation may have made more of it, each like the other. */
  private static Optional<Mount> made(Aftermath step, Call call) {
    List<Integer> was = step.was().mounts().list().stream().map(Mount::id).toList();
    List<Mount> come =
        step.is().mounts().list().stream().filter(mount -> !was.contains(mount.id())).toList();
    String target = Path.of(call.text(TARGET).orElse("/")).normalize().toString();
    return come.stream()
        .filter(mount -> mount.point().equals(target))
        .findFirst()
        .or(() -> come.stream().findFirst());
  }

  private static Notice notice(Mount mount) {
    String options =
        Stream.concat(Stream.of("remount", "bind", "ro"), KEPT.stream().filter(mount::has))
            .collect(Collectors.joining(","));
    return new Notice(
        "writable bind",
        mount.point() + " can be written to: a bind does not take ro",
        "mountinfo has " + mount.options() + " at " + mount.point(),
        "mount -o " + options + " " + mount.point());
  }
}
