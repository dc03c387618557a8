package doqu.rootfs.image;

import doqu.rootfs.archive.ArchiveException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON file that need not be what is expected.
 *
 * @param where the file, and the way to it
 */
record Json(String where, @Nullable Object value) {
  boolean has(String key) {
    return value instanceof Map<?, ?> map && map.get(key) != null;
  }

  Json get(String key) throws ArchiveException {
    if (!(value instanceof Map<?, ?> map) || map.get(key) == null) {
      throw new ArchiveException(where + ": there is no " + key);
    }
    return new Json(where + ", " + key, map.get(key));
  }

  String text() throws ArchiveException {
    if (!(value instanceof String text)) {
      throw new ArchiveException(where + ": not a text");
    }
    return text;
  }

  List<Json> list() throws ArchiveException {
    if (!(value instanceof List<?> values)) {
      throw new ArchiveException(where + ": not a list");
    }
    List<Json> list = new ArrayList<>();
    for (Object one : values) {
      list.add(new Json(where, one));
    }
    return list;
  }
}
