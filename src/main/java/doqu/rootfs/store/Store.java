package doqu.rootfs.store;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.kernel.IoReason;
import doqu.kernel.Libc;
import doqu.kernel.TextFile;
import doqu.kernel.Xdg;
import doqu.rootfs.archive.Manifest;
import doqu.rootfs.archive.Unpacked;
import doqu.rootfs.archive.Walk;
import doqu.stage.Enclosure;
import doqu.stage.Ids;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A folder of root file systems.
 *
 * <p>{@code NAME.json} says what there is and in which folder below {@code trees/} it lies. That
 * file is written last and replaced by rename(2): whatever happens before, the store is as it was,
 * and a folder that no such file names is removed by whoever changes the store next. Who changes it
 * holds {@code lock}; who uses a root file system holds the {@code in-use} beside it.
 */
@SuppressWarnings("try") // a lock is held, not used
public final class Store {
  private static final String NAMES = "[a-z0-9][a-z0-9._-]{0,62}";
  private static final String CHOSEN = "chosen";
  private static final String SUFFIX = ".json";

  /** The name of the one that is in no store: doqu builds it of this machine's own programs. */
  public static final String MACHINE = "machine";

  private final Path folder;

  /** A store in a folder, which need not exist. */
  public Store(Path folder) {
    this.folder = folder;
  }

  /** The user's. */
  public static Store here() {
    return new Store(Xdg.data().resolve("rootfs"));
  }

  private Path trees() {
    return folder.resolve("trees");
  }

  /** Fills a root file system. */
  @FunctionalInterface
  public interface Filling {
    /** Fills the one whose place that is. */
    Unpacked fill(Workplace place) throws IOException, StageRefused;
  }

  /** All of them that can be understood, in the order of their names. */
  public List<Stored> all() throws IOException {
    List<Stored> all = new ArrayList<>();
    for (String name : names()) {
      understood(name).ifPresent(all::add);
    }
    return all;
  }

  private Optional<Stored> understood(String name) throws IOException {
    try {
      return Optional.of(get(name));
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  /** The names there are, in order. */
  public List<String> names() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(SUFFIX))
          .map(file -> file.substring(0, file.length() - SUFFIX.length()))
          .filter(name -> name.matches(NAMES))
          .sorted()
          .toList();
    }
  }

  /**
   * The one of a name.
   *
   * @throws StoreException when there is none
   */
  public Stored get(String name) throws IOException {
    check(name);
    Path file = folder.resolve(name + SUFFIX);
    if (!Files.exists(file)) {
      throw new StoreException("there is no root file system '" + name + "' in the store");
    }
    Map<String, Object> json;
    try {
      json = JSON.std.mapFrom(Files.readString(file));
    } catch (IOException e) {
      throw new StoreException("'" + file + "': " + IoReason.of(e));
    }
    return Stored.of(name, trees(), json);
  }

  /**
   * Checks a name.
   *
   * @throws StoreException when it is none a root file system can have
   */
  public static void check(String name) throws StoreException {
    if (name.equals(MACHINE)) {
      throw new StoreException("'machine' is the one doqu builds anew each time; it is not stored");
    }
    if (!name.matches(NAMES)) {
      throw new StoreException(
          "'" + name + "' is no name for a root file system: small letters, digits, . _ -");
    }
  }

  /**
   * Puts one into the store, under a name from the moment on when it is complete.
   *
   * @param replace whether one that has the name may be replaced
   * @throws StoreException when it has not been put there; the store is as it was
   */
  public Stored put(String name, boolean replace, String from, Filling filling)
      throws IOException, StageRefused {
    check(name);
    try (Hold hold = change()) {
      if (!replace && Files.exists(folder.resolve(name + SUFFIX))) {
        throw new StoreException("'" + name + "' is in the store already; -f replaces it");
      }
      Path tree = trees().resolve(Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 1));
      Stored stored = fill(name, tree, from, filling);
      publish(stored);
      collect();
      return stored;
    }
  }

  private Stored fill(String name, Path tree, String from, Filling filling)
      throws IOException, StageRefused {
    Ids ids = Ids.here();
    boolean filled = false;
    try {
      Files.createDirectories(tree);
      Files.createFile(tree.resolve("in-use"));
      Unpacked unpacked = fill(tree, ids, filling);
      filled = true;
      return new Stored(
          name,
          tree,
          from,
          Instant.now().truncatedTo(ChronoUnit.SECONDS),
          unpacked.items(),
          unpacked.bytes(),
          ids,
          unpacked.notKept());
    } finally {
      if (!filled) {
        removeTree(tree, ids);
      }
    }
  }

  private static Unpacked fill(Path tree, Ids ids, Filling filling)
      throws IOException, StageRefused {
    try (Workplace place = new Workplace(tree, ids)) {
      // Ctrl-C ends doqu: what it has made so far goes with it.
      Thread atEnd =
          new Thread(
              () -> {
                place.close();
                removeTree(tree, ids);
              });
      Runtime.getRuntime().addShutdownHook(atEnd);
      try {
        Unpacked unpacked = filling.fill(place);
        place.clearAside();
        Manifest.of(place.rootfs()).write(tree.resolve("manifest"));
        new Walk(place.rootfs()).sync();
        return unpacked;
      } finally {
        forget(atEnd);
      }
    }
  }

  private static void forget(Thread atEnd) {
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException e) {
      // It is at work.
    }
  }

  /** From here on it is in the store: rename(2) is there as a whole or not at all. */
  private void publish(Stored stored) throws IOException {
    TextFile.sync(stored.folder());
    TextFile.sync(trees());
    TextFile.replaceSynced(
        folder.resolve(stored.name() + SUFFIX), List.of(JSON.std.asString(stored.json())));
  }

  /** Removes one; it is gone from the store at once, and its files soon. */
  public void remove(String name) throws IOException {
    try (Hold hold = change()) {
      if (chosenName().filter(name::equals).isPresent()) {
        choose(Optional.empty());
      }
      Optional<Stored> one = understood(name);
      if (one.isEmpty()) {
        Files.delete(folder.resolve(name + SUFFIX)); // what it named is found to be nobody's
        collect();
        return;
      }
      Stored stored = one.get();
      try (Hold unused = Hold.alone(stored.folder().resolve("in-use"))) {
        Files.delete(folder.resolve(name + SUFFIX));
        TextFile.sync(folder);
      } catch (Hold.Taken e) {
        throw new StoreException("'" + name + "' is in use; rootfs use machine leaves it");
      }
      collect();
    }
  }

  /**
   * Which one new stages are to have; empty: the machine's.
   *
   * @throws StoreException when it is not there any more
   */
  public Optional<Stored> chosen() throws IOException {
    Optional<String> name = chosenName();
    return name.isPresent() ? Optional.of(get(name.get())) : Optional.empty();
  }

  /** What that one is called, be it there or not. */
  public Optional<String> chosenName() throws IOException {
    Path file = folder.resolve(CHOSEN);
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  /** Chooses the one that new stages are to have. */
  public void choose(Optional<Stored> one) throws IOException {
    Path file = folder.resolve(CHOSEN);
    if (one.isPresent()) {
      TextFile.replace(file, List.of(one.get().name()));
    } else {
      Files.deleteIfExists(file);
    }
  }

  /** Says that one is in use until that is closed: it is not removed meanwhile. */
  public Use use(Stored stored) throws IOException {
    try {
      return new Use(stored, Hold.withOthers(stored.folder().resolve("in-use")));
    } catch (Hold.Taken e) {
      throw new StoreException("'" + stored.name() + "' is being removed");
    }
  }

  /** Encloses an actor in one. */
  public static Enclosure enclose(Stored stored) throws StageRefused {
    return Enclosure.in(stored.rootfs(), stored.ids());
  }

  /** What has changed in one since it was put into the store: a line a file. */
  public static List<String> changes(Stored stored) throws IOException, StageRefused {
    try (Enclosure enclosure = enclose(stored)) {
      return Manifest.read(stored.manifest()).differences(Manifest.of(enclosure));
    }
  }

  private Hold change() throws IOException {
    Xdg.create(folder);
    Files.createDirectories(trees());
    try {
      Hold hold = Hold.alone(folder.resolve("lock"));
      collect();
      return hold;
    } catch (Hold.Taken e) {
      throw new StoreException("another doqu is changing the store at this moment");
    }
  }

  /** Removes what was begun and never finished, and what has been replaced. */
  private void collect() throws IOException {
    Set<Path> named = new HashSet<>();
    List<Stored> all = all();
    if (all.size() < names().size()) {
      return; // what cannot be understood may name any of them
    }
    for (Stored stored : all) {
      named.add(stored.folder());
    }
    try (Stream<Path> trees = Files.list(trees())) {
      for (Path tree : trees.filter(tree -> !named.contains(tree)).toList()) {
        try (Hold unused = Hold.alone(tree.resolve("in-use"))) {
          removeTree(tree, owners(tree));
        } catch (Hold.Taken e) {
          // It is removed when nobody uses it any more.
        }
      }
    }
    try (DirectoryStream<Path> unfinished =
        Files.newDirectoryStream(folder, "*" + TextFile.ASIDE)) {
      for (Path file : unfinished) {
        Files.delete(file);
      }
    }
  }

  /** Whose the files of a folder are that nothing is written down of. */
  private static Ids owners(Path tree) throws IOException {
    Path rootfs = tree.resolve("lower/rootfs");
    int owner = Files.exists(rootfs) ? (Integer) Files.getAttribute(rootfs, "unix:uid") : 0;
    boolean isOwn = owner == Libc.effectiveUser();
    return new Ids(isOwn || owner == 0 ? OptionalInt.empty() : OptionalInt.of(owner));
  }

  private static void removeTree(Path tree, Ids ids) {
    try {
      for (String part : Workplace.PARTS) {
        if (Files.isDirectory(tree.resolve(part))) {
          try (Enclosure enclosure = Enclosure.in(tree.resolve(part), ids)) {
            new Walk(enclosure).removeAll();
          }
        }
      }
      for (String path : List.of("aside", "lower/rootfs", "lower", "manifest", "in-use", "")) {
        Files.deleteIfExists(tree.resolve(path));
      }
    } catch (IOException | StageRefused e) {
      // Whoever changes the store next tries again.
    }
  }
}
