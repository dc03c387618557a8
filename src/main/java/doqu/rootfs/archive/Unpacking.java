package doqu.rootfs.archive;

import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Errno;
import doqu.stage.Enclosure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Unpacks archives into the empty directory an actor is enclosed in.
 *
 * <p>The meaning of what an archive says is GNU tar's: a later item replaces an earlier one of its
 * name, a directory gets its mode and time when everything is in it. A hard link or a name that
 * leads through a symbolic link is followed as for who is chrooted there.
 */
public final class Unpacking {
  /** As much of a file as goes into one message to the actor. */
  private static final int CHUNK = 60 * 1024;

  private static final int S_IFIFO = 0010000;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;
  private static final int SET_ID_AND_STICKY = 07000;

  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private final CallQueue calls;
  private final Tree tree;
  private final int ids;
  private final Bounds bounds;
  private final NotKept notKept = new NotKept();

  /** What directories get at the end, by their paths: what is made in one changes its time. */
  private final TreeMap<String, Item> unfinished = new TreeMap<>();

  private final int free;

  private final byte[] buffer = new byte[CHUNK];
  private long items;
  private long bytes;

  /**
   * Prepares to unpack.
   *
   * @param ids how many ids files can belong to there
   * @param bounds for all archives that are unpacked together
   */
  public Unpacking(Enclosure into, int ids, Bounds bounds) throws IOException {
    this.calls = new CallQueue(into.actor());
    this.tree = new Tree(calls);
    this.ids = ids;
    this.bounds = bounds;
    this.free = calls.freeDescriptor();
  }

  /**
   * Unpacks an archive over what was unpacked before.
   *
   * @throws ArchiveException when it is damaged, cut off, or more than the bounds allow
   * @throws IOException when something cannot be read, or not be made there, with its name
   */
  public void unpack(Archive archive) throws IOException {
    unpack(archive, false);
  }

  /**
   * Unpacks a layer of an image over those before: where it has a whiteout it takes away what they
   * have made (OCI image specification, "Image Layer Filesystem Changeset").
   */
  public void unpackLayer(Archive layer) throws IOException {
    tree.beginLayer();
    unpack(layer, true);
  }

  private void unpack(Archive archive, boolean layered) throws IOException {
    for (Optional<Item> item = archive.next(); item.isPresent(); item = archive.next()) {
      if (++items > bounds.items()) {
        throw new ArchiveException(
            "it has more than " + bounds.items() + " files, which is more than doqu takes");
      }
      List<String> names = Tree.names(item.get().name());
      if (!(layered && isWhiteout(names))) {
        make(names, item.get(), archive);
      }
    }
    archive.end(bounds, buffer);
    calls.flush();
  }

  /** Whether it is no file but says what of the layers below is to go, which is done then. */
  private boolean isWhiteout(List<String> names) throws IOException {
    String last = names.isEmpty() ? "" : names.get(names.size() - 1);
    if (!last.startsWith(WHITEOUT)) {
      return false;
    }
    List<String> folder = names.subList(0, names.size() - 1);
    if (last.equals(OPAQUE)) {
      for (String path : tree.olderIn(folder)) {
        takeAway(path);
      }
    } else if (!last.startsWith(WHITEOUT + WHITEOUT)) { // the rest of these are notes of AUFS
      List<String> hidden = new ArrayList<>(folder);
      hidden.add(last.substring(WHITEOUT.length()));
      Optional<String> path = tree.findOlder(Tree.names(String.join("/", hidden)));
      if (path.isPresent()) {
        takeAway(path.get());
      }
    }
    return true;
  }

  private void takeAway(String path) throws IOException {
    clear(path, tree.look(path));
  }

  /** Gives the directories their modes, owners and times, and tells what came of it all. */
  public Unpacked finish() throws IOException {
    for (var directory : unfinished.descendingMap().entrySet()) {
      String path = directory.getKey();
      Item item = directory.getValue();
      if (!isRoots(item.owner())) {
        calls.add(path, FileCalls.chown(path, item.owner()));
      }
      calls.add(path, FileCalls.chmod(path, item.mode()));
      calls.add(path, FileCalls.times(path, item));
    }
    calls.flush();
    return new Unpacked(items, bytes, notKept.lines());
  }

  private void make(List<String> names, Item told, Archive archive) throws IOException {
    Item item = withOwner(told);
    if (item.attributed()) {
      notKept.add(NotKept.Kind.ATTRIBUTE, item.name());
    }
    if (names.isEmpty()) {
      if (!(item.kind() instanceof Item.Kind.Directory)) {
        throw new ArchiveException("it would put something else where the root directory is");
      }
      unfinished.put("", item);
      return;
    }
    String path = tree.place(names);
    if (item.kind() instanceof Item.Kind.HardLink link) {
      makeHardLink(link.target(), path);
      return;
    }
    Optional<FileStatus> there = tree.look(path);
    if (item.kind() instanceof Item.Kind.Directory) {
      if (there.filter(FileStatus::isDirectory).isEmpty()) {
        clear(path, there);
        tree.makeDirectory(path, item.mode());
      }
      unfinished.put(path, item);
      return;
    }
    clear(path, there);
    tree.made(path);
    if (item.kind() instanceof Item.Kind.File) {
      makeFile(path, item, archive);
    } else if (item.kind() instanceof Item.Kind.Symlink link) {
      calls.add(path, FileCalls.symlink(link.target(), path));
      ownAndDate(path, item);
    } else if (item.kind() instanceof Item.Kind.Fifo) {
      calls.add(path, FileCalls.mknod(path, S_IFIFO | (item.mode() & 0777), 0, 0));
      ownAndDate(path, item);
    } else if (item.kind() instanceof Item.Kind.Device device) {
      makeDevice(path, item, device);
    }
  }

  private void clear(String path, Optional<FileStatus> there) throws IOException {
    if (there.isPresent()) {
      tree.remove(path, there.get());
      unfinished.remove(path);
      unfinished.subMap(path + "/", path + "0").clear(); // 0 follows the slash in ASCII
    }
  }

  private void makeHardLink(String target, String path) throws IOException {
    List<String> names = Tree.names(target);
    String found = names.isEmpty() ? "" : tree.find(names);
    if (found.equals(path)) {
      return;
    }
    clear(path, tree.look(path));
    tree.made(path);
    calls.add(path, FileCalls.link(found, path));
  }

  private void makeFile(String path, Item item, Archive archive) throws IOException {
    bytes += item.stored();
    if (bytes > bounds.bytes()) {
      throw new ArchiveException(
          "it unpacks to more than " + bounds.bytes() + " bytes, which is more than doqu takes");
    }
    calls.add(path, FileCalls.create(path, item.mode()), free);
    for (Item.Extent extent : item.extents()) {
      long end = extent.offset() + extent.length();
      for (long at = extent.offset(); at < end; ) {
        int count = fill(archive, (int) Math.min(CHUNK, end - at));
        archive.checkRatio(bounds);
        byte[] chunk = Arrays.copyOf(buffer, count);
        calls.add(path, FileCalls.pwrite(free, chunk, at), count);
        at += count;
      }
    }
    if (item.stored() < item.size()) {
      calls.add(path, FileCalls.truncate(free, item.size()));
    }
    if (!isRoots(item.owner())) {
      calls.add(path, FileCalls.chown(free, item.owner()));
    }
    if ((item.mode() & SET_ID_AND_STICKY) != 0) {
      calls.add(path, FileCalls.chmod(free, item.mode()));
    }
    calls.add(path, FileCalls.times(free, item));
    calls.add(path, Calls.close(free));
  }

  private int fill(Archive archive, int count) throws IOException {
    int filled = 0;
    while (filled < count) {
      int read = archive.read(buffer, filled, count - filled);
      if (read < 0) {
        throw new ArchiveException("a file that is shorter than it says");
      }
      filled += read;
    }
    return filled;
  }

  /** Nobody but the machine's root may make one; a user namespace's root is told so by EPERM. */
  private void makeDevice(String path, Item item, Item.Kind.Device device) throws IOException {
    int type = device.block() ? S_IFBLK : S_IFCHR;
    Reply made =
        calls.ask(
            FileCalls.mknod(path, type | (item.mode() & 0777), device.major(), device.minor()));
    if (made.errno() == Errno.EPERM.number()) {
      notKept.add(NotKept.Kind.DEVICE, path);
    } else if (made.failed()) {
      calls.need(path, FileCalls.mknod(path, type, device.major(), device.minor()));
    } else {
      ownAndDate(path, item);
    }
  }

  private void ownAndDate(String path, Item item) throws IOException {
    if (!isRoots(item.owner())) {
      calls.add(path, FileCalls.chown(path, item.owner()));
    }
    if (!(item.kind() instanceof Item.Kind.Symlink) && (item.mode() & SET_ID_AND_STICKY) != 0) {
      calls.add(path, FileCalls.chmod(path, item.mode()));
    }
    calls.add(path, FileCalls.times(path, item));
  }

  private static boolean isRoots(Item.Owner owner) {
    return owner.user() == 0 && owner.group() == 0;
  }

  /** With an owner there can be. */
  private Item withOwner(Item item) {
    Item.Owner owner = item.owner();
    if (has(owner.user()) && has(owner.group())) {
      return item;
    }
    notKept.add(ids == 1 ? NotKept.Kind.OWNER : NotKept.Kind.HIGH_OWNER, item.name());
    return item.ownedBy(
        new Item.Owner(
            has(owner.user()) ? owner.user() : 0, has(owner.group()) ? owner.group() : 0));
  }

  private boolean has(long id) {
    return id >= 0 && id < ids;
  }
}
