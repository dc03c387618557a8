package doqu.rootfs.archive;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What of an archive cannot be kept here: said once for each kind, not for each file. */
final class NotKept {
  enum Kind {
    DEVICE("%d devices are left out: who is not the machine's root makes none"),
    OWNER("the owners of %d files are now root: a user namespace of one id has no others"),
    HIGH_OWNER("the owners of %d files are now root: their ids are above 65535"),
    ATTRIBUTE("the extended attributes of %d files are left out");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private record Seen(long count, String first) {}

  private final Map<Kind, Seen> seen = new EnumMap<>(Kind.class);

  void add(Kind kind, String name) {
    seen.merge(kind, new Seen(1, name), (before, one) -> new Seen(before.count + 1, before.first));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    seen.forEach(
        (kind, those) ->
            lines.add(
                String.format(kind.text, those.count) + ", " + Item.shown(those.first) + " first"));
    return lines;
  }
}
