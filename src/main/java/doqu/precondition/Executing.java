package doqu.precondition;

import doqu.actor.Calls;
import doqu.kernel.Arch;
import doqu.kernel.ElfHead;
import doqu.kernel.Errno;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What execve(2) needs; in the order of fs/exec.c and fs/binfmt_elf.c. */
final class Executing {
  private static final int HEAD = 4096;

  private Executing() {}

  static List<Precondition> execve() {
    return List.of(
        Paths.leads(0, "the path"),
        Precondition.of(
            Errno.EACCES,
            "it is a regular file",
            at(
                (now, place) ->
                    Verdict.of(
                        place.isRegular(),
                        Errno.EACCES,
                        "'"
                            + place.path()
                            + (place.isRegular()
                                ? "' is one"
                                : place.isDirectory() ? "' is a directory" : "' is none"),
                        ""))),
        Precondition.of(
            Errno.EACCES,
            "the mount it lies on is not noexec",
            at(
                (now, place) ->
                    now.mounts()
                        .numbered(place.mount())
                        .map(
                            mount ->
                                Verdict.of(
                                    !mount.has("noexec"),
                                    Errno.EACCES,
                                    mount.point() + " is mounted " + mount.options(),
                                    mount.has("noexec")
                                        ? Remounting.without(now, mount, "noexec")
                                        : ""))
                        .orElse(Verdict.unknown("that mount is not in sight")))),
        Precondition.of(
            Errno.EACCES,
            "it may be executed",
            at(
                (now, place) ->
                    place.isRegular()
                            && now.mounts()
                                .numbered(place.mount())
                                .filter(m -> m.has("noexec"))
                                .isEmpty()
                        ? Paths.allowed(now, place, Paths.X_OK, "x")
                        : Verdict.notNeeded())),
        Precondition.of(Errno.ETXTBSY, "nobody has it open for writing", at(Writers::nobodyWrites)),
        // Before Linux 6.8 this came first of all.
        Precondition.of(Errno.E2BIG, "argv and envp fit into RLIMIT_STACK", ProgramArguments::fit),
        Precondition.of(
            Errno.ENOEXEC,
            "it is a program of this architecture, or begins with #!",
            at(Executing::isProgram)),
        new Precondition(
            "its interpreter is there",
            List.of(Errno.ENOENT, Errno.EACCES),
            at(Executing::interpreterIsThere)),
        Precondition.of(
            Errno.ETXTBSY,
            "nobody has its interpreter open for writing",
            at(
                (now, place) ->
                    interpreter(now, place)
                        .map(there -> Writers.nobodyWrites(now, there))
                        .orElse(Verdict.notNeeded()))));
  }

  private static Precondition.Check at(BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, 0)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }

  private static Optional<byte[]> head(Situation now, Place place) {
    return place.isRegular() ? now.files().readBytes(place.path(), HEAD) : Optional.empty();
  }

  private static Verdict isProgram(Situation now, Place place) {
    if (!place.isRegular()) {
      return Verdict.notNeeded();
    }
    Optional<byte[]> head = head(now, place);
    if (head.isEmpty()) {
      return Verdict.unknown("the actor may not read it");
    }
    byte[] bytes = head.get();
    if (bytes.length > 2 && bytes[0] == '#' && bytes[1] == '!') {
      return Verdict.holds("it begins with #!");
    }
    Optional<ElfHead> elf = ElfHead.of(bytes);
    if (elf.isEmpty()) {
      return Verdict.broken(
          Errno.ENOEXEC, "it is neither ELF nor begins with #!", "exec /bin/sh " + place.path());
    }
    int machine = elf.get().machine();
    boolean own = Arch.current().runs(machine);
    return Verdict.of(
        own,
        Errno.ENOEXEC,
        "its ELF header has e_machine " + machine + (own ? "" : ", another than this machine's"),
        "");
  }

  private static Verdict interpreterIsThere(Situation now, Place place) {
    Optional<Place> interpreter = interpreter(now, place);
    if (interpreter.isEmpty()) {
      return Verdict.notNeeded();
    }
    Place there = interpreter.get();
    String named = "it names " + there.path();
    if (there.exists()) {
      return Verdict.holds(named);
    }
    Verdict why = Paths.leads(now, there.path());
    return Verdict.broken(
        there.errno().orElse(Errno.ENOENT), named + ", and " + why.evidence(), "");
  }

  /** What its beginning names as such; it may lead nowhere. */
  private static Optional<Place> interpreter(Situation now, Place place) {
    return head(now, place).flatMap(Executing::namedInterpreter).map(now.files()::place);
  }

  /** The program the kernel starts in the place of another: after #!, or PT_INTERP. */
  private static Optional<String> namedInterpreter(byte[] head) {
    if (head.length > 2 && head[0] == '#' && head[1] == '!') {
      String line = new String(head, StandardCharsets.UTF_8).lines().findFirst().orElse("");
      String[] words = line.substring(2).strip().split("\\s+", 2);
      return words[0].isEmpty() ? Optional.empty() : Optional.of(words[0]);
    }
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
