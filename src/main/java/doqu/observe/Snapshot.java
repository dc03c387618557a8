package doqu.observe;

import doqu.actor.Actor;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.stage.IdMap;
import doqu.stage.Stage;
import doqu.stage.UserNamespace;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of an actor at one moment, and what doqu keeps for it.
 *
 * @param facts everything that is one value, by the name it is shown under
 * @param mounts what the process sees mounted
 * @param ids the ids, capabilities and PIDs
 * @param environment that an exec would pass on
 */
public record Snapshot(
    Map<String, String> facts, Mounts mounts, ProcStatus ids, Map<String, String> environment) {
  /** The files of /proc/PID/ns, in the order in which changes are told. */
  public static final List<String> NAMESPACES =
      List.of(
          "user",
          "uts",
          "pid",
          "pid_for_children",
          "mnt",
          "ipc",
          "net",
          "cgroup",
          "time",
          "time_for_children");

  /** What stands for a value that cannot be read. */
  static final String UNKNOWN = "?";

  /** Nobody looked. */
  public static final Snapshot NONE =
      new Snapshot(Map.of(), Mounts.NONE, ProcStatus.NONE, Map.of());

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  /** Looks at an actor that has not ended. */
  public static Snapshot of(Stage stage, Actor actor) {
    String proc = "/proc/" + actor.pid() + "/";
    Map<String, String> facts = new LinkedHashMap<>();
    for (String namespace : NAMESPACES) {
      put(facts, namespace, Libc.readLink(proc + "ns/" + namespace));
    }
    Optional<UtsNames> names = UtsNames.of(stage, actor);
    facts.put("hostname", names.map(UtsNames::hostname).orElse(UNKNOWN));
    facts.put("domainname", names.map(UtsNames::domainname).orElse(UNKNOWN));
    put(facts, "root", Libc.readLink(proc + "root"));
    put(facts, "cwd", Libc.readLink(proc + "cwd"));
    boolean hosts = Objects.equals(facts.get("user"), stage.hostNamespaces().get(Namespace.USER));
    UserNamespace own = hosts ? stage.hostIds() : UserNamespace.of(actor.pid());
    // Told in the ids of the stage, which is the outside for the learner.
    UserNamespace outside = hosts ? stage.outerIds() : stage.hostIds();
    facts.put("uid_map", own.users().seenWith(outside.users()));
    facts.put("gid_map", own.groups().seenWith(outside.groups()));
    facts.put("setgroups", own.setgroups());
    byte[] cgroup = Libc.readFile(proc + "cgroup");
    put(facts, "cgroup path", cgroup == null ? null : oneLine(cgroup));
    ProcStatus status = ProcStatus.of(actor.pid()).orElse(ProcStatus.NONE);
    facts.put("Uid", inside(own.users(), status.get("Uid")));
    facts.put("Gid", inside(own.groups(), status.get("Gid")));
    facts.put("Groups", inside(own.groups(), status.get("Groups")));
    return new Snapshot(facts, Mounts.of(actor.pid()), status, Map.copyOf(actor.environment()));
  }

  private static void put(Map<String, String> facts, String name, @Nullable String value) {
    facts.put(name, value == null ? UNKNOWN : value);
  }

  /** Ids of doqu's as the actor itself has them. */
  private static String inside(IdMap map, String ids) {
    return BLANKS
        .splitAsStream(ids)
        .filter(id -> !id.isEmpty())
        .map(id -> Long.toString(map.inside(Long.parseLong(id))))
        .collect(Collectors.joining(" "));
  }

  private static String oneLine(byte[] content) {
    return new String(content, StandardCharsets.UTF_8).strip().replace("\n", ", ");
  }

  /** Whether somebody looked. */
  boolean isOne() {
    return !facts.isEmpty();
  }

  /** One of the facts. */
  public String fact(String name) {
    return facts.getOrDefault(name, UNKNOWN);
  }
}
