package doqu.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the machine's descriptions of terminals say, as compiled by tic(1): see term(5). */
public final class Terminfo {
  private static final int MAGIC = 0432;

  /** That of a file whose numbers have 32 bits instead of 16. */
  private static final int MAGIC_WIDE = 01036;

  private static final int HEADER = 12;

  /** Of the numbers in a description the one of the colours: {@code max_colors}. */
  private static final int COLOURS = 13;

  private Terminfo() {}

  /** How many colours a terminal has; empty: no description of it is found. */
  public static OptionalInt colours(String type, Map<String, String> environment) {
    if (type.isEmpty() || type.contains("/")) {
      return OptionalInt.empty();
    }
    String first = type.substring(0, 1);
    String hexadecimal = Integer.toHexString(type.charAt(0)); // where letters have no case
    for (Path folder : folders(environment)) {
      for (String under : List.of(first, hexadecimal)) {
        try {
          return OptionalInt.of(colours(Files.readAllBytes(folder.resolve(under).resolve(type))));
        } catch (IOException e) {
          // another may have it
        }
      }
    }
    return OptionalInt.empty();
  }

  /** Where ncurses looks, in this order. */
  private static List<Path> folders(Map<String, String> environment) {
    List<String> folders = new ArrayList<>();
    add(environment.get("TERMINFO"), "", folders);
    add(environment.get("HOME"), "/.terminfo", folders);
    for (String one : environment.getOrDefault("TERMINFO_DIRS", "").split(":", -1)) {
      add(one, "", folders);
    }
    folders.addAll(List.of("/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo"));
    return folders.stream().map(Path::of).toList();
  }

  private static void add(@Nullable String folder, String below, List<String> folders) {
    if (folder != null && folder.startsWith("/")) {
      folders.add(folder + below);
    }
  }

  /** The names come after the header, then the booleans, then, at an even place, the numbers. */
  private static int colours(byte[] description) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(description).order(ByteOrder.LITTLE_ENDIAN);
    int magic = file.limit() < HEADER ? 0 : file.getShort(0);
    int bytes = magic == MAGIC_WIDE ? Integer.BYTES : Short.BYTES;
    if (magic != MAGIC && magic != MAGIC_WIDE) {
      throw new IOException("no compiled description");
    }
    int numbers = HEADER + file.getShort(2) + file.getShort(4);
    int at = numbers + numbers % 2 + COLOURS * bytes;
    if (file.getShort(6) <= COLOURS || at + bytes > file.limit()) {
      return 0;
    }
    return Math.max(0, bytes == Short.BYTES ? file.getShort(at) : file.getInt(at));
  }
}
