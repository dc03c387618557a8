package doqu.rootfs.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A lock on a file, of this process (fcntl(2)): however that ends, the kernel lets go of it. */
final class Hold implements AutoCloseable {
  /** Those of this process: to close a file once more would let go of the lock on it. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private Hold(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Somebody else has it. */
  static final class Taken extends Exception {
    private static final long serialVersionUID = 1;
  }

  /** Alone. */
  static Hold alone(Path file) throws IOException, Taken {
    return of(file, false);
  }

  /** With others who hold it like that. */
  static Hold withOthers(Path file) throws IOException, Taken {
    return of(file, true);
  }

  private static Hold of(Path file, boolean shared) throws IOException, Taken {
    if (!OWN.add(file)) {
      throw new Taken();
    }
    FileChannel channel = null;
    FileLock lock = null;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      if (lock == null) {
        throw new Taken();
      }
      return new Hold(file, channel);
    } finally {
      if (lock == null) {
        if (channel != null) {
          channel.close();
        }
        OWN.remove(file);
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    OWN.remove(file);
  }
}
