package doqu.precondition;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.kernel.Capability;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.FdInfo;
import doqu.observe.Life;
import doqu.observe.ProcStatus;
import doqu.observe.StageProcess;
import doqu.stage.IdMap;
import doqu.stage.Stage;
import doqu.stage.UserNamespace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an actor is in the midst of, as far as calls depend on it. Nothing here changes anything;
 * what has been read once is not read again.
 */
final class Situation {
  private static final Pattern BLANKS = Pattern.compile("\\s{2,}");

  private final Stage stage;
  private final Actor actor;
  private final String proc;
  private final ActorsFiles files;
  private final Map<Integer, String> pretended = new HashMap<>();
  private boolean toUnshareUser;
  private boolean unexplained;
  private @Nullable ProcStatus status;
  private @Nullable List<StageProcess> processes;
  private @Nullable UserNamespace ids;
  private @Nullable MountTree mounts;

  Situation(Stage stage, Actor actor) {
    this.stage = stage;
    this.actor = actor;
    this.proc = "/proc/" + actor.pid() + "/";
    this.files = new ActorsFiles(actor);
  }

  Stage stage() {
    return stage;
  }

  Actor actor() {
    return actor;
  }

  /** The files it sees. */
  ActorsFiles files() {
    return files;
  }

  /** The mounts it sees. */
  MountTree mounts() {
    if (mounts == null) {
      mounts = new MountTree(stage, actor, this::processes);
    }
    return mounts;
  }

  ProcStatus status() {
    if (status == null) {
      status = ProcStatus.of(actor.pid()).orElseThrow();
    }
    return status;
  }

  /** Whether a capability is among those that count in its own user namespace. */
  boolean has(Capability capability) {
    return (status().capabilities("CapEff") & capability.bit()) != 0;
  }

  /** A soft limit by its name in /proc/PID/limits; empty: there is none (proc_pid_limits(5)). */
  OptionalLong limit(String name) {
    byte[] limits = Objects.requireNonNullElse(Libc.readFile(proc + "limits"), new byte[0]);
    return new String(limits, StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> BLANKS.split(line)[1])
        .filter(limit -> !limit.equals("unlimited"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  /** Who is on the stage; without one, on the machine. */
  List<StageProcess> processes() {
    if (processes == null) {
      processes =
          stage.isBare()
              ? StageProcess.everywhere().values().stream()
                  .sorted(Comparator.comparing(StageProcess::pid))
                  .toList()
              : StageProcess.all(stage);
    }
    return processes;
  }

  /** Who is looked at where processes are: that is not all, as doqu may not look at each. */
  String lookedAt() {
    return stage.isBare() ? "that doqu may look at" : "on the stage";
  }

  /** Which process, by doqu's own /proc, the actor knows by a PID; empty: none on the stage. */
  Optional<Integer> seen(int pid) {
    return stage.isBare() && stage.sharesWithHost(actor, Namespace.PID)
        ? Optional.of(pid)
        : Optional.ofNullable(StageProcess.seenBy(actor, stage).get(pid)).map(StageProcess::pid);
  }

  /** The maps of its user namespace. */
  UserNamespace ids() {
    if (ids == null) {
      ids = UserNamespace.of(actor.pid());
    }
    return ids;
  }

  /** Whether its user namespace has its uid and gid. */
  boolean isMapped() {
    return ids().users().inside(status().id("Uid")) != IdMap.OVERFLOW
        && ids().groups().inside(status().id("Gid")) != IdMap.OVERFLOW;
  }

  /**
   * The owner of a file, as doqu sees it. Who has no id in the actor's user namespace is 65534 to
   * it, and so is it itself there without one: that tells them apart.
   */
  long owner(Place place) {
    return place.uid() == IdMap.OVERFLOW
        ? files.ownerOf(place).orElse(-1L)
        : ids().users().outside(place.uid());
  }

  /** The link of one of its namespaces by its name in /proc/PID/ns; empty: it cannot be read. */
  String namespace(String name) {
    return Objects.requireNonNullElse(Libc.readLink(proc + "ns/" + name), "");
  }

  String namespace(Namespace kind) {
    return namespace(kind.file());
  }

  /** The file of one of its namespaces, as doqu opens it. */
  String namespaceFile(String name) {
    return proc + "ns/" + name;
  }

  /** What a link of its folder in /proc says: {@code root}, {@code exe}. */
  String link(String name) {
    return Objects.requireNonNullElse(Libc.readLink(proc + name), "");
  }

  /** A step that names a mount by its path; empty for who is in a chroot, where it has another. */
  String unlessChrooted(String step) {
    return link("root").equals("/") ? step : "";
  }

  /** The links of its user namespace and of those around it, as far as the host's. */
  List<String> userNamespaces() {
    String host = stage.hostNamespaces().getOrDefault(Namespace.USER, "");
    List<String> all = new ArrayList<>(List.of(namespace(Namespace.USER)));
    List<UserNs> around = UserNs.around(namespaceFile(Namespace.USER.file()));
    for (int i = 1; i < around.size() && !all.contains(host); i++) {
      all.add(around.get(i).link());
    }
    return all;
  }

  /**
   * The beginning of a file of /proc/sys as it is in a user namespace: each who reads it is told
   * that of its own (namespaces(7)). Empty: nobody there can be asked.
   */
  Optional<String> readIn(String namespace, String file) {
    return Stream.concat(Stream.of(actor, stage.init()), stage.actors().stream())
        .filter(one -> Stage.canAct(one) && Life.of(one) == Life.ALIVE)
        .filter(one -> namespace.equals(Libc.readLink("/proc/" + one.pid() + "/ns/user")))
        .flatMap(one -> readBy(one, file).stream())
        .findFirst();
  }

  private static Optional<String> readBy(Actor reader, String file) {
    if (!reader.take()) {
      return Optional.empty();
    }
    try {
      return new ActorsFiles(reader).read(file);
    } catch (ActorGone e) {
      return Optional.empty();
    } finally {
      reader.leave();
    }
  }

  /** The maps of the user namespace around its own; empty: nobody is in sight who is in there. */
  Optional<UserNamespace> parentIds() {
    List<UserNs> chain = UserNs.around(namespaceFile(Namespace.USER.file()));
    String host = stage.hostNamespaces().getOrDefault(Namespace.USER, "");
    if (chain.isEmpty() || chain.get(0).link().equals(host)) {
      return Optional.of(stage.outerIds());
    }
    if (chain.size() < 2) {
      return Optional.empty();
    }
    String around = chain.get(1).link();
    if (around.equals(host)) {
      return Optional.of(stage.hostIds());
    }
    return stage.actors().stream()
        .filter(one -> !one.hasEnded())
        .filter(one -> around.equals(Libc.readLink("/proc/" + one.pid() + "/ns/user")))
        .findFirst()
        .map(one -> UserNamespace.of(one.pid()));
  }

  /** From now on it counts as known that something forbids what all that can be read allows. */
  void leavesUnexplained() {
    unexplained = true;
  }

  boolean isUnexplained() {
    return unexplained;
  }

  // What is foreseen to have happened.

  /** From now on it counts as one that makes a user namespace as it stands. */
  void toUnshareUser() {
    toUnshareUser = true;
  }

  boolean isToUnshareUser() {
    return toUnshareUser;
  }

  /** From now on a descriptor counts as open that a predicted call has returned. */
  void pretend(int descriptor, String path) {
    pretended.put(descriptor, path);
  }

  /** What a descriptor is of; empty: it is not open. */
  Optional<String> descriptor(long number) {
    String pretends = pretended.get((int) number);
    return pretends != null
        ? Optional.of(pretends)
        : Optional.ofNullable(Libc.readLink(proc + "fd/" + (int) number));
  }

  /** Whether a descriptor is one that a predicted call has returned. */
  boolean isPretended(long number) {
    return pretended.containsKey((int) number);
  }

  /** How far a file has been read or written by a descriptor (proc_pid_fdinfo(5)). */
  long position(long number) {
    String position = isPretended(number) ? "" : FdInfo.of(proc, number).get("pos");
    return position.isEmpty() ? 0 : Long.parseLong(position);
  }

  /** The file by which doqu opens what a descriptor of the actor's is of. */
  String descriptorFile(long number) {
    return proc + "fd/" + (int) number;
  }
}
