package doqu.shell;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.kernel.IoReason;
import doqu.rootfs.Entry;
import doqu.rootfs.LearnersRootfs;
import doqu.rootfs.Plan;
import doqu.rootfs.archive.ArchiveException;
import doqu.rootfs.archive.Packing;
import doqu.rootfs.archive.Unpacked;
import doqu.rootfs.store.Import;
import doqu.rootfs.store.Store;
import doqu.rootfs.store.Stored;
import doqu.stage.Enclosure;
import doqu.stage.StageRefused;
import doqu.step.Args;
import doqu.step.Mistake;
import doqu.step.Word;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code rootfs} does: the root file systems a user keeps. */
public final class Shelf {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

  /** More changes than these are only counted. */
  private static final int MOST_CHANGES = 20;

  /** Whom it is done for. */
  public interface User {
    /** What was asked for. */
    void told(String word, List<String> lines);

    /** What has come of it. */
    void said(String line);

    /** Where the progress of long work is shown. */
    Bar bar();

    /**
     * Has the root file system be that one from now on.
     *
     * @param one empty: that of the machine's own programs
     * @param kept whether what is changed in it stays
     */
    void uses(Optional<Stored> one, boolean kept) throws IOException;

    /** Where an archive is read from and written to that is named {@code -}. */
    Optional<Pipe> pipe();
  }

  /** Standard input and output. */
  public record Pipe(InputStream in, OutputStream out) {}

  private final Store store = Store.here();
  private final User user;

  /** For that user. */
  public Shelf(User user) {
    this.user = user;
  }

  /**
   * Does what the words say, the first of which is one of {@link RootfsWord}.
   *
   * @throws Mistake when it cannot be done; then the store is as it was
   */
  public void carryOut(List<Word> words) {
    RootfsWord word = RootfsWord.of(words.get(0).text());
    try {
      word.run(this, words.subList(1, words.size()));
    } catch (StageRefused e) {
      throw new Mistake(String.join("; ", e.lines()));
    } catch (FileAlreadyExistsException e) {
      throw new Mistake("'" + e.getFile() + "' is there already; -f writes over it");
    } catch (FileSystemException e) {
      throw new Mistake("'" + e.getFile() + "': " + IoReason.of(e));
    } catch (IOException e) {
      // It may name a file as an archive does.
      throw new Mistake(Printable.line(String.valueOf(e.getMessage())));
    }
  }

  /** The names there are, for who types one; none where the store cannot be read. */
  static List<String> names() {
    try {
      List<String> names = new ArrayList<>(Store.here().names());
      names.add(Store.MACHINE);
      return names;
    } catch (IOException e) {
      return List.of();
    }
  }

  void list(Args args) throws IOException {
    if (args.has("-j", "--json")) {
      List<Map<String, Object>> all = new ArrayList<>();
      for (Stored one : store.all()) {
        all.add(json(one));
      }
      user.told("list", List.of(JSON.std.asString(all)));
      return;
    }
    Optional<String> chosen = store.chosenName();
    List<String> lines = new ArrayList<>();
    lines.add("  NAME                 FILES       SIZE  MADE              FROM");
    lines.add(
        (chosen.isEmpty() ? "* " : "  ")
            + "machine                                               this machine's programs, anew");
    for (Stored one : store.all()) {
      lines.add(
          "%s %-18s %7d %10s  %s  %s"
              .formatted(
                  chosen.filter(one.name()::equals).isPresent() ? "*" : " ",
                  one.name(),
                  one.items(),
                  Amount.of(one.bytes()),
                  TIME.format(one.made()),
                  one.from()));
    }
    List<String> understood = store.all().stream().map(Stored::name).toList();
    store.names().stream()
        .filter(name -> !understood.contains(name))
        .forEach(name -> lines.add("  " + name + "  cannot be understood; rootfs rm " + name));
    user.told("list", lines);
  }

  void show(Args args) throws IOException {
    Stored one = get(args.operand(0));
    if (args.has("-j", "--json")) {
      user.told("show", List.of(JSON.std.asString(json(one))));
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add("from    " + one.from());
    lines.add("made    " + TIME.format(one.made()));
    lines.add("files   " + one.items() + ", " + Amount.of(one.bytes()) + " in them");
    lines.add("lies    " + one.rootfs());
    one.notKept().forEach(line -> lines.add("note    " + Printable.line(line)));
    user.told("show", lines);
  }

  private static Map<String, Object> json(Stored one) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", one.name());
    json.put("from", one.from());
    json.put("made", one.made().toString());
    json.put("items", one.items());
    json.put("bytes", one.bytes());
    json.put("rootfs", one.rootfs().toString());
    json.put("notKept", one.notKept());
    return json;
  }

  void use(Args args) throws IOException {
    String name = args.operand(0);
    boolean keep = args.has("-k", "--keep");
    if (name.equals(Store.MACHINE)) {
      if (keep) {
        throw new Mistake("'machine' is built anew each time: nothing is kept in it");
      }
      user.uses(Optional.empty(), false);
      user.said("$ROOTFS is built of this machine's programs");
      return;
    }
    user.uses(Optional.of(get(name)), keep);
    user.said(
        "$ROOTFS is "
            + name
            + (keep ? "; what is changed in it stays" : "; what is changed in it is gone after"));
  }

  void build(Args args) throws IOException, StageRefused {
    long begun = System.nanoTime();
    Stored built =
        store.put(
            args.operand(0),
            args.has("-f", "--force"),
            "built of this machine's programs",
            place -> {
              Plan plan = LearnersRootfs.lay(place.rootfs());
              return new Unpacked(plan.entries().size(), bytes(plan), plan.problems());
            });
    isThere(built, begun);
  }

  private static long bytes(Plan plan) {
    return plan.entries().stream()
        .mapToLong(entry -> entry instanceof Entry.RegularFile file ? file.source().size() : 0)
        .sum();
  }

  void take(Args args) throws IOException, StageRefused {
    String path = args.operand(1);
    long begun = System.nanoTime();
    Stored taken;
    try (Bar bar = user.bar()) {
      taken = store.put(args.operand(0), args.has("-f", "--force"), from(path), of(path, bar));
    } catch (ArchiveException e) {
      throw new Mistake(Printable.line("'" + path + "': " + e.getMessage()));
    }
    isThere(taken, begun);
  }

  private static String from(String path) {
    return isPipe(path)
        ? "standard input"
        : Path.of(path).toAbsolutePath().getFileName().toString();
  }

  private Store.Filling of(String path, Bar bar) throws IOException {
    if (isPipe(path)) {
      InputStream in = pipe(path).in();
      return place -> Import.archive(bar.watch(in, Bar.UNKNOWN), place);
    }
    Path file = Path.of(path);
    if (Files.isDirectory(file)) {
      return place -> Import.folder(file, place);
    }
    long size = Files.size(file);
    return place -> {
      try (InputStream in = Files.newInputStream(file)) {
        return Import.archive(bar.watch(in, size), place);
      }
    };
  }

  private void isThere(Stored stored, long begun) {
    user.said(
        "%s: %d files, %s, in %.1f s"
            .formatted(
                stored.name(),
                stored.items(),
                Amount.of(stored.bytes()),
                (System.nanoTime() - begun) / 1e9));
    stored.notKept().forEach(line -> user.said(stored.name() + ": " + Printable.line(line)));
  }

  void export(Args args) throws IOException, StageRefused {
    Stored one = get(args.operand(0));
    String path = args.operand(1);
    try (Enclosure enclosure = Store.enclose(one)) {
      if (isPipe(path)) {
        OutputStream out = new BufferedOutputStream(pipe(path).out());
        Packing.pack(enclosure, out);
        out.flush();
        return;
      }
      StandardOpenOption how =
          args.has("-f", "--force") ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW;
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(
                  Path.of(path),
                  how,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING))) {
        Packing.pack(enclosure, out);
      }
    }
    user.said(one.name() + " written to " + path + ", " + Amount.of(Files.size(Path.of(path))));
  }

  void verify(Args args) throws IOException, StageRefused {
    Stored one = get(args.operand(0));
    List<String> changes = Store.changes(one);
    if (changes.isEmpty()) {
      user.said(one.name() + ": nothing has changed since it was made");
      return;
    }
    List<String> lines =
        new ArrayList<>(changes.subList(0, Math.min(MOST_CHANGES, changes.size())));
    if (changes.size() > lines.size()) {
      lines.add("and " + (changes.size() - lines.size()) + " more");
    }
    user.told("verify", lines);
    throw new Mistake(one.name() + ": " + changes.size() + " changed since it was made");
  }

  void remove(Args args) throws IOException {
    for (String name : args.operands()) {
      isThere(name); // where one is misspelt none is removed
    }
    for (String name : args.operands()) {
      store.remove(name);
      user.said(name + " is removed");
    }
  }

  private Stored get(String name) throws IOException {
    isThere(name);
    return store.get(name);
  }

  private void isThere(String name) throws IOException {
    if (!store.names().contains(name)) {
      throw Mistake.unknown("root file system", name, store.names());
    }
  }

  private static boolean isPipe(String path) {
    return path.equals("-");
  }

  private Pipe pipe(String path) {
    return user.pipe()
        .orElseThrow(
            () ->
                new Mistake(
                    "'" + path + "' is for ./doqu rootfs from the shell: name a file here"));
  }
}
