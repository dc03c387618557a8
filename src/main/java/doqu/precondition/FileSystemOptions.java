package doqu.precondition;

import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import doqu.stage.IdMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of a file system itself, the last argument of mount(2), as far as doqu knows those of
 * its type: each has a value that is one (mm/shmem.c, fs/proc/root.c, fs/devpts/inode.c,
 * fs/overlayfs/params.c, and fs/fs_parser.c for the kinds of values).
 */
final class FileSystemOptions {
  /** What an option is given. */
  private enum Value {
    NONE("takes no value", ""),
    /** By memparse(). */
    SIZE("is no size, as 64m, 1g or 10%", "(?i:(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)?[kmgtpe]?%?)"),
    COUNT("is no number, as 1000 or 10k", "(?i:(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*)?[kmgtpe]?)"),
    OCTAL("is no octal number", "\\+?[0-7]+"),
    NUMBER("is no number", "(?i:\\+?(0x[0-9a-f]+|0[0-7]*|[1-9][0-9]*))"),
    USER("is no uid its user namespace has", NUMBER.pattern),
    GROUP("is no gid its user namespace has", NUMBER.pattern),
    HUGE("is not never, always, within_size or advise", "never|always|within_size|advise"),
    HIDEPID(
        "is not off, noaccess, invisible or ptraceable",
        "off|noaccess|invisible|ptraceable|\\+?(0x|0*)[0124]"),
    SUBSET("is not pid", "pid"),
    TEXT("is no text", ".*"),
    /** The machine's root alone may say so. */
    MACHINES("is forbidden in a user namespace", ""),
    ANYTHING("", "");

    private final String not;
    private final String pattern;

    Value(String not, String pattern) {
      this.not = not;
      this.pattern = pattern;
    }

    boolean takes(String value) {
      return Pattern.compile(pattern).matcher(value).matches();
    }
  }

  private static final Map<String, Map<String, Value>> OF =
      Map.of(
          "tmpfs",
          Map.ofEntries(
              Map.entry("size", Value.SIZE),
              Map.entry("nr_blocks", Value.COUNT),
              Map.entry("nr_inodes", Value.COUNT),
              Map.entry("mode", Value.OCTAL),
              Map.entry("uid", Value.USER),
              Map.entry("gid", Value.GROUP),
              Map.entry("huge", Value.HUGE),
              Map.entry("mpol", Value.ANYTHING),
              Map.entry("inode32", Value.NONE),
              Map.entry("inode64", Value.NONE),
              Map.entry("noswap", Value.MACHINES),
              Map.entry("quota", Value.MACHINES),
              Map.entry("usrquota", Value.MACHINES),
              Map.entry("grpquota", Value.MACHINES),
              Map.entry("casefold", Value.ANYTHING),
              Map.entry("strict_encoding", Value.ANYTHING)),
          "proc",
          Map.of(
              "hidepid",
              Value.HIDEPID,
              "gid",
              Value.NUMBER,
              "subset",
              Value.SUBSET,
              "pidns",
              Value.ANYTHING),
          "devpts",
          Map.of(
              "uid",
              Value.USER,
              "gid",
              Value.GROUP,
              "mode",
              Value.OCTAL,
              "ptmxmode",
              Value.OCTAL,
              "max",
              Value.NUMBER,
              "newinstance",
              Value.NONE),
          "overlay",
          Map.ofEntries(
              Map.entry("lowerdir", Value.TEXT),
              Map.entry("upperdir", Value.TEXT),
              Map.entry("workdir", Value.TEXT),
              Map.entry("lowerdir+", Value.ANYTHING),
              Map.entry("datadir+", Value.ANYTHING),
              Map.entry("default_permissions", Value.ANYTHING),
              Map.entry("redirect_dir", Value.ANYTHING),
              Map.entry("index", Value.ANYTHING),
              Map.entry("uuid", Value.ANYTHING),
              Map.entry("nfs_export", Value.ANYTHING),
              Map.entry("userxattr", Value.NONE),
              Map.entry("xino", Value.ANYTHING),
              Map.entry("metacopy", Value.ANYTHING),
              Map.entry("verity", Value.ANYTHING),
              Map.entry("volatile", Value.NONE),
              Map.entry("override_creds", Value.ANYTHING),
              Map.entry("nooverride_creds", Value.ANYTHING)),
          "sysfs",
          Map.of(),
          "mqueue",
          Map.of());

  /** Those of every file system (fs/fs_context.c), and of security modules. */
  private static final Set<String> OF_ANY =
      Set.of("dirsync", "lazytime", "mand", "ro", "sync", "async", "nolazytime", "nomand", "rw");

  private static final Set<String> OF_OTHERS =
      Set.of("source", "context", "fscontext", "defcontext", "rootcontext");

  private static final Pattern AMOUNT =
      Pattern.compile("(0x[0-9a-f]+|[0-9]*)([kmgtpe]?)", Pattern.CASE_INSENSITIVE);

  private FileSystemOptions() {}

  /** Whether the kernel takes them for a type. */
  static Verdict taken(Situation now, String type, String data) {
    if (data.isEmpty()) {
      return Verdict.notNeeded();
    }
    Map<String, Value> known = OF.get(type);
    if (known == null) {
      return Verdict.unknown("doqu knows those of " + String.join(", ", names()) + " only");
    }
    List<String> unsure = new ArrayList<>();
    for (String option : split(type, data)) {
      String key = option.split("=", 2)[0];
      Value kind = known.get(key);
      if (kind == Value.ANYTHING || OF_OTHERS.contains(key)) {
        unsure.add(option);
      } else if (!OF_ANY.contains(key)) {
        Optional<String> wrong = wrong(now, type, option, kind);
        if (wrong.isPresent()) {
          return Verdict.broken(Errno.EINVAL, wrong.get(), "");
        }
      }
    }
    return unsure.isEmpty()
        ? Verdict.holds(type + " has " + data)
        : Verdict.unknown("'" + unsure.get(0) + "' doqu does not judge");
  }

  private static List<String> names() {
    return OF.keySet().stream().sorted().toList();
  }

  /** A comma in a list of tmpfs' memory nodes, before a digit, is none between options. */
  static List<String> split(String type, String data) {
    return Pattern.compile(type.equals("tmpfs") ? ",(?!\\d)" : ",")
        .splitAsStream(data)
        .filter(option -> !option.isEmpty() && !option.startsWith("="))
        .toList();
  }

  private static Optional<String> wrong(
      Situation now, String type, String option, @Nullable Value kind) {
    String[] parts = option.split("=", 2);
    if (kind == null) {
      return Optional.of("'" + option + "' is no option of " + type);
    }
    boolean valued = parts.length == 2;
    boolean fine =
        switch (kind) {
          case NONE -> !valued;
          case MACHINES -> !valued && isMachines(now);
          default ->
              valued && !parts[1].isEmpty() && kind.takes(parts[1]) && fits(now, kind, parts[1]);
        };
    return fine
        ? Optional.empty()
        : Optional.of(
            valued && kind != Value.NONE && kind != Value.MACHINES
                ? "'" + parts[1] + "' of '" + option + "' " + kind.not
                : kind == Value.NONE || kind == Value.MACHINES
                    ? "'" + option + "' " + kind.not
                    : "'" + option + "' has no value");
  }

  private static boolean isMachines(Situation now) {
    return now.stage().isBare()
        && now.namespace(Namespace.USER).equals(now.stage().hostNamespaces().get(Namespace.USER));
  }

  private static boolean fits(Situation now, Value kind, String value) {
    return switch (kind) {
      case OCTAL -> is32Bits(value.replace("+", ""), 8);
      case NUMBER -> number(value).isPresent();
      case USER -> has(now.ids().users(), value);
      case GROUP -> has(now.ids().groups(), value);
      case HUGE ->
          value.equals("never") || Files.exists(Path.of("/sys/kernel/mm/transparent_hugepage"));
      default -> true;
    };
  }

  private static boolean has(IdMap map, String value) {
    return number(value).filter(id -> map.outside(id) >= 0).isPresent();
  }

  private static boolean is32Bits(String digits, int base) {
    return parse(digits, base).filter(number -> number < 1L << 32).isPresent();
  }

  /** As kstrtouint() reads it, when it has 32 bits. */
  private static Optional<Long> number(String value) {
    return whole(value.replace("+", "")).filter(number -> number < 1L << 32);
  }

  private static Optional<Long> whole(String value) {
    String digits = value.toLowerCase(Locale.ROOT);
    return digits.startsWith("0x")
        ? parse(digits.substring(2), 16)
        : parse(digits, digits.startsWith("0") ? 8 : 10);
  }

  private static Optional<Long> parse(String digits, int base) {
    try {
      return Optional.of(Long.parseLong(digits, base));
    } catch (NumberFormatException e) {
      return Optional.empty(); // it has more than 63 bits
    }
  }

  /**
   * How much memparse() reads; empty: it is a part of all memory, or more than there is.
   *
   * @param value one that {@link #taken} takes
   */
  static Optional<Long> amount(String value) {
    Matcher parts = AMOUNT.matcher(value);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int power = 1 + "kmgtpe".indexOf(parts.group(2).toLowerCase(Locale.ROOT));
    return whole(parts.group(1).isEmpty() ? "0" : parts.group(1))
        .filter(number -> number < 1L << 32)
        .map(number -> parts.group(2).isEmpty() ? number : number << (10 * power))
        .filter(amount -> amount >= 0);
  }
}
