package doqu.stage;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where doqu was started, and as whom: a chroot, a /proc that is covered in part, an id. */
final class Surroundings {
  private static final int NAMED = 2;

  private Surroundings() {}

  static Stream<Cause> against(Failure failure, Evidence machine) {
    boolean newUser = failure.ofUserNamespace() && failure.with(Errno.EPERM);
    boolean map = failure.is("uid_map", "gid_map") && failure.with(Errno.EPERM);
    boolean proc = failure.fileSystem().equals("proc") && failure.with(Errno.EPERM);
    return Stream.of(
            newUser ? chroot(failure.actor(), machine) : Optional.<Cause>empty(),
            newUser ? noId(machine) : Optional.<Cause>empty(),
            map ? rootWithoutCapability(machine) : Optional.<Cause>empty(),
            proc ? coveredProc(machine) : Optional.<Cause>empty(),
            failure.with(Errno.EINVAL) ? missingKind(failure, machine) : Optional.<Cause>empty())
        .flatMap(Optional::stream);
  }

  /** unshare(2): EPERM when the root directory is not that of the mount namespace. */
  private static Optional<Cause> chroot(@Nullable Actor actor, Evidence machine) {
    boolean noMount =
        machine
            .file("/proc/self/mountinfo")
            .filter(mounts -> mounts.lines().noneMatch(line -> line.split(" ", 6)[4].equals("/")))
            .isPresent();
    return noMount || (actor != null && seesMoreAfterSetns(actor))
        ? Optional.of(
            new Cause(
                "doqu is in a chroot: its / is not that of its mount namespace",
                "enter that directory without chroot: bwrap --dev-bind DIRECTORY / ./doqu"))
        : Optional.empty();
  }

  /** setns(2): who enters a mount namespace, be it its own, gets the root of that. */
  private static boolean seesMoreAfterSetns(Actor actor) {
    try {
      String before = mounts(actor);
      Reply own = actor.plumb(Calls.open("/proc/self/ns/mnt", Flags.O_RDONLY, 0));
      actor.plumb(Calls.setns((int) own.value(), Flags.CLONE_NEWNS));
      return !mounts(actor).equals(before);
    } catch (ActorGone e) {
      return false;
    }
  }

  private static String mounts(Actor actor) {
    return Evidence.HERE.file("/proc/" + actor.pid() + "/mountinfo").orElse("");
  }

  /** unshare(2): EPERM for who has no id in his own user namespace. */
  private static Optional<Cause> noId(Evidence machine) {
    IdMap ids = IdMap.parse(machine.file("/proc/self/uid_map").orElse(""));
    return ids.has(machine.user())
        ? Optional.empty()
        : Optional.of(
            new Cause(
                "user " + machine.user() + " is none of those in /proc/self/uid_map",
                "map an id when that user namespace is made: unshare --map-root-user"));
  }

  /** user_namespaces(7): id 0 can be handed on by who has the capability only. */
  private static Optional<Cause> rootWithoutCapability(Evidence machine) {
    return machine.user() == 0 && !machine.has(Capability.CAP_SETFCAP)
        ? Optional.of(
            new Cause(
                "user 0 without CAP_SETFCAP (CapEff in /proc/self/status) can map no id",
                "in a container: docker run --cap-add SETFCAP, or --user 1000"))
        : Optional.empty();
  }

  /** mount_namespaces(7): what is covered in the /proc in sight a new one must not show. */
  private static Optional<Cause> coveredProc(Evidence machine) {
    List<String> covered = Container.coveredInProc(machine).toList();
    int more = covered.size() - NAMED;
    return covered.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Cause(
                "/proc is covered in part, as "
                    + String.join(", ", covered.subList(0, Math.min(NAMED, covered.size())))
                    + (more > 0 ? " and " + more + " more" : ""),
                "as root: umount these; " + Container.command(machine)));
  }

  private static Optional<Cause> missingKind(Failure failure, Evidence machine) {
    return Arrays.stream(Namespace.values())
        .filter(kind -> (failure.namespaces() & kind.flag()) != 0)
        .filter(kind -> !machine.exists("/proc/self/ns/" + kind.file()))
        .findFirst()
        .map(
            kind ->
                new Cause(
                    "this kernel has no such namespaces: /proc/self/ns/"
                        + kind.file()
                        + " is not there",
                    "another kernel has them"));
  }
}
