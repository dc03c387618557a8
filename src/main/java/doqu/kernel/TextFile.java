package doqu.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/** Small files of text in UTF-8: read whole, and written whole or not at all. */
public final class TextFile {
  /** How the name of one ends that was not finished: left by who was killed. */
  public static final String ASIDE = ".tmp";

  private TextFile() {}

  /** A file that is longer than it may be; a device has no end. */
  public static final class TooLong extends IOException {
    private static final long serialVersionUID = 1;

    private TooLong(int most) {
      super("it is larger than " + (most >> 20) + " MiB");
    }
  }

  /**
   * All bytes of a stream.
   *
   * @param most how many there may be, in whole MiB
   * @throws TooLong when there are more
   */
  public static byte[] bytes(InputStream in, int most) throws IOException {
    byte[] all = in.readNBytes(most + 1); // a file of /proc says nothing of its size
    if (all.length > most) {
      throw new TooLong(most);
    }
    return all;
  }

  /**
   * All lines of a stream.
   *
   * @param most how many bytes there may be, in whole MiB
   * @throws TooLong when there are more
   * @throws java.nio.charset.CharacterCodingException when it is not UTF-8
   */
  public static List<String> lines(InputStream in, int most) throws IOException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes(in, most)))
        .toString()
        .lines()
        .toList();
  }

  /**
   * Writes lines in the place of what a file had: who reads it meanwhile, or after a kill, finds
   * the old lines or the new ones (rename(2)).
   */
  public static void replace(Path file, List<String> lines) throws IOException {
    replace(file, lines, false);
  }

  /** The same, also for who finds it after the power has failed. */
  public static void replaceSynced(Path file, List<String> lines) throws IOException {
    replace(file, lines, true);
    sync(folder(file));
  }

  private static void replace(Path file, List<String> lines, boolean synced) throws IOException {
    Path aside = Files.createTempFile(folder(file), "." + file.getFileName(), ASIDE);
    try {
      Files.write(aside, lines, StandardCharsets.UTF_8);
      if (synced) {
        sync(aside);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }

  /** Has a file or a folder reach the disk; fsync(2). */
  public static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
