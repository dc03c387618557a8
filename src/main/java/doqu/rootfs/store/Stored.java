package doqu.rootfs.store;

import doqu.stage.Ids;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A root file system in the store.
 *
 * @param name what its user calls it
 * @param folder where it lies; see {@link #lower}
 * @param from where it came from, in words
 * @param made when it was put into the store
 * @param items how many files, directories and links it was made of
 * @param bytes how many bytes they had
 * @param ids the owners of its files
 * @param notKept what of its origin could not be kept, a line for each kind
 */
public record Stored(
    String name,
    Path folder,
    String from,
    Instant made,
    long items,
    long bytes,
    Ids ids,
    List<String> notKept) {

  public Stored {
    notKept = List.copyOf(notKept);
  }

  /** The directory that has {@code rootfs} in it, and nothing else: what a stage shows. */
  public Path lower() {
    return folder.resolve("lower");
  }

  /** Its own root directory. */
  public Path rootfs() {
    return lower().resolve("rootfs");
  }

  Path manifest() {
    return folder.resolve("manifest");
  }

  /** As it is written down; what a later doqu adds an older one passes over. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", 1);
    json.put("tree", folder.getFileName().toString());
    json.put("from", from);
    json.put("made", made.toString());
    json.put("items", items);
    json.put("bytes", bytes);
    ids.base().ifPresent(base -> json.put("base", base));
    json.put("notKept", notKept);
    return json;
  }

  /**
   * As it was written down.
   *
   * @throws StoreException when that is not what doqu writes
   */
  static Stored of(String name, Path trees, Map<String, Object> json) throws StoreException {
    try {
      String tree = get(json, "tree", String.class);
      if (!tree.matches("[0-9a-f]+")) {
        throw new ClassCastException();
      }
      return new Stored(
          name,
          trees.resolve(tree),
          get(json, "from", String.class),
          Instant.parse(get(json, "made", String.class)),
          get(json, "items", Number.class).longValue(),
          get(json, "bytes", Number.class).longValue(),
          new Ids(
              json.containsKey("base")
                  ? OptionalInt.of(get(json, "base", Integer.class))
                  : OptionalInt.empty()),
          texts(get(json, "notKept", List.class)));
    } catch (ClassCastException | DateTimeParseException e) {
      throw new StoreException("'" + name + "': what the store says of it cannot be understood");
    }
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(String::valueOf).toList();
  }

  private static <T> T get(Map<String, Object> json, String key, Class<T> type) {
    Object value = json.get(key);
    if (value == null) {
      throw new ClassCastException(key);
    }
    return type.cast(value);
  }
}
