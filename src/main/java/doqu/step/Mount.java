package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Flags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code mount}, with the words of mount(8) but always as one call of mount(2): what mount(8) makes
 * of several, as a read-only bind, is several steps here.
 */
record Mount(String source, String target, String type, long flags, String data) implements Step {
  private static final Map<String, Long> OPTIONS =
      Map.ofEntries(
          Map.entry("ro", Flags.MS_RDONLY),
          Map.entry("nosuid", Flags.MS_NOSUID),
          Map.entry("nodev", Flags.MS_NODEV),
          Map.entry("noexec", Flags.MS_NOEXEC),
          Map.entry("sync", Flags.MS_SYNCHRONOUS),
          Map.entry("remount", Flags.MS_REMOUNT),
          Map.entry("dirsync", Flags.MS_DIRSYNC),
          Map.entry("nosymfollow", Flags.MS_NOSYMFOLLOW),
          Map.entry("noatime", Flags.MS_NOATIME),
          Map.entry("nodiratime", Flags.MS_NODIRATIME),
          Map.entry("bind", Flags.MS_BIND),
          Map.entry("rbind", Flags.MS_BIND | Flags.MS_REC),
          Map.entry("move", Flags.MS_MOVE),
          Map.entry("silent", Flags.MS_SILENT),
          Map.entry("relatime", Flags.MS_RELATIME),
          Map.entry("strictatime", Flags.MS_STRICTATIME),
          Map.entry("lazytime", Flags.MS_LAZYTIME),
          Map.entry("rw", 0L),
          Map.entry("defaults", 0L));

  /** What follows {@code --make-}; with an r before it the mounts below are meant too. */
  private static final Map<String, Long> PROPAGATIONS =
      Map.of(
          "private",
          Flags.MS_PRIVATE,
          "shared",
          Flags.MS_SHARED,
          "slave",
          Flags.MS_SLAVE,
          "unbindable",
          Flags.MS_UNBINDABLE,
          "rprivate",
          Flags.MS_REC | Flags.MS_PRIVATE,
          "rshared",
          Flags.MS_REC | Flags.MS_SHARED,
          "rslave",
          Flags.MS_REC | Flags.MS_SLAVE,
          "runbindable",
          Flags.MS_REC | Flags.MS_UNBINDABLE);

  static Mount parse(Args args) {
    List<String> makes =
        PROPAGATIONS.keySet().stream().filter(name -> args.has("--make-" + name)).toList();
    if (makes.size() > 1) {
      throw new Mistake("'--make-" + makes.get(1) + "' is too much: one propagation at a time");
    }
    Optional<String> make = makes.stream().findFirst();
    if (make.isPresent()) {
      if (!args.values("-o", "--options", "-t", "--types").isEmpty()) {
        throw new Mistake("--make-" + make.get() + " takes no other option");
      }
      if (args.operands().size() > 1) {
        throw args.tooMuch(1);
      }
      return new Mount("none", args.operand(0), "", PROPAGATIONS.getOrDefault(make.get(), 0L), "");
    }
    return ofOptions(args);
  }

  private static Mount ofOptions(Args args) {
    long flags = 0;
    flags |= args.has("--bind", "-B") ? Flags.MS_BIND : 0;
    flags |= args.has("--rbind", "-R") ? Flags.MS_BIND | Flags.MS_REC : 0;
    flags |= args.has("--move", "-M") ? Flags.MS_MOVE : 0;
    flags |= args.has("-r", "--read-only") ? Flags.MS_RDONLY : 0;
    List<String> data = new ArrayList<>();
    for (String option : String.join(",", args.values("-o", "--options")).split(",")) {
      if (OPTIONS.containsKey(option)) {
        flags |= OPTIONS.getOrDefault(option, 0L);
      } else if (!option.isEmpty()) {
        data.add(option); // the file system's own
      }
    }
    String type = args.value("", "-t", "--types");
    boolean sourceless = !type.isEmpty() || (flags & Flags.MS_REMOUNT) != 0;
    List<String> operands = args.operands();
    if (!sourceless && operands.size() < 2) {
      throw args.missing();
    }
    String unnamed = type.isEmpty() ? "none" : type;
    return new Mount(
        operands.size() == 2 ? operands.get(0) : unnamed,
        operands.get(operands.size() - 1),
        type,
        flags,
        String.join(",", data));
  }

  @Override
  public void run(Run run) {
    run.call(Calls.mount(source, target, type, flags, data));
  }
}
