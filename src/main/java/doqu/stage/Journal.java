package doqu.stage;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.kernel.ProcStat;
import doqu.kernel.Xdg;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a doqu on the machine itself has there: a file of lines that goes with it, unless it is
 * killed. Then the next one finds out what has survived.
 */
public final class Journal implements AutoCloseable {
  private static final String PROCESS = "process ";
  private static final String FOLDER = "folder ";
  private static final String REACHED = "reached ";

  /** A variable that exec passes on, and what descends from a program has too, orphans as well. */
  static final String MARK = "DOQU_BARE";

  private final Path file;
  private final String owner;

  private Journal(Path file, String owner) {
    this.file = file;
    this.owner = owner;
  }

  /**
   * Begins one.
   *
   * @param state the folder in which those of all doqus of a user lie
   * @throws IOException when it cannot be written: then nobody would learn what survives
   */
  public static Journal begin(Path state) throws IOException {
    int self = (int) ProcessHandle.current().pid();
    Xdg.create(folder(state));
    Journal journal = new Journal(folder(state).resolve(Integer.toString(self)), identity(self));
    Files.writeString(journal.file, journal.owner + "\n");
    return journal;
  }

  /** The value of {@link #MARK} by which a program is known to be of this doqu's. */
  String mark() {
    return mark(owner);
  }

  private static String mark(String identity) {
    return identity.replace(' ', '-');
  }

  private static Path folder(Path state) {
    return state.resolve("bare");
  }

  /** A process that has come to be. */
  void process(Actor actor) {
    add(PROCESS + identity(actor.pid()) + " " + actor.name());
  }

  /** A folder that was made. */
  void folder(String path) {
    add(FOLDER + path);
  }

  /** A step that reached the machine: it can only be told of. */
  public void reached(String step) {
    add(REACHED + step.replace('\n', ' '));
  }

  private void add(String line) {
    try {
      Files.writeString(file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Doqu ends: what is still there stays in the journal for the next one. */
  @Override
  public void close() {
    try {
      Survivors stays = read(file);
      if (stays.processes.isEmpty() && stays.folder.isEmpty()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Which process has a PID now: a PID alone may be another's later, also after a new start. */
  private static String identity(int pid) {
    byte[] boot = Libc.readFile("/proc/sys/kernel/random/boot_id");
    // Whose zombie it is will clear it away, or not.
    Optional<ProcStat> stat = ProcStat.read("/proc/" + pid).filter(process -> !process.zombie());
    if (boot == null || stat.isEmpty()) {
      return pid + " gone";
    }
    return pid
        + " "
        + stat.get().startTime()
        + "@"
        + new String(boot, StandardCharsets.US_ASCII).strip();
  }

  /**
   * What a doqu has left on the machine that was killed.
   *
   * @param processes those that live, each with the name the learner knew
   * @param folder what doqu had made for itself, if it is there
   * @param reached the steps that changed the machine and were not taken back by the kernel
   */
  public record Survivors(
      Path file, List<Survivor> processes, Optional<Path> folder, List<String> reached) {
    /** Ends the processes and what descends from them, and removes the folder. */
    public List<String> end() {
      List<String> left = new ArrayList<>();
      for (Survivor each : processes) {
        each.process.descendants().forEach(ProcessHandle::destroyForcibly);
        each.process.destroyForcibly();
      }
      for (Survivor each : processes) {
        for (int tries = 0; isAlive(each.identity) && tries < 100; tries++) {
          Libc.poll(10);
        }
        if (isAlive(each.identity)) {
          left.add("PID " + each.process.pid() + " (" + each.name + ") does not end");
        }
      }
      folder
          .filter(path -> !Bare.remove(path))
          .ifPresent(path -> left.add(path + " is not empty, or something is mounted in it"));
      if (left.isEmpty()) {
        file.toFile().delete(); // another doqu may have been quicker
      }
      return left;
    }
  }

  /**
   * One process that has survived.
   *
   * @param identity tells it from a later one of the same PID
   */
  public record Survivor(ProcessHandle process, String identity, String name) {}

  /** What has survived of all doqus of a user that were killed; of those that live, nothing. */
  public static List<Survivors> survivors(Path state) {
    List<Survivors> all = new ArrayList<>();
    if (!Files.isDirectory(folder(state))) {
      return all;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(state))) {
      for (Path file : files) {
        of(file).ifPresent(all::add);
      }
    } catch (IOException e) {
      return all; // what cannot be read is told of when it can be
    }
    return all;
  }

  private static Optional<Survivors> of(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    if (lines.isEmpty() || isAlive(lines.get(0))) {
      return Optional.empty();
    }
    Survivors survivors = read(file);
    if (survivors.processes.isEmpty()
        && survivors.folder.isEmpty()
        && survivors.reached.isEmpty()) {
      Files.delete(file);
      return Optional.empty();
    }
    return Optional.of(survivors);
  }

  /** What of all that a journal tells of is there. */
  private static Survivors read(Path file) throws IOException {
    List<Survivor> processes = new ArrayList<>();
    List<String> reached = new ArrayList<>();
    Optional<Path> folder = Optional.empty();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (String line : lines) {
      if (line.startsWith(PROCESS)) {
        String[] words = line.substring(PROCESS.length()).split(" ", 3);
        if (words.length == 3 && isAlive(words[0] + " " + words[1])) {
          ProcessHandle.of(Long.parseLong(words[0]))
              .map(process -> new Survivor(process, words[0] + " " + words[1], words[2]))
              .ifPresent(processes::add);
        }
      } else if (line.startsWith(FOLDER)) {
        folder = Optional.of(Path.of(line.substring(FOLDER.length()))).filter(Files::isDirectory);
      } else if (line.startsWith(REACHED)) {
        reached.add(line.substring(REACHED.length()));
      }
    }
    lines.stream().findFirst().ifPresent(owner -> addMarked(mark(owner), processes));
    return new Survivors(file, processes, folder, reached);
  }

  /** Those of programs: nobody has told of what they have started. */
  private static void addMarked(String mark, List<Survivor> processes) {
    String variable = "\0" + MARK + "=" + mark + "\0";
    ProcessHandle.allProcesses()
        .filter(one -> processes.stream().noneMatch(known -> known.process.equals(one)))
        .filter(
            one -> {
              byte[] environment = Libc.readFile("/proc/" + one.pid() + "/environ");
              return environment != null
                  && ("\0" + new String(environment, StandardCharsets.UTF_8)).contains(variable);
            })
        .map(one -> new Survivor(one, identity((int) one.pid()), command(one)))
        .forEach(processes::add);
  }

  private static String command(ProcessHandle process) {
    byte[] name = Libc.readFile("/proc/" + process.pid() + "/comm");
    return name == null ? "?" : new String(name, StandardCharsets.UTF_8).strip();
  }

  private static boolean isAlive(String identity) {
    String pid = identity.split(" ", 2)[0];
    return pid.matches("\\d{1,9}")
        && Objects.equals(identity(Integer.parseInt(pid)), identity)
        && !identity.endsWith(" gone");
  }
}
