package doqu.observe;

import static java.util.stream.Collectors.toSet;

import doqu.actor.Actor;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.stage.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * /proc/PID/mountinfo as it was at one moment. Most steps change no mount: it is taken apart only
 * when somebody asks.
 */
public final class Mounts {
  static final Mounts NONE = new Mounts(new byte[0]);

  private static final Pattern LINE_END = Pattern.compile("\n", Pattern.LITERAL);

  private final byte[] mountinfo;
  private final boolean whole;

  private Mounts(byte[] mountinfo) {
    this(mountinfo, true);
  }

  private Mounts(byte[] mountinfo, boolean whole) {
    this.mountinfo = mountinfo;
    this.whole = whole;
  }

  /** What a process sees mounted, by its PID in doqu's own PID namespace. */
  public static Mounts of(int pid) {
    return new Mounts(
        Objects.requireNonNullElse(Libc.readFile("/proc/" + pid + "/mountinfo"), new byte[0]));
  }

  /**
   * All that is mounted in the mount namespace of an actor. Who is in a chroot is told no more than
   * what lies below that, and whose root is mounted nowhere any more is told nothing: then somebody
   * else in that namespace is asked, or a hidden process goes there.
   */
  public static Mounts around(Stage stage, Actor actor) {
    String namespace = link(actor, "ns/mnt");
    Optional<Mounts> told =
        Stream.concat(Stream.of(actor, stage.init()), stage.actors().stream())
            .filter(one -> !one.hasEnded() && link(one, "ns/mnt").equals(namespace))
            .filter(Mounts::hasNoOtherRoot)
            .map(one -> one == actor ? of(one.pid()) : hasAllOf(of(one.pid()), actor))
            .filter(mounts -> !mounts.same(NONE))
            .findFirst();
    Actor visitor = stage.outer();
    // setns(2) would take the visitor out of a chroot, and its working directory to the root.
    return told.or(
            () ->
                stage.isBare() || !hasNoOtherRoot(visitor)
                    ? Optional.empty()
                    : Visit.to(
                        actor, Namespace.MNT, visitor, () -> hasAllOf(of(visitor.pid()), actor)))
        .filter(mounts -> !mounts.same(NONE))
        .orElseGet(() -> new Mounts(of(actor.pid()).mountinfo, hasNoOtherRoot(actor)));
  }

  /**
   * Nothing, unless an actor in a chroot is on one of these and sees none but these: a mount upon /
   * may hide some. Below a chroot an actor may see none at all. One whose root is / and mounted
   * nowhere any more is on none of them.
   */
  private static Mounts hasAllOf(Mounts mounts, Actor actor) {
    Set<Long> ids = mounts.list().stream().map(mount -> (long) mount.id()).collect(toSet());
    boolean all =
        (hasNoOtherRoot(actor) || ids.contains(rootOf(actor)))
            && of(actor.pid()).list().stream().allMatch(mount -> ids.contains((long) mount.id()));
    return all ? mounts : NONE;
  }

  /** The number of the mount an actor's root lies on; negative: it cannot be opened. */
  private static long rootOf(Actor actor) {
    long opened = Libc.open("/proc/" + actor.pid() + "/root", Flags.O_PATH);
    if (opened < 0) {
      return opened;
    }
    try {
      return FdInfo.of("/proc/self", opened).mount();
    } finally {
      Libc.close((int) opened);
    }
  }

  /** Whether all of a mount namespace is among them, not what lies below a chroot alone. */
  public boolean isWhole() {
    return whole;
  }

  private static boolean hasNoOtherRoot(Actor actor) {
    return link(actor, "root").equals("/");
  }

  private static String link(Actor actor, String name) {
    return Objects.requireNonNullElse(Libc.readLink("/proc/" + actor.pid() + "/" + name), "");
  }

  /** What doqu itself sees mounted, read by the JVM: so where no native library can be loaded. */
  public static Mounts own() {
    try {
      return new Mounts(Files.readAllBytes(Path.of("/proc/self/mountinfo")));
    } catch (IOException e) {
      return NONE;
    }
  }

  /** One by one, in the kernel's order. */
  public List<Mount> list() {
    // Not String.lines(): of all that ends a line the kernel escapes the newline only.
    return LINE_END
        .splitAsStream(new String(mountinfo, StandardCharsets.UTF_8))
        .filter(line -> !line.isEmpty())
        .map(Mount::parse)
        .toList();
  }

  /**
   * The one that is in sight at a path, where several may lie one upon the other. The kernel lists
   * them in the order in which they were made, which pivot_root and a move do not keep.
   */
  public Optional<Mount> at(String point) {
    List<Mount> there = list().stream().filter(mount -> mount.point().equals(point)).toList();
    return there.stream()
        .filter(mount -> there.stream().noneMatch(other -> other.isUpon(mount)))
        .reduce((earlier, later) -> later);
  }

  /** The one that a path lies on, which has no symbolic link in it. */
  public Optional<Mount> holding(Path path) {
    return list().stream()
        .filter(mount -> isBelow(path.toString(), mount.point()))
        .reduce((best, next) -> next.point().length() >= best.point().length() ? next : best);
  }

  private static boolean isBelow(String path, String point) {
    return point.equals("/") || path.equals(point) || path.startsWith(point + "/");
  }

  /** Whether nothing differs. */
  public boolean same(Mounts other) {
    return Arrays.equals(mountinfo, other.mountinfo);
  }
}
