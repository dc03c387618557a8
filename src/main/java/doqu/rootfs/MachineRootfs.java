package doqu.rootfs;

import static java.util.stream.Collectors.toMap;

import doqu.rootfs.Route.Node;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Plans a root file system made of this machine's own programs. Reads the machine only. */
public final class MachineRootfs {

  /** Where terminfo(5) entries are kept; the last is NixOS's. */
  private static final List<String> TERMINFO =
      List.of(
          "/etc/terminfo",
          "/lib/terminfo",
          "/usr/share/terminfo",
          "/run/current-system/sw/share/terminfo");

  private final Description description;
  private final MachineTree tree;
  private final Programs programs;
  private final Layout layout = new Layout();

  /** The link for each name that busybox answers to. */
  private Map<String, Entry.Symlink> applets = Map.of();

  private final List<String> missingPrograms = new ArrayList<>();
  private final Set<String> missingLibraries = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  private MachineRootfs(Description description, Machine machine) {
    this.description = description;
    this.tree = new MachineTree(machine.root());
    this.programs = new Programs(tree, machine.searchPath());
  }

  /**
   * Plans the root file system of a description. Whatever the machine's files hold, the plan is
   * made: what is wrong with one program is told in {@link Plan#problems} and the rest goes on.
   *
   * <p>Starts one process when the machine has a busybox: {@code busybox --list}, for a second at
   * most.
   */
  public static Plan plan(Description description, Machine machine) {
    return new MachineRootfs(description, machine).plan();
  }

  private Plan plan() {
    // The machine's /bin -> usr/bin comes first, so that all that is for /bin goes where it leads.
    Programs.PATH.forEach(this::addFolder);
    description.entries().forEach(this::addEntry);
    addPrograms();
    description.terminals().forEach(this::addTerminal);
    return new Plan(layout.entries(), missingPrograms, List.copyOf(missingLibraries), problems);
  }

  private void addFolder(String path) {
    try {
      Route route = tree.follow(path);
      if (route.end() instanceof Node.Directory) {
        putAll(route.links());
      }
      layout.makeDirectories(layout.resolve(path));
    } catch (IOException e) {
      tell(path, e);
    }
  }

  private void addEntry(Entry entry) {
    try {
      layout.put(entry);
    } catch (IOException e) {
      tell(entry.path(), e);
    }
  }

  private void addPrograms() {
    for (Description.Program program : description.programs()) {
      int before = problems.size();
      if (program.names().stream().noneMatch(this::addProgram) && problems.size() == before) {
        missingPrograms.add(program.toString());
      }
    }
  }

  /** Whether there is a program of that name now. */
  private boolean addProgram(String name) {
    try {
      if (applets.containsKey(name)) {
        layout.put(applets.get(name));
        return true;
      }
      Optional<String> path = programs.find(name);
      if (path.isPresent()) {
        Programs.Needs needs = programs.needsOf(name, path.get(), layout);
        putAll(needs.entries());
        for (String library : needs.missing()) {
          missingLibraries.add(library);
          problems.add(name + ": its library " + library + " is not found");
        }
        if (name.equals(Busybox.NAME)) {
          askBusybox(path.get());
        }
      }
      return path.isPresent();
    } catch (IOException e) {
      tell(name, e);
      return false;
    }
  }

  /**
   * Makes links for what busybox has. Older ones may not know --list: then it is just a program.
   */
  private void askBusybox(String path) throws IOException {
    String real = tree.follow(path).real();
    String target =
        Route.directoryOf(real).equals(layout.resolve("/bin")) ? Route.nameOf(real) : real;
    applets =
        Busybox.applets(tree.locate(real)).stream()
            .collect(toMap(name -> name, name -> new Entry.Symlink("/bin/" + name, target)));
  }

  /** In the first folder that has it; under its first letter, or that letter's number in hex. */
  private void addTerminal(String name) {
    for (String folder : TERMINFO) {
      for (String letter : List.of(name.substring(0, 1), Integer.toHexString(name.charAt(0)))) {
        try {
          Route route = tree.follow(folder + "/" + letter + "/" + name);
          if (route.end() instanceof Node.File) {
            putAll(tree.entries(route, 0644));
            return;
          }
        } catch (IOException e) {
          tell(name, e);
        }
      }
    }
  }

  private void putAll(List<? extends Entry> entries) throws IOException {
    for (Entry entry : entries) {
      layout.put(entry);
    }
  }

  private void tell(String what, IOException e) {
    problems.add(what + ": " + reason(e));
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + " may not be read";
    }
    if (e instanceof NoSuchFileException gone) {
      return gone.getFile() + " is not there";
    }
    if (e instanceof FileSystemLoopException loop) {
      return loop.getFile() + " is a link that leads to itself";
    }
    return String.valueOf(e.getMessage());
  }
}
