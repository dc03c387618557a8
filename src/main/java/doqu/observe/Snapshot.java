package doqu.observe;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of an actor at one moment.
 *
 * @param facts everything that is one value, by the name it is shown under
 * @param mounts what the process sees mounted
 * @param ids the ids, capabilities and PIDs
 */
public record Snapshot(Map<String, String> facts, List<Mount> mounts, ProcStatus ids) {
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

  private static final int NODENAME = 1;
  private static final int DOMAINNAME = 5;

  /** Looks at an actor that can act. */
  public static Snapshot of(Actor actor) {
    String proc = "/proc/" + actor.pid() + "/";
    Map<String, String> facts = new LinkedHashMap<>();
    for (String namespace : NAMESPACES) {
      put(facts, namespace, Libc.readLink(proc + "ns/" + namespace));
    }
    Reply names = actor.plumb(Calls.uname());
    facts.put("hostname", Calls.unameField(names, NODENAME));
    facts.put("domainname", Calls.unameField(names, DOMAINNAME));
    List<Mount> mounts = Mount.of(actor.pid());
    mounts.stream()
        .filter(mount -> mount.point().equals("/"))
        .reduce((below, above) -> above)
        .ifPresent(mount -> facts.put("root mount", mount.shownSource()));
    put(facts, "root", Libc.readLink(proc + "root"));
    put(facts, "cwd", Libc.readLink(proc + "cwd"));
    for (String map : List.of("uid_map", "gid_map", "setgroups", "cgroup")) {
      byte[] content = Libc.readFile(proc + map);
      put(facts, map, content == null ? null : oneLine(content));
    }
    return new Snapshot(facts, mounts, ProcStatus.of(actor.pid()).orElse(new ProcStatus(Map.of())));
  }

  private static void put(Map<String, String> facts, String name, @Nullable String value) {
    facts.put(name, value == null ? "?" : value);
  }

  private static String oneLine(byte[] content) {
    return new String(content, StandardCharsets.UTF_8)
        .strip()
        .replaceAll("[ \t]+", " ")
        .replaceAll(" ?\n ?", ", ");
  }

  /** One of the facts. */
  public String fact(String name) {
    return facts.getOrDefault(name, "?");
  }
}
