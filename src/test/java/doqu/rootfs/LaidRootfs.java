package doqu.rootfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A plan laid into a folder, and a way to run programs in it: as PID 1 of namespaces of its own,
 * with its own /proc, by root and by anyone else alike.
 */
final class LaidRootfs {

  /**
   * What a program said and how it ended.
   *
   * @param output standard output and standard error together
   */
  record Ended(int status, String output) {}

  private final Path root;

  LaidRootfs(Plan plan, Path root) throws IOException {
    this.root = root;
    for (Entry entry : plan.entries()) {
      Path path = root.resolve(entry.path().substring(1));
      if (entry instanceof Entry.Directory directory) {
        Files.createDirectory(path);
        Files.setAttribute(path, "unix:mode", directory.mode());
      } else if (entry instanceof Entry.RegularFile file) {
        try (InputStream bytes = file.source().open()) {
          Files.copy(bytes, path);
        }
        Files.setAttribute(path, "unix:mode", file.mode());
      } else if (entry instanceof Entry.Symlink link) {
        Files.createSymbolicLink(path, Path.of(link.target()));
      }
    }
  }

  static void removeLinks(Path folder) throws IOException {
    List<Path> links;
    try (Stream<Path> files = Files.walk(folder)) {
      links = files.filter(Files::isSymbolicLink).toList();
    }
    for (Path link : links) {
      Files.delete(link);
    }
  }

  /** Runs a line with the root file system's own shell. */
  Ended run(String line) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("unshare", "-Urmupf", "--mount-proc=" + root.resolve("proc")));
    command.addAll(List.of("chroot", root.toString(), "/bin/sh", "-lc", line));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("TERM", "xterm-256color");
    Process process = builder.start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes());
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new IOException("does not end: " + line);
      }
      return new Ended(process.exitValue(), said);
    } finally {
      process.destroyForcibly();
    }
  }
}
