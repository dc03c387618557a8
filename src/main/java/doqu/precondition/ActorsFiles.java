package doqu.precondition;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.ByteText;
import doqu.kernel.Flags;
import doqu.kernel.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Files as an actor sees them: it is asked about them, and nothing is changed. */
final class ActorsFiles {
  private static final int FILE = 4096;

  private static final int STATFS = 120;
  private static final int STATFS_FLAGS = 80;

  /** The bytes getdents64(2) returns of a directory that has but . and .. in it. */
  private static final int OF_NO_NAME = 2 * 24;

  private static final long AT_SYMLINK_NOFOLLOW = 0x100;
  private static final long AT_EACCESS = 0x200;

  private final Actor actor;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Place> unfollowed = new HashMap<>();

  ActorsFiles(Actor actor) {
    this.actor = actor;
  }

  /** Where a path leads, symbolic links followed. */
  Place place(String path) {
    return places.computeIfAbsent(path, one -> Place.of(one, actor.plumb(Place.statx(one, 0))));
  }

  /** Where a path leads, the last of it not followed. */
  Place itself(String path) {
    return unfollowed.computeIfAbsent(
        path, one -> Place.of(one, actor.plumb(Place.statx(one, AT_SYMLINK_NOFOLLOW))));
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
    Reply opened = open(path, Flags.O_RDONLY | Flags.O_CLOEXEC | Flags.O_DIRECTORY);
    if (opened.failed()) {
      return Optional.empty();
    }
    Reply entries =
        actor.plumb(
            Call.of("getdents64", Arg.number(opened.value()), Arg.buffer(FILE), Arg.number(FILE)));
    actor.plumb(Calls.close((int) opened.value()));
    return entries.failed() ? Optional.empty() : Optional.of(entries.value() > OF_NO_NAME);
  }

  /**
   * Where a path leads, as a path from the root of the mount namespace: so the points of mountinfo
   * are named. Empty: the actor cannot open it.
   */
  Optional<String> fullPath(String path) {
    return opened(path, Libc::readLink);
  }

  /** What doqu finds out of what a path leads to; empty: nothing, or the actor cannot open it. */
  <T> Optional<T> opened(String path, Function<String, @Nullable T> look) {
    return opened(path, 0, look);
  }

  private <T> Optional<T> opened(String path, long flags, Function<String, @Nullable T> look) {
    Reply opened = open(path, Flags.O_PATH | Flags.O_CLOEXEC | flags);
    if (opened.failed()) {
      return Optional.empty();
    }
    T found = look.apply("/proc/" + actor.pid() + "/fd/" + opened.value());
    actor.plumb(Calls.close((int) opened.value()));
    return Optional.ofNullable(found);
  }

  /** Who owns what a path leads to, as doqu sees it; empty: the actor cannot open it. */
  Optional<Long> ownerOf(Place place) {
    long notFollowed = place.isLink() ? Flags.O_NOFOLLOW : 0;
    return opened(place.path(), notFollowed, ActorsFiles::owner);
  }

  private static @Nullable Long owner(String file) {
    try {
      return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of(file), "unix:uid"));
    } catch (IOException e) {
      return null; // it is closed again, as the actor has ended
    }
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
        : Optional.of(ByteText.of(Arrays.copyOf(reply.block(2), (int) reply.value())));
  }

  /** Whether nothing can be written where a path leads, whoever asks. */
  boolean isReadOnly(String path) {
    return statfs(path).filter(room -> (room.flags & 1) != 0).isPresent();
  }

  /**
   * What a file system has room for, and what of that is free (statfs(2)).
   *
   * @param blocks how many of that size; 0: without a limit
   */
  record Room(
      long blockSize, long blocks, long freeBlocks, long files, long freeFiles, long flags) {}

  /** That of the file system a path leads to; empty: it leads nowhere. */
  Optional<Room> statfs(String path) {
    Reply reply =
        actor.plumb(
            Call.of(
                "statfs", Arg.path(path), Arg.room(new byte[STATFS], (result, block) -> "0x...")));
    if (reply.failed()) {
      return Optional.empty();
    }
    ByteBuffer room = ByteBuffer.wrap(reply.block(1)).order(ByteOrder.LITTLE_ENDIAN);
    return Optional.of(
        new Room(
            room.getLong(8),
            room.getLong(16),
            room.getLong(24),
            room.getLong(40),
            room.getLong(48),
            room.getLong(STATFS_FLAGS)));
  }
}
