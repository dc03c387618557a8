package doqu.rootfs;

import doqu.rootfs.Route.Node;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemLoopException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds programs on the machine, and all that each needs in order to start. */
final class Programs {

  /**
   * What a program needs in order to start.
   *
   * @param entries itself, the symbolic links on the way to it, and the same of its interpreter and
   *     libraries
   * @param missing names of libraries that are not found
   */
  record Needs(List<Entry> entries, Set<String> missing) {}

  /** The folders that PATH holds in skeleton/etc/profile. */
  static final List<String> PATH = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

  /** What the kernel allows: a script whose interpreter is a script ... beyond it ELOOP. */
  private static final int MAX_INTERPRETERS = 5;

  private final MachineTree tree;
  private final List<String> searchPath;
  private final Libraries libraries;

  Programs(MachineTree tree, List<String> searchPath) {
    this.tree = tree;
    this.searchPath = searchPath;
    this.libraries = new Libraries(tree);
  }

  /**
   * Looks for a program as execvp(3) does.
   *
   * @return its path on the machine, or empty if no folder has anything of that name
   * @throws IOException if all that has the name is a link to nowhere or no executable file
   */
  Optional<String> find(String name) throws IOException {
    IOException trouble = null;
    for (String folder : searchPath) {
      String path = Route.join(folder, name);
      try {
        Route route = tree.follow(path);
        if (route.end() instanceof Node.File file && file.executable()) {
          return Optional.of(path);
        }
        Node there = tree.look(Route.join(tree.follow(folder).real(), name));
        if (there instanceof Node.Link) {
          trouble =
              new IOException(path + " is a link to " + route.real() + ", which is no program");
        } else if (!(there instanceof Node.Missing)) {
          trouble = new IOException(path + " is not an executable file");
        }
      } catch (FileSystemLoopException e) {
        trouble = new IOException(path + " is a link that leads to itself", e);
      }
    }
    if (trouble != null) {
      throw trouble;
    }
    return Optional.empty();
  }

  /**
   * Follows what a program needs.
   *
   * @param path where {@link #find} found it
   * @param layout what is there already and not needed again
   * @throws IOException if it can never start; the message says why
   */
  Needs needsOf(String name, String path, Layout layout) throws IOException {
    Needs needs = new Needs(new ArrayList<>(), new LinkedHashSet<>());
    collect(path, layout, MAX_INTERPRETERS, needs);
    addToPath(name, path, needs);
    return needs;
  }

  private void collect(String path, Layout layout, int interpreters, Needs needs)
      throws IOException {
    if (layout.provides(path)) {
      return;
    }
    Route route = tree.follow(path);
    if (!(route.end() instanceof Node.File)) {
      throw new IOException(path + " is not there");
    }
    try (FileChannel file = FileChannel.open(tree.locate(route.real()))) {
      Optional<Script> script = Script.read(file);
      if (script.isPresent()) {
        collectInterpreter(path, script.get(), layout, interpreters, needs);
      } else {
        collectLibraries(Elf.read(file), route.real(), layout, needs);
      }
    } catch (ElfException e) {
      throw new IOException(path + " " + e.getMessage(), e);
    }
    needs.entries.addAll(tree.entries(route, 0755));
  }

  private void collectInterpreter(
      String path, Script script, Layout layout, int interpreters, Needs needs) throws IOException {
    if (interpreters == 0) {
      throw new IOException(path + " is a script for a script, too many times for the kernel");
    }
    collect(script.interpreter(), layout, interpreters - 1, needs);
    Optional<String> throughEnv = script.throughEnv();
    if (throughEnv.isPresent()) {
      String name = throughEnv.get();
      if (name.contains("/")) {
        throw new IOException(path + " gives env a path, " + name + ", to start");
      }
      String found =
          find(name)
              .orElseThrow(
                  () ->
                      new IOException(path + " is a script for " + name + ", which is not there"));
      collect(found, layout, interpreters - 1, needs);
      addToPath(name, found, needs);
    }
  }

  private void collectLibraries(Elf elf, String program, Layout layout, Needs needs)
      throws IOException {
    Libraries.Needed needed = libraries.of(elf, program);
    needs.missing.addAll(needed.missing());
    for (String path : needed.paths()) {
      Route route = tree.follow(path);
      if (!layout.provides(path) && route.end() instanceof Node.File file) {
        needs.entries.addAll(tree.entries(route, file.executable() ? 0755 : 0644));
      }
    }
  }

  /** Links a program that lies in a folder of its machine's own making where PATH leads. */
  private void addToPath(String name, String path, Needs needs) throws IOException {
    String folder = tree.follow(Route.directoryOf(path)).real();
    for (String usual : PATH) {
      if (tree.follow(usual).real().equals(folder)) {
        return;
      }
    }
    needs.entries.add(new Entry.Symlink("/bin/" + name, tree.follow(path).real()));
  }
}
