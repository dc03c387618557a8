package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Flags;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps that change what is mounted where, and where an actor's paths begin. */
final class Mounts {
  private static final String USAGE =
      "mount [-t TYPE] [-o OPTIONS] [--bind|--rbind|--move] [SOURCE] TARGET, "
          + "mount --make-[r]private|shared|slave|unbindable TARGET";

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

  private static final Map<String, Long> PROPAGATIONS =
      Map.of(
          "private", Flags.MS_PRIVATE,
          "shared", Flags.MS_SHARED,
          "slave", Flags.MS_SLAVE,
          "unbindable", Flags.MS_UNBINDABLE);

  private Mounts() {}

  static Step mount(List<Word> words) {
    List<String> makes = new ArrayList<>();
    for (String propagation : PROPAGATIONS.keySet()) {
      makes.add("--make-" + propagation);
      makes.add("--make-r" + propagation);
    }
    Set<String> plain = new HashSet<>(makes);
    plain.addAll(List.of("--bind", "-B", "--rbind", "-R", "--move", "-M", "-r", "--read-only"));
    Args args = Args.of(words, plain, Set.of("-t", "--types", "-o", "--options"));

    for (String make : makes) {
      if (args.has(make)) {
        String target = args.operands(1, 1, "mount " + make + " TARGET").get(0);
        String name = make.substring("--make-".length());
        boolean recursive = !PROPAGATIONS.containsKey(name);
        long flag = PROPAGATIONS.getOrDefault(recursive ? name.substring(1) : name, 0L);
        return run ->
            run.call(Calls.mount("none", target, "", flag | (recursive ? Flags.MS_REC : 0), ""));
      }
    }

    long flags = 0;
    flags |= args.has("--bind", "-B") ? Flags.MS_BIND : 0;
    flags |= args.has("--rbind", "-R") ? Flags.MS_BIND | Flags.MS_REC : 0;
    flags |= args.has("--move", "-M") ? Flags.MS_MOVE : 0;
    flags |= args.has("-r", "--read-only") ? Flags.MS_RDONLY : 0;
    List<String> data = new ArrayList<>();
    for (String option : args.value("", "-o", "--options").split(",")) {
      if (OPTIONS.containsKey(option)) {
        flags |= OPTIONS.getOrDefault(option, 0L);
      } else if (!option.isEmpty()) {
        data.add(option);
      }
    }
    String type = args.value("", "-t", "--types");
    boolean sourceless = !type.isEmpty() || (flags & Flags.MS_REMOUNT) != 0;
    List<String> operands = args.operands(sourceless ? 1 : 2, 2, USAGE);
    String target = operands.get(operands.size() - 1);
    String source = operands.size() == 2 ? operands.get(0) : type.isEmpty() ? "none" : type;
    long all = flags;
    return run -> run.call(Calls.mount(source, target, type, all, String.join(",", data)));
  }

  /** {@code umount [-l] [-f] TARGET}. */
  static Step umount(List<Word> words) {
    Args args = Args.of(words, Set.of("-l", "--lazy", "-f", "--force"), Set.of());
    String target = args.operands(1, 1, "umount [-l] TARGET").get(0);
    long flags =
        (args.has("-l", "--lazy") ? Flags.MNT_DETACH : 0)
            | (args.has("-f", "--force") ? Flags.MNT_FORCE : 0);
    return run -> run.call(Calls.umount2(target, flags));
  }

  static Step chdir(List<Word> words) {
    String path = Args.operands(words, 1, 1, "chdir DIRECTORY").get(0);
    return run -> run.call(Calls.chdir(path));
  }

  static Step chroot(List<Word> words) {
    String path = Args.operands(words, 1, 1, "chroot DIRECTORY").get(0);
    return run -> run.call(Calls.chroot(path));
  }

  static Step pivotRoot(List<Word> words) {
    List<String> paths = Args.operands(words, 2, 2, "pivot_root NEW_ROOT PUT_OLD");
    return run -> run.call(Calls.pivotRoot(paths.get(0), paths.get(1)));
  }

  /** {@code mkdir [-m MODE] DIRECTORY}. */
  static Step mkdir(List<Word> words) {
    Args args = Args.of(words, Set.of(), Set.of("-m", "--mode"));
    String path = args.operands(1, 1, "mkdir [-m MODE] DIRECTORY").get(0);
    String mode = args.value("755", "-m", "--mode");
    if (!mode.matches("[0-7]{1,5}")) {
      throw new Mistake("'" + mode + "' is not an octal mode");
    }
    return run -> {
      run.call(Calls.mkdir(path, Integer.parseInt(mode, 8)));
      run.changed("+ directory " + path);
    };
  }

  static Step rmdir(List<Word> words) {
    String path = Args.operands(words, 1, 1, "rmdir DIRECTORY").get(0);
    return run -> {
      run.call(Calls.rmdir(path));
      run.changed("- directory " + path);
    };
  }
}
