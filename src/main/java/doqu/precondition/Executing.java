package doqu.precondition;

import doqu.kernel.Arch;
import doqu.kernel.ElfHead;
import doqu.kernel.Errno;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** What execve(2) needs; in the order of fs/exec.c, binfmt_script.c and binfmt_elf.c. */
final class Executing {
  private static final int ANYBODY_EXECUTES = 0111;

  private Executing() {}

  static List<Precondition> execve() {
    return List.of(
        Paths.leads(0, "the path"),
        Precondition.of(Errno.EACCES, "it is a regular file", at((now, place) -> isRegular(place))),
        Precondition.of(
            Errno.EACCES,
            "the mount it lies on is not noexec",
            at(
                (now, place) ->
                    place.isRegular() ? onExecutableMount(now, place) : Verdict.notNeeded())),
        Precondition.of(
            Errno.EACCES,
            "it may be executed",
            at((now, place) -> place.isRegular() ? executable(now, place) : Verdict.notNeeded())),
        Precondition.of(Errno.ETXTBSY, "nobody has it open for writing", at(Writers::nobodyWrites)),
        // Before Linux 6.8 this came first of all.
        Precondition.of(Errno.E2BIG, "argv and envp fit into RLIMIT_STACK", ProgramArguments::fit),
        Precondition.of(
            Errno.ENOEXEC,
            "it is a program of this architecture, or begins with #! and a path",
            at(Executing::isProgram)),
        new Precondition(
            "its interpreter is there",
            Paths.leads(0, "").errnos(),
            ofInterpreters(Executing::interpreterIsThere)),
        Precondition.of(
            Errno.EACCES,
            "its interpreter is a file that may be executed",
            ofInterpreters(
                (now, chain) ->
                    first(
                        now,
                        chain,
                        List.of(
                            (one, place) -> isRegular(place),
                            Executing::onExecutableMount,
                            Executing::executable)))),
        Precondition.of(
            Errno.ETXTBSY,
            "nobody has its interpreter open for writing",
            ofInterpreters((now, chain) -> first(now, chain, List.of(Writers::nobodyWrites)))),
        new Precondition(
            "its interpreter is a program too",
            List.of(Errno.ENOEXEC, Errno.ELIBBAD, Errno.EIO),
            ofInterpreters(Executing::interpreterIsProgram)),
        Precondition.of(
            Errno.ELOOP,
            "five scripts at most are each the interpreter of another",
            ofInterpreters(Executing::endsSoon)));
  }

  private static Precondition.Check at(BiFunction<Situation, Place, Verdict> check) {
    return (now, call) ->
        Paths.existing(now, call, 0)
            .map(place -> check.apply(now, place))
            .orElse(Verdict.notNeeded());
  }

  /** A check of what the kernel starts in its place, when there is such a thing. */
  private static Precondition.Check ofInterpreters(
      BiFunction<Situation, Interpreters, Verdict> check) {
    return at(
        (now, place) -> {
          if (place.isRegular() && Interpreters.head(now, place).isEmpty()) {
            return Verdict.unknown("the actor may not read '" + place.path() + "'");
          }
          Interpreters chain = Interpreters.of(now, place);
          return chain.places().isEmpty() ? Verdict.notNeeded() : check.apply(now, chain);
        });
  }

  /** The first of some checks that one of them does not pass. */
  private static Verdict first(
      Situation now, Interpreters chain, List<BiFunction<Situation, Place, Verdict>> checks) {
    Verdict good = Verdict.notNeeded();
    for (int i = 0; i < chain.places().size(); i++) {
      Place place = chain.places().get(i);
      for (BiFunction<Situation, Place, Verdict> check : checks) {
        Verdict verdict = place.exists() ? check.apply(now, place) : Verdict.notNeeded();
        if (verdict.isBroken()) {
          return new Verdict(
              verdict.state(),
              verdict.errno(),
              chain.naming(i) + ", and " + verdict.evidence(),
              verdict.mend());
        }
        good = verdict.state() == Verdict.State.NOT_NEEDED ? good : verdict;
      }
    }
    return good;
  }

  private static Verdict isRegular(Place place) {
    String is =
        place.isRegular() ? "' is one" : place.isDirectory() ? "' is a directory" : "' is none";
    return Verdict.of(place.isRegular(), Errno.EACCES, "'" + place.path() + is, "");
  }

  /** That the mount a file lies on lets programs be started. */
  static Verdict onExecutableMount(Situation now, Place place) {
    return now.mounts()
        .numbered(place.mount())
        .map(
            mount ->
                Verdict.of(
                    !mount.has("noexec"),
                    Errno.EACCES,
                    mount.point() + " is mounted " + mount.options(),
                    mount.has("noexec") ? Remounting.without(now, mount, "noexec") : ""))
        .orElse(Verdict.unknown("that mount is not in sight"));
  }

  /** That the permissions of a file let it be executed. */
  static Verdict executable(Situation now, Place place) {
    if (now.mounts().numbered(place.mount()).filter(one -> one.has("noexec")).isEmpty()) {
      return Paths.allowed(now, place, Paths.X_OK, "x");
    }
    // There access(2) says no of every file; what it would say elsewhere only the mode can tell.
    String has = "'" + place.path() + "' has " + place.permissions();
    return switch (place.mode() & ANYBODY_EXECUTES) {
      case 0 -> Verdict.broken(Errno.EACCES, has + ": no x for anybody", "");
      case ANYBODY_EXECUTES -> Verdict.holds(has);
      default -> Verdict.unknown(has + ", and where it is mounted noexec nobody may execute it");
    };
  }

  private static Verdict isProgram(Situation now, Place place) {
    if (!place.isRegular()) {
      return Verdict.notNeeded();
    }
    Optional<byte[]> head = Interpreters.head(now, place);
    if (head.isEmpty()) {
      return Verdict.unknown("the actor may not read it");
    }
    byte[] bytes = head.get();
    if (Interpreters.isScript(bytes)) {
      return Verdict.of(
          Interpreters.ofScript(bytes).isPresent(),
          Errno.ENOEXEC,
          Interpreters.ofScript(bytes).isPresent()
              ? "it begins with #!"
              : "behind its #! there is no path, or one that goes on past 256 bytes",
          "");
    }
    Optional<ElfHead> elf = ElfHead.of(bytes);
    if (elf.isEmpty()) {
      return Verdict.broken(
          Errno.ENOEXEC, "it is neither ELF nor begins with #!", "exec /bin/sh " + place.path());
    }
    return ofThisMachine(elf.get(), Errno.ENOEXEC, "its");
  }

  private static Verdict ofThisMachine(ElfHead elf, Errno errno, String whose) {
    boolean own = Arch.current().runs(elf.machine());
    return Verdict.of(
        own,
        errno,
        whose
            + " ELF header has e_machine "
            + elf.machine()
            + (own ? "" : ", another than this machine's"),
        "");
  }

  private static Verdict interpreterIsThere(Situation now, Interpreters chain) {
    int last = chain.places().size() - 1;
    Place there = chain.places().get(last);
    if (there.exists()) {
      return Verdict.holds(chain.naming(0));
    }
    Verdict why = Paths.leads(now, there.path());
    return Verdict.broken(
        there.errno().orElse(Errno.ENOENT), chain.naming(last) + ", and " + why.evidence(), "");
  }

  private static Verdict interpreterIsProgram(Situation now, Interpreters chain) {
    int last = chain.places().size() - 1;
    Place place = chain.places().get(last);
    if (!Interpreters.opens(now, place)) {
      return Verdict.notNeeded();
    }
    Optional<byte[]> head = Interpreters.head(now, place);
    if (head.isEmpty()) {
      return Verdict.unknown("the actor may not read '" + place.path() + "'");
    }
    String named = chain.naming(last);
    boolean ofScript = last < chain.scripts();
    Optional<ElfHead> elf = ElfHead.of(head.get());
    if (elf.isPresent()) {
      return ofThisMachine(elf.get(), ofScript ? Errno.ENOEXEC : Errno.ELIBBAD, named + ": its");
    }
    if (ofScript) {
      boolean script = Interpreters.ofScript(head.get()).isPresent();
      return Verdict.of(
          script,
          Errno.ENOEXEC,
          named
              + ", which "
              + (script ? "begins" : "is neither ELF nor begins")
              + " with #! and a path",
          "");
    }
    // Of a file that is shorter than a header no header can be read.
    return Verdict.broken(
        head.get().length < ElfHead.SIZE ? Errno.EIO : Errno.ELIBBAD,
        named + ", which is not ELF",
        "");
  }

  private static Verdict endsSoon(Situation now, Interpreters chain) {
    boolean ends = chain.scripts() <= Interpreters.MOST_SCRIPTS;
    return Verdict.of(
        ends,
        Errno.ELOOP,
        ends
            ? "scripts on the way: " + chain.scripts()
            : chain.naming(0)
                + (chain.places().size() > 1 ? ", " + chain.naming(1) : "")
                + " and so on, more than "
                + Interpreters.MOST_SCRIPTS
                + " scripts",
        "");
  }
}
