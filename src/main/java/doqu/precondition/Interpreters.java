package doqu.precondition;

import doqu.actor.Calls;
import doqu.kernel.ElfHead;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The programs execve(2) starts in the place of the one it is asked for: what stands after #!, what
 * stands there in that, and so on, and last PT_INTERP of an ELF file (fs/binfmt_script.c,
 * fs/binfmt_elf.c).
 *
 * @param places in their order; the last may lead nowhere
 * @param scripts how many scripts the kernel goes through, the file itself among them
 */
record Interpreters(List<Place> places, int scripts) {
  /** So many levels exec_binprm of fs/exec.c goes down, the last of which is the program. */
  static final int MOST_SCRIPTS = 5;

  private static final int HEAD = 4096;

  /** BINPRM_BUF_SIZE of include/uapi/linux/binfmts.h: of a script the kernel reads no more. */
  private static final int SCRIPT_HEAD = 256;

  static Interpreters of(Situation now, Place file) {
    List<Place> places = new ArrayList<>();
    int scripts = 0;
    Optional<Place> at = Optional.of(file).filter(Place::isRegular);
    while (at.isPresent()) {
      Optional<byte[]> head = head(now, at.get());
      Optional<String> next =
          head.flatMap(Interpreters::ofScript).filter(name -> places.size() <= MOST_SCRIPTS);
      scripts += head.filter(Interpreters::isScript).isPresent() ? 1 : 0;
      next.or(() -> head.flatMap(Interpreters::ofElf))
          .map(now.files()::place)
          .ifPresent(places::add);
      at = next.map(now.files()::place).filter(place -> opens(now, place));
    }
    return new Interpreters(List.copyOf(places), scripts);
  }

  /** Whether the kernel opens it to be executed, and so learns what it names itself. */
  static boolean opens(Situation now, Place place) {
    return place.isRegular()
        && !Executing.onExecutableMount(now, place).isBroken()
        && !Executing.executable(now, place).isBroken()
        && !Writers.nobodyWrites(now, place).isBroken();
  }

  /** Which names one of them, and how: {@code it names /bin/sh}. */
  String naming(int index) {
    String name = places.get(index).path().replace("\r", "\\r");
    return (index == 0 ? "it" : "'" + places.get(index - 1).path() + "'") + " names " + name;
  }

  /** The beginning of a file; empty: the actor may not read it, though the kernel does. */
  static Optional<byte[]> head(Situation now, Place place) {
    return place.isRegular() ? now.files().readBytes(place.path(), HEAD) : Optional.empty();
  }

  static boolean isScript(byte[] head) {
    return head.length > 1 && head[0] == '#' && head[1] == '!';
  }

  /** What stands after #!; empty: nothing does, or not all of it is in what the kernel reads. */
  static Optional<String> ofScript(byte[] head) {
    if (!isScript(head)) {
      return Optional.empty();
    }
    // Where the file is shorter the kernel reads NUL bytes.
    String text = new String(Arrays.copyOf(head, SCRIPT_HEAD), StandardCharsets.ISO_8859_1);
    int end = text.replaceFirst("(?s)\0.*", "").indexOf('\n');
    String line = text.substring(2, end < 0 ? SCRIPT_HEAD : end).replaceFirst("^[ \t]+", "");
    String name = line.split("[ \t\0]", 2)[0];
    boolean cutOff = end < 0 && name.length() == line.length();
    if (end < 0 && line.startsWith("\0")) {
      return Optional.of("."); // the kernel takes it for an empty path, and that leads here
    }
    return name.isEmpty() || cutOff
        ? Optional.empty()
        : Optional.of(
            new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }

  /** PT_INTERP. */
  private static Optional<String> ofElf(byte[] head) {
    return ElfHead.of(head)
        .flatMap(
            elf -> part(head, elf.table(), (long) elf.entry() * elf.count()).map(elf::segments))
        .stream()
        .flatMap(List::stream)
        .filter(ElfHead.Segment::isInterpreter)
        .findFirst()
        .flatMap(segment -> part(head, segment.offset(), segment.size()))
        .map(path -> Calls.cString(path, 0))
        .filter(path -> !path.isEmpty());
  }

  /** Some of the bytes; empty: they are not all among these. */
  private static Optional<byte[]> part(byte[] bytes, long from, long length) {
    return from < 0 || length < 0 || from > bytes.length - length
        ? Optional.empty()
        : Optional.of(Arrays.copyOfRange(bytes, (int) from, (int) (from + length)));
  }
}
