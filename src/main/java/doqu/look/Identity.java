package doqu.look;

import doqu.actor.Actor;
import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.observe.ProcStatus;
import doqu.observe.Snapshot;
import doqu.step.Args;
import java.util.ArrayList;
import java.util.List;

/** {@code id} and {@code caps}: who an actor is, and what that lets it do. */
final class Identity {
  private Identity() {}

  static List<String> id(Looks.Seen seen, Args args) {
    Actor actor = seen.actor();
    Snapshot now = Snapshot.of(seen.stage(), actor);
    return List.of(
        "uid: " + ask(actor, "getuid") + ", effective " + ask(actor, "geteuid"),
        "gid: " + ask(actor, "getgid") + ", effective " + ask(actor, "getegid"),
        "uid_map: " + shown(now.fact("uid_map")),
        "gid_map: " + shown(now.fact("gid_map")),
        "setgroups: " + now.fact("setgroups"));
  }

  private static long ask(Actor actor, String call) {
    return actor.plumb(Call.of(call)).value();
  }

  private static String shown(String map) {
    return map.isEmpty() ? "(empty: no id is mapped, so every id shows as 65534)" : map;
  }

  static List<String> caps(Looks.Seen seen, Args args) {
    ProcStatus status = ProcStatus.of(seen.actor().pid()).orElseThrow();
    List<String> lines = new ArrayList<>();
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      lines.add(set + ": " + status.get(set) + " (" + named(status.capabilities(set)) + ")");
    }
    lines.add("NoNewPrivs: " + status.get("NoNewPrivs"));
    return lines;
  }

  /** A set in few words: {@code all but CAP_SYS_RESOURCE}. */
  static String named(long set) {
    int all = Capability.values().length;
    int held = Long.bitCount(set);
    if (held == 0) {
      return "none";
    }
    if (held == all) {
      return "all";
    }
    return held > all / 2 ? "all but " + names(~set) : names(set);
  }

  private static String names(long set) {
    return Capability.show(set).replace("1<<", "").replace("|", " ");
  }
}
