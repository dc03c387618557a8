package doqu.precondition;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Capability;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.observe.ProcStatus;
import doqu.stage.Stage;
import doqu.stage.UserNamespace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an actor is in the midst of, as far as calls depend on it. Nothing here changes anything;
 * what has been read once is not read again.
 */
final class Situation {
  private static final int FILE = 4096;

  private static final int STATFS = 120;
  private static final int STATFS_FLAGS = 80;

  /** The bytes getdents64(2) returns of a directory that has but . and .. in it. */
  private static final int OF_NO_NAME = 2 * 24;

  private static final long AT_SYMLINK_NOFOLLOW = 0x100;
  private static final long AT_EACCESS = 0x200;

  private final Stage stage;
  private final Actor actor;
  private final String proc;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<Integer, String> pretended = new HashMap<>();
  private boolean toUnshareUser;
  private @Nullable ProcStatus status;
  private @Nullable UserNamespace ids;
  private @Nullable List<Mount> mounts;
  private @Nullable List<Mount> all;
  private @Nullable MountTree tree;

  Situation(Stage stage, Actor actor) {
    this.stage = stage;
    this.actor = actor;
    this.proc = "/proc/" + actor.pid() + "/";
  }

  Stage stage() {
    return stage;
  }

  Actor actor() {
    return actor;
  }

  // who it is

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

  /** The maps of its user namespace. */
  UserNamespace ids() {
    if (ids == null) {
      ids = UserNamespace.of(actor.pid());
    }
    return ids;
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

  // paths

  /** Where a path leads, symbolic links followed. */
  Place place(String path) {
    return places.computeIfAbsent(path, one -> Place.of(one, actor.plumb(Place.statx(one, 0))));
  }

  /** Where a path leads, the last of it not followed. */
  Place itself(String path) {
    return Place.of(path, actor.plumb(Place.statx(path, AT_SYMLINK_NOFOLLOW)));
  }

  /** Why the actor may not do with a file what access(2) calls so; 0: it may. */
  int access(String path, long how) {
    return actor
        .plumb(
            Call.of(
                "faccessat2",
                Arg.named(Flags.AT_FDCWD, "AT_FDCWD"),
                Arg.path(path),
                Arg.number(how),
                Arg.number(AT_EACCESS)))
        .errno();
  }

  /** The beginning of a file as the actor reads it; empty: it cannot. */
  Optional<String> read(String file) {
    return readBytes(file, FILE).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** The same in bytes; what is read of /proc/sys is its own user namespace's. */
  Optional<byte[]> readBytes(String file, int length) {
    Reply opened = open(file, Flags.O_RDONLY | Flags.O_CLOEXEC | Flags.O_NONBLOCK);
    if (opened.failed()) {
      return Optional.empty();
    }
    Reply read = actor.plumb(Calls.read((int) opened.value(), length));
    actor.plumb(Calls.close((int) opened.value()));
    return read.failed()
        ? Optional.empty()
        : Optional.of(Arrays.copyOf(read.block(1), (int) read.value()));
  }

  /** Whether a directory holds any name; empty: the actor may not read it. */
  Optional<Boolean> holdsNames(String path) {
    long directory = Flags.OPEN.bits("O_DIRECTORY").orElseThrow();
    Reply opened = open(path, Flags.O_RDONLY | Flags.O_CLOEXEC | directory);
    if (opened.failed()) {
      return Optional.empty();
    }
    Reply entries =
        actor.plumb(
            Call.of("getdents64", Arg.number(opened.value()), Arg.buffer(FILE), Arg.number(FILE)));
    actor.plumb(Calls.close((int) opened.value()));
    return entries.failed() ? Optional.empty() : Optional.of(entries.value() > OF_NO_NAME);
  }

  /** By openat2(2), which no step makes: what is foreseen is not made. */
  private Reply open(String path, long flags) {
    byte[] how =
        ByteBuffer.allocate(3 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(flags).array();
    return actor.plumb(
        Call.of(
            "openat2",
            Arg.named(Flags.AT_FDCWD, "AT_FDCWD"),
            Arg.path(path),
            Arg.struct(how, "{flags=" + Flags.OPEN.show(flags) + "}"),
            Arg.number(how.length)));
  }

  /** What a symbolic link says. */
  Optional<String> linkAt(String path) {
    byte[] room = new byte[FILE];
    Reply reply =
        actor.plumb(
            Call.of(
                "readlinkat",
                Arg.named(Flags.AT_FDCWD, "AT_FDCWD"),
                Arg.path(path),
                Arg.room(room, (result, block) -> "0x..."),
                Arg.number(FILE)));
    return reply.failed()
        ? Optional.empty()
        : Optional.of(new String(reply.block(2), 0, (int) reply.value(), StandardCharsets.UTF_8));
  }

  /** Whether nothing can be written where a path leads, whoever asks; statfs(2). */
  boolean isReadOnly(String path) {
    Reply reply =
        actor.plumb(
            Call.of(
                "statfs", Arg.path(path), Arg.room(new byte[STATFS], (result, block) -> "0x...")));
    return !reply.failed()
        && (ByteBuffer.wrap(reply.block(1)).order(ByteOrder.LITTLE_ENDIAN).getLong(STATFS_FLAGS)
                & 1)
            != 0;
  }

  // descriptors

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
        : Optional.ofNullable(Libc.readLink(proc + "fd/" + number));
  }

  /** The file by which doqu opens what a descriptor of the actor's is of. */
  String descriptorFile(long number) {
    return proc + "fd/" + number;
  }

  // mounts

  /** What it sees mounted. */
  List<Mount> mounts() {
    if (mounts == null) {
      mounts = Mounts.of(actor.pid()).list();
    }
    return mounts;
  }

  /** The same, with what mountinfo does not say. */
  MountTree tree() {
    if (tree == null) {
      tree = new MountTree(this);
    }
    return tree;
  }

  /**
   * All of its mount namespace, when somebody is in sight of whom the kernel tells all: of who is
   * in a chroot it tells no more than what lies below that.
   */
  List<Mount> all() {
    if (all == null) {
      String namespace = namespace(Namespace.MNT);
      all =
          Stream.concat(
                  Stream.of(actor), Stream.concat(Stream.of(stage.init()), stage.actors().stream()))
              .filter(one -> !one.hasEnded())
              .filter(one -> namespace.equals(Libc.readLink("/proc/" + one.pid() + "/ns/mnt")))
              .filter(one -> "/".equals(Libc.readLink("/proc/" + one.pid() + "/root")))
              .findFirst()
              .map(one -> one == actor ? mounts() : Mounts.of(one.pid()).list())
              .orElseGet(this::mounts);
    }
    return all;
  }

  /** The mount of a number; empty: it is not in sight. */
  Optional<Mount> mount(long id) {
    return Stream.concat(mounts().stream(), all().stream())
        .filter(mount -> mount.id() == id)
        .findFirst();
  }
}
