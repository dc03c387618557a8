package doqu.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A machine below a folder, made file by file. */
final class FakeMachine {
  final Path root;

  FakeMachine(Path root) {
    this.root = root;
  }

  FakeMachine file(String path, int mode, byte[] bytes) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
    Files.setAttribute(file, "unix:mode", mode);
    return this;
  }

  FakeMachine text(String path, String text) throws IOException {
    return file(path, 0644, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  FakeMachine script(String path, String text) throws IOException {
    return file(path, 0755, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  FakeMachine elf(String path, CraftedElf elf) throws IOException {
    return file(path, 0755, elf.bytes());
  }

  FakeMachine link(String path, String target) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.createSymbolicLink(file, Path.of(target));
    return this;
  }

  FakeMachine folder(String path) throws IOException {
    Files.createDirectories(root.resolve(path.substring(1)));
    return this;
  }

  /** The plan of these programs alone. */
  Plan plan(String... programs) {
    return plan(List.of(), programs);
  }

  Plan plan(List<Entry> entries, String... programs) {
    return MachineRootfs.plan(
        new Description(
            Arrays.stream(programs)
                .map(line -> new Description.Program(List.of(line.split("\\|"))))
                .toList(),
            List.of("xterm"),
            entries),
        new Machine(
            root, List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin", "/run/current-system/sw/bin")));
  }

  /** What a plan lays beside directories: "LINK -> TARGET" and "MODE FILE", by path. */
  static List<String> files(Plan plan) {
    Map<String, String> files = new TreeMap<>();
    for (Entry entry : plan.entries()) {
      if (entry instanceof Entry.Symlink link) {
        files.put(link.path(), link.path() + " -> " + link.target());
      } else if (entry instanceof Entry.RegularFile file) {
        files.put(file.path(), Integer.toOctalString(file.mode()) + " " + file.path());
      }
    }
    return List.copyOf(files.values());
  }
}
