package doqu.rootfs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The machine's busybox, asked which programs it has in it. */
final class Busybox {

  static final String NAME = "busybox";

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final int MAX_OUTPUT = 64 << 10;

  private Busybox() {}

  /**
   * The names it answers to.
   *
   * @throws IOException if it cannot be started, does not answer in a second or fails
   */
  static Set<String> applets(Path busybox) throws IOException {
    ProcessBuilder list = new ProcessBuilder(busybox.toString(), "--list");
    list.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    list.redirectError(ProcessBuilder.Redirect.DISCARD);
    list.environment().clear();
    Process process = list.start();
    try {
      String output = read(process);
      if (process.isAlive() || process.exitValue() != 0) {
        throw new IOException("--list does not work");
      }
      return output
          .lines()
          .filter(line -> line.matches("[\\w\\[][\\w.\\[-]*"))
          .collect(Collectors.toSet());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("--list was interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Looks at the pipe time and again: a read would wait for whoever else holds its other end. */
  private static String read(Process process) throws IOException, InterruptedException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    long end = System.nanoTime() + PATIENCE.toNanos();
    try (InputStream pipe = process.getInputStream()) {
      boolean ended = false;
      while (!ended && System.nanoTime() < end && output.size() < MAX_OUTPUT) {
        ended = process.waitFor(1, TimeUnit.MILLISECONDS);
        output.writeBytes(pipe.readNBytes(pipe.available()));
      }
    }
    return output.toString(StandardCharsets.UTF_8);
  }
}
