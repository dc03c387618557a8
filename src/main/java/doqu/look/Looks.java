package doqu.look;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.actor.Reply;
import doqu.kernel.Capability;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import doqu.observe.ProcStatus;
import doqu.observe.Snapshot;
import doqu.stage.Stage;
import doqu.step.Args;
import doqu.step.Run;
import doqu.step.StepRecord;
import doqu.step.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of looks. */
public final class Looks {
  /** What a look looks at: an actor on a stage. */
  public record Seen(Stage stage, Actor actor) {}

  /** Looks, and says what it saw in lines. */
  @FunctionalInterface
  public interface Look {
    List<String> show(Seen seen, List<Word> words);
  }

  /** One row: the name, what may follow it, what it shows. */
  public record Row(String name, String synopsis, String says, Look look) {}

  private static final int NODENAME = 1;

  private static final List<Row> ROWS =
      List.of(
          new Row("ps", "", "the processes the actor's /proc shows", Ps::show),
          new Row("ns", "", "the actor's namespaces, as lsns", Looks::ns),
          new Row("mounts", "", "what is mounted, as findmnt", Looks::mounts),
          new Row("hostname", "", "the actor's host name beside the host's", Looks::hostname),
          new Row("uname", "", "what uname(2) says", Looks::uname),
          new Row("id", "", "user, groups and id maps", Looks::id),
          new Row("caps", "", "the capability sets", Looks::caps),
          new Row("proc", "FILE", "a file of /proc/self", Files::proc),
          new Row("ls", "[DIRECTORY]", "a directory as the actor sees it", Files::ls),
          new Row("cat", "FILE", "a file as the actor sees it", Files::cat),
          new Row("actors", "", "who is on the stage", Looks::actors),
          new Row("status", "", "where the actor stands", Looks::status));

  private Looks() {}

  /** All of them, in the order in which help shows them. */
  public static Stream<Row> rows() {
    return ROWS.stream();
  }

  /** The row of a name. */
  public static Optional<Row> named(String name) {
    return rows().filter(row -> row.name().equals(name)).findFirst();
  }

  private static List<String> ns(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "ns");
    List<Actor> alive = seen.stage.actors().stream().filter(a -> !a.hasEnded()).toList();
    Table table = new Table("NS", "TYPE", "NPROCS", "PID", "USER", "COMMAND");
    for (Namespace namespace : Namespace.values()) {
      String link = link(seen.actor, namespace);
      List<Actor> members =
          alive.stream().filter(actor -> link(actor, namespace).equals(link)).toList();
      Actor oldest = members.isEmpty() ? seen.actor : members.get(0);
      StepRecord.ActorId id = Run.idOf(oldest);
      boolean stages = link.equals(link(seen.stage.init(), namespace));
      table.row(
          link.replaceAll("\\D", ""),
          namespace.file(),
          Integer.toString(members.size()),
          Integer.toString(id.pidStage()),
          "root",
          id.name() + (stages ? " (the host's)" : ""));
    }
    return table.lines();
  }

  private static String link(Actor actor, Namespace namespace) {
    return Objects.requireNonNullElse(
        Libc.readLink("/proc/" + actor.pid() + "/ns/" + namespace.file()), "?");
  }

  private static List<String> mounts(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "mounts");
    List<Mount> mounts = Mount.of(seen.actor.pid());
    Map<Integer, List<Mount>> byParent =
        mounts.stream().collect(Collectors.groupingBy(Mount::parent));
    Map<Integer, Mount> byId = new HashMap<>();
    mounts.forEach(mount -> byId.put(mount.id(), mount));
    Table table = new Table("TARGET", "SOURCE", "FSTYPE", "PROPAGATION", "OPTIONS");
    for (Mount mount : mounts) {
      if (!byId.containsKey(mount.parent()) || mount.parent() == mount.id()) {
        branch(table, byParent, mount, "");
      }
    }
    return table.lines();
  }

  private static void branch(
      Table table, Map<Integer, List<Mount>> byParent, Mount mount, String indent) {
    table.row(
        indent + (indent.isEmpty() ? "" : "\\_ ") + mount.point(),
        mount.shownSource(),
        mount.type(),
        mount.propagation(),
        mount.options());
    for (Mount child : byParent.getOrDefault(mount.id(), List.of())) {
      if (child.id() != mount.id()) {
        branch(table, byParent, child, indent + "  ");
      }
    }
  }

  private static List<String> hostname(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "hostname");
    String own = Calls.unameField(seen.actor.plumb(Calls.uname()), NODENAME);
    String host = Calls.unameField(seen.stage.init().plumb(Calls.uname()), NODENAME);
    return List.of(seen.actor.name() + ": " + own, "host: " + host);
  }

  private static List<String> uname(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "uname");
    Reply reply = seen.actor.plumb(Calls.uname());
    List<String> fields =
        List.of("sysname", "nodename", "release", "version", "machine", "domainname");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      lines.add(fields.get(i) + ": " + Calls.unameField(reply, i));
    }
    return lines;
  }

  private static List<String> id(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "id");
    List<String> lines = new ArrayList<>();
    for (String name : List.of("getuid", "geteuid", "getgid", "getegid")) {
      lines.add(name + ": " + seen.actor.plumb(Call.of(name)).value());
    }
    Snapshot now = Snapshot.of(seen.actor);
    for (String map : List.of("uid_map", "gid_map", "setgroups")) {
      lines.add(map + ": " + now.fact(map));
    }
    return lines;
  }

  private static List<String> caps(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "caps");
    ProcStatus status = ProcStatus.of(seen.actor.pid()).orElseThrow();
    long all = Capability.values().length;
    List<String> lines = new ArrayList<>();
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      long value = status.capabilities(set);
      lines.add(
          set
              + ": "
              + status.get(set)
              + " ("
              + (Long.bitCount(value) == all
                  ? "all"
                  : Long.bitCount(value) > all / 2
                      ? "all but " + names(~value)
                      : value == 0 ? "none" : names(value))
              + ")");
    }
    lines.add("NoNewPrivs: " + status.get("NoNewPrivs"));
    return lines;
  }

  private static String names(long set) {
    return Capability.show(set).replace("1<<", "").replace("|", " ");
  }

  private static List<String> actors(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "actors");
    Table table = new Table("", "NAME", "INSIDE", "STAGE", "MACHINE", "STATE");
    for (Actor actor : seen.stage.actors()) {
      StepRecord.ActorId id = Run.idOf(actor);
      table.row(
          actor == seen.stage.focus() ? "*" : "",
          id.name(),
          Integer.toString(id.pidInside()),
          Integer.toString(id.pidStage()),
          Integer.toString(id.pidMachine()),
          state(actor));
    }
    return table.lines();
  }

  private static String state(Actor actor) {
    Call pending = actor.pending();
    if (actor.hasEnded()) {
      return ProcStatus.of(actor.pid()).isPresent() ? "zombie: nobody has waited for it" : "ended";
    }
    return actor.runsProgram()
        ? "runs " + Libc.readLink("/proc/" + actor.pid() + "/exe")
        : pending == null ? "ready" : "blocked in " + pending;
  }

  private static List<String> status(Seen seen, List<Word> words) {
    Args.operands(words, 0, 0, "status");
    Snapshot now = Snapshot.of(seen.actor);
    StepRecord.ActorId id = Run.idOf(seen.actor);
    String others =
        Stream.of(Namespace.values())
            .filter(n -> !link(seen.actor, n).equals(link(seen.stage.init(), n)))
            .map(Namespace::file)
            .collect(Collectors.joining(" "));
    return List.of(
        "actor: " + id.name(),
        "pid: "
            + id.pidInside()
            + " inside, "
            + id.pidStage()
            + " on the stage, "
            + id.pidMachine()
            + " on the machine",
        "hostname: " + now.fact("hostname"),
        "root: " + now.fact("root mount") + " " + now.fact("root"),
        "cwd: " + now.fact("cwd"),
        "namespaces of its own: " + (others.isEmpty() ? "none" : others));
  }
}
