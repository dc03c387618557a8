package doqu.rootfs;

import doqu.rootfs.Route.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shared libraries of a program where the dynamic linker would: ld.so(8) of glibc, or
 * ld-musl. Nothing is run for it, as ldd(1) would.
 *
 * <p>Unlike ld.so it looks into the folders of ld.so.conf instead of the cache, and heeds neither
 * {@code LD_LIBRARY_PATH} nor the glibc-hwcaps folders: a library in one of those is a second copy
 * of one that is in the folder above.
 */
final class Libraries {

  /**
   * What a dynamically linked program needs beside itself.
   *
   * @param paths files of the machine, each under the name it is looked for by
   * @param missing names of libraries that are in none of the folders
   */
  record Needed(Set<String> paths, Set<String> missing) {}

  /** The names Debian and its kin keep libraries of several machines apart by, for e_machine. */
  private static final Map<Integer, String> MULTIARCH =
      Map.of(
          3, "i386-linux-gnu",
          21, "powerpc64le-linux-gnu",
          22, "s390x-linux-gnu",
          40, "arm-linux-gnueabihf",
          62, "x86_64-linux-gnu",
          183, "aarch64-linux-gnu",
          243, "riscv64-linux-gnu",
          258, "loongarch64-linux-gnu");

  /** musl has these inside its own linker and never opens a file for them. */
  private static final Set<String> INSIDE_MUSL =
      Set.of("libc", "libpthread", "librt", "libm", "libdl", "libutil", "libxnet");

  /**
   * Until glibc 2.34 the functions that read /etc/passwd were in a library that libc opens by name
   * when the first user is looked up.
   */
  private static final String NSS_FILES = "libnss_files.so.2";

  /**
   * A file in memory.
   *
   * @param origin the folder $ORIGIN stands for
   * @param loader who needed it first; null for the program
   */
  private record Loaded(Elf elf, String origin, @Nullable Loaded loader) {}

  private final MachineTree tree;
  private final Map<String, Optional<Elf>> read = new HashMap<>();
  private final List<String> configured;

  Libraries(MachineTree tree) {
    this.tree = tree;
    this.configured = LdSoConf.folders(tree);
  }

  /**
   * Everything a program needs beside itself; nothing for a static one.
   *
   * @param program where it lies, without symbolic links
   * @throws IOException if its dynamic linker is not there: execve(2) would say ENOENT
   */
  Needed of(Elf elf, String program) throws IOException {
    Needed needed = new Needed(new LinkedHashSet<>(), new LinkedHashSet<>());
    String interpreter = elf.interpreter();
    if (interpreter == null) {
      return needed;
    }
    Route linker = tree.follow(interpreter);
    if (!interpreter.startsWith("/") || !(linker.end() instanceof Node.File)) {
      throw new IOException("its ELF interpreter " + interpreter + " is not there");
    }
    needed.paths.add(interpreter);
    boolean musl = Route.nameOf(interpreter).startsWith("ld-musl-");
    String muslPath = "/etc/" + Route.nameOf(interpreter).replaceFirst("\\.so.*", ".path");
    needed.paths.add(musl ? muslPath : "/etc/ld.so.cache");

    List<String> folders =
        musl ? muslFolders(muslPath) : glibcFolders(elf, Route.directoryOf(linker.real()));
    Set<String> names = new HashSet<>();
    names.add(Route.nameOf(interpreter));
    // Breadth first, as ld.so loads: what a file early in the queue brought is there for all.
    Queue<Loaded> queue = new ArrayDeque<>();
    queue.add(new Loaded(elf, Route.directoryOf(program), null));
    while (!queue.isEmpty()) {
      Loaded loaded = queue.remove();
      for (String name : wanted(loaded)) {
        if (!names.add(name) || (musl && INSIDE_MUSL.contains(name.replaceFirst("\\..*", "")))) {
          continue;
        }
        Optional<String> path = find(name, loaded, folders);
        path.ifPresent(needed.paths::add);
        if (path.isPresent()) {
          Elf library = elfAt(path.get()).orElseThrow();
          queue.add(new Loaded(library, Route.directoryOf(path.get()), loaded));
        } else if (!name.equals(NSS_FILES)) {
          needed.missing.add(name);
        }
      }
    }
    return needed;
  }

  private static List<String> wanted(Loaded loaded) {
    return loaded.elf.needed().contains("libc.so.6")
        ? Stream.concat(loaded.elf.needed().stream(), Stream.of(NSS_FILES)).toList()
        : loaded.elf.needed();
  }

  private Optional<String> find(String name, Loaded by, List<String> folders) {
    Stream<String> candidates;
    if (name.contains("/")) {
      candidates = expand(name, by).stream();
    } else {
      candidates =
          Stream.concat(searchPaths(by).stream(), folders.stream())
              .distinct()
              .filter(this::isFolder)
              .map(folder -> folder + "/" + name);
    }
    return candidates
        .filter(path -> path.startsWith("/"))
        .filter(path -> elfAt(path).filter(elf -> elf.target().equals(by.elf.target())).isPresent())
        .findFirst();
  }

  private List<String> searchPaths(Loaded by) {
    List<String> paths = new ArrayList<>();
    // DT_RPATH holds for all that is loaded on its file's behalf, DT_RUNPATH for the file alone.
    for (Loaded at = by; at != null && by.elf.runpath().isEmpty(); at = at.loader) {
      for (String folder : at.elf.rpath()) {
        paths.addAll(expand(folder, at));
      }
    }
    for (String folder : by.elf.runpath()) {
      paths.addAll(expand(folder, by));
    }
    return paths;
  }

  /** Puts in what $ORIGIN, $LIB and $PLATFORM stand for; $LIB is fixed when an ld.so is built. */
  private static List<String> expand(String path, Loaded by) {
    String known =
        path.replaceAll("\\$(ORIGIN\\b|\\{ORIGIN})", Matcher.quoteReplacement(by.origin))
            .replaceAll("\\$(PLATFORM\\b|\\{PLATFORM})", platform(by.elf.target()));
    return Stream.of("lib64", "lib", "lib/" + MULTIARCH.getOrDefault(by.elf.target().machine(), ""))
        .map(lib -> known.replaceAll("\\$(LIB\\b|\\{LIB})", lib))
        .distinct()
        .toList();
  }

  private static String platform(Elf.Target target) {
    return MULTIARCH.getOrDefault(target.machine(), "").replaceFirst("-.*", "");
  }

  private List<String> glibcFolders(Elf elf, String linkerFolder) {
    String multiarch = MULTIARCH.getOrDefault(elf.target().machine(), "");
    return Stream.concat(
            configured.stream(),
            Stream.of(
                "/lib/" + multiarch,
                "/usr/lib/" + multiarch,
                "/lib64",
                "/usr/lib64",
                "/lib",
                "/usr/lib",
                // a glibc built for a folder of its own, as in the store of Nix or Guix
                linkerFolder))
        .toList();
  }

  private List<String> muslFolders(String pathFile) throws IOException {
    return tree.follow(pathFile).end() instanceof Node.File
        ? LdSoConf.pathFile(tree, pathFile)
        : List.of("/lib", "/usr/local/lib", "/usr/lib");
  }

  private boolean isFolder(String path) {
    try {
      return path.startsWith("/") && tree.follow(path).end() instanceof Node.Directory;
    } catch (IOException e) {
      return false;
    }
  }

  /** The ELF file a path leads to; empty for anything else: ld.so goes on to the next folder. */
  private Optional<Elf> elfAt(String path) {
    return read.computeIfAbsent(path, this::readElf);
  }

  private Optional<Elf> readElf(String path) {
    try {
      Route route = tree.follow(path);
      if (!(route.end() instanceof Node.File)) {
        return Optional.empty();
      }
      try (FileChannel file = FileChannel.open(tree.locate(route.real()))) {
        return Optional.of(Elf.read(file));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
