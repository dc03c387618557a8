import doqu.rootfs.archive.Archive;
import doqu.rootfs.archive.Bounds;
import doqu.rootfs.archive.Unpacking;
import doqu.stage.Enclosure;
import doqu.stage.Ids;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long an archive takes to unpack, beside GNU tar on the same; and how much memory. */
final class Unpack {
  private static final int ROUNDS = 5;

  private Unpack() {}

  static void run(Path folder, String doqu, List<String> archives) throws Exception {
    compare("in memory", Path.of("/dev/shm"), archives.get(0));
    compare("on disk", folder, archives.get(0));
    memory(folder, doqu, archives);
  }

  private static void compare(String where, Path place, String archive) throws Exception {
    List<Double> tars = new ArrayList<>();
    List<Double> ours = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      Path folder = Files.createTempDirectory(place, "doqu-bench-");
      try {
        Path theirs = Files.createDirectory(folder.resolve("tar"));
        long begun = System.nanoTime();
        does("tar", "-xpzf", archive, "-C", theirs.toString());
        tars.add((System.nanoTime() - begun) / 1e6);
        ours.add(unpack(Files.createDirectory(folder.resolve("doqu")), archive));
      } finally {
        does("rm", "-rf", folder.toString());
      }
    }
    System.out.printf(
        "unpacking %s: GNU tar %.0f ms, doqu %.0f ms%n",
        where, Turns.median(tars), Turns.median(ours));
    Turns.bound(
        "unpacking " + where + ", to GNU tar", Turns.median(ours) / Turns.median(tars), 1.3, "x");
  }

  private static double unpack(Path into, String archive) throws Exception {
    Ids ids = Ids.here();
    ids.own(into);
    long begun = System.nanoTime();
    try (Enclosure enclosure = Enclosure.in(into, ids);
        var in = Files.newInputStream(Path.of(archive))) {
      Unpacking unpacking = new Unpacking(enclosure, ids.count(), Bounds.USUAL);
      unpacking.unpack(Archive.of(in));
      unpacking.finish();
    }
    return (System.nanoTime() - begun) / 1e6;
  }

  /** The most that is ever resident (VmHWM of proc(5)) of a doqu that imports each of them. */
  private static void memory(Path folder, String doqu, List<String> archives) throws Exception {
    double most = 0;
    for (String archive : archives) {
      ProcessBuilder builder =
          new ProcessBuilder(doqu, "rootfs", "import", "-f", "bench", archive).inheritIO();
      builder.environment().put("XDG_DATA_HOME", folder.resolve("data").toString());
      Process process = builder.start();
      while (process.isAlive()) {
        most = Math.max(most, resident(process.pid()));
        Thread.sleep(20);
      }
      if (process.exitValue() != 0) {
        throw new IOException(archive + " is not imported");
      }
    }
    Turns.bound("memory while the tightest archives are unpacked", most, 128, " MiB");
  }

  private static double resident(long pid) {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
          .sum();
    } catch (IOException | UncheckedIOException e) {
      return 0; // it has just ended
    }
  }

  private static void does(String... command) throws IOException, InterruptedException {
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IOException(String.join(" ", command));
    }
  }
}
