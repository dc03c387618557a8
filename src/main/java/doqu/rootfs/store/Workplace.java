package doqu.rootfs.store;

import doqu.rootfs.archive.Walk;
import doqu.stage.Enclosure;
import doqu.stage.Ids;
import doqu.stage.StageRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a root file system of the store is made. */
public final class Workplace implements AutoCloseable {
  private static final String ROOTFS = "lower/rootfs";
  private static final String ASIDE = "aside";

  /** The directories an actor makes files in. */
  static final List<String> PARTS = List.of(ROOTFS, ASIDE);

  private final Path tree;
  private final Ids ids;
  private final Enclosure rootfs;
  private @Nullable Enclosure aside;

  Workplace(Path tree, Ids ids) throws IOException, StageRefused {
    this.tree = tree;
    this.ids = ids;
    this.rootfs = enclose(ROOTFS);
  }

  private Enclosure enclose(String part) throws IOException, StageRefused {
    Path directory = tree.resolve(part);
    Files.createDirectories(directory);
    ids.own(tree.resolve(part.split("/", 2)[0]));
    ids.own(directory);
    return Enclosure.in(directory, ids);
  }

  /** The root file system, empty at first. */
  public Enclosure rootfs() {
    return rootfs;
  }

  /** The ids that its files can belong to. */
  public Ids ids() {
    return ids;
  }

  /** A directory for what it is made of, which goes when it is made. */
  public Enclosure aside() throws IOException, StageRefused {
    Enclosure there = aside;
    if (there == null) {
      there = enclose(ASIDE);
      aside = there;
    }
    return there;
  }

  /** Empties what was aside. */
  void clearAside() throws IOException {
    Enclosure there = aside;
    if (there != null) {
      new Walk(there).removeAll();
    }
  }

  @Override
  public void close() {
    rootfs.close();
    Enclosure there = aside;
    if (there != null) {
      there.close();
    }
  }
}
