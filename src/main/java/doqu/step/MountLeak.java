package doqu.step;

import doqu.observe.Mount;
import doqu.observe.Mounts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A mount that went to the host: a new mount namespace is a copy, and its mounts are in one peer
 * group with those they were copied from until the propagation is made private.
 */
final class MountLeak {
  private MountLeak() {}

  static Stream<Notice> onTheHost(Aftermath step) {
    Mounts was = step.before().hostMounts();
    Mounts is = step.after().hostMounts();
    if (!step.isSeen() || step.isInTheHostsMounts() || was.same(is)) {
      return Stream.empty();
    }
    Optional<Notice> come = told(step, is.list(), was.list(), "is mounted");
    return come.or(() -> told(step, was.list(), is.list(), "is unmounted")).stream();
  }

  /** Of the mounts that one list has and the other has not, the topmost is told. */
  private static Optional<Notice> told(
      Aftermath step, List<Mount> list, List<Mount> other, String what) {
    List<Integer> ids = other.stream().map(Mount::id).toList();
    List<Mount> differ = list.stream().filter(mount -> !ids.contains(mount.id())).toList();
    return differ.stream()
        .flatMap(
            mount ->
                list.stream()
                    .filter(on -> on.id() == mount.parent())
                    .filter(on -> !on.peers().isEmpty())
                    .map(on -> notice(step, mount, on, what)))
        .findFirst();
  }

  private static Notice notice(Aftermath step, Mount mount, Mount on, String what) {
    List<Mount> own = step.is().mounts().list();
    Optional<Mount> peer = own.stream().filter(one -> one.peers().equals(on.peers())).findFirst();
    String shared = "shared:" + on.peers();
    return new Notice(
        "mount leak",
        mount.point() + " " + what + " on the host too: propagation is shared",
        peer.map(one -> shared + " in mountinfo is " + one.point() + " here and ")
                .orElse(shared + " in mountinfo is ")
            + on.point()
            + " on the host",
        peer.map(one -> step.beforehand("mount --make-rprivate " + top(own, one))).orElse(""));
  }

  /** The root, where that is a mount; it is not after chroot into a directory. */
  static String top(List<Mount> own, Mount otherwise) {
    return own.stream().anyMatch(mount -> mount.point().equals("/")) ? "/" : otherwise.point();
  }
}
