package doqu.rootfs;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bytes of a file come from. */
public sealed interface Source {

  /** How many bytes there were when the plan was made. */
  long size();

  /**
   * Opens the bytes for reading, each time from the start.
   *
   * @throws IOException if the file has gone or may not be read
   */
  InputStream open() throws IOException;

  /** Bytes the caller has: an ELF file from a resource, say. They are not copied. */
  static Source of(byte[] bytes) {
    return new Bytes(bytes);
  }

  /** The text in UTF-8. */
  static Source of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file of the machine. */
  record MachineFile(Path path, long size) implements Source {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }

  /** Bytes in memory. */
  final class Bytes implements Source {
    private final byte[] bytes;

    private Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }
}
