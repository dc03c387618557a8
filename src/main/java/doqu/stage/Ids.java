package doqu.stage;

import static doqu.stage.Asking.ask;
import static doqu.stage.Asking.write;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Capability;
import doqu.kernel.Libc;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The ids of a stage: which ids outside those inside are (user_namespaces(7)). */
final class Ids {
  /** The ids the stage of a root user has; an ordinary user's has only one. */
  private static final int COUNT = 65536;

  /** The first id of a range that neither subuid(5) nor systemd-nspawn hands out. */
  private static final int FIRST_BASE = 0x70000000;

  private static final int BASES = 4096;
  private static final int PR_SET_DUMPABLE = 4;

  /** Whether the stage has ids that nobody owns; else there is one, and it is doqu's own. */
  private final boolean many;

  private Ids(boolean many) {
    this.many = many;
  }

  /** Those doqu may give away. */
  static Ids here() {
    return new Ids(
        Libc.effectiveUser() == 0
            && Evidence.HERE.has(Capability.CAP_SETUID)
            && Evidence.HERE.has(Capability.CAP_SETGID)
            && hasRange("uid_map")
            && hasRange("gid_map"));
  }

  /** Root in a container or under unshare -r may have few ids himself. */
  private static boolean hasRange(String map) {
    return IdMap.parse(Evidence.HERE.file("/proc/self/" + map).orElse(""))
        .has(FIRST_BASE, (long) BASES * COUNT);
  }

  /** How many there are. */
  int count() {
    return many ? COUNT : 1;
  }

  /** Gives them to an actor that has just entered a user namespace of its own. */
  void give(Actor outer) throws StageRefused {
    if (many) {
      giveWhatNobodyOwns(outer);
    } else {
      mapOne(outer, Libc.effectiveUser(), Libc.effectiveGroup());
    }
  }

  private static void giveWhatNobodyOwns(Actor outer) throws StageRefused {
    // Two stages at once get different ranges, so neither owns anything of the other's.
    int base = FIRST_BASE + ThreadLocalRandom.current().nextInt(BASES) * COUNT;
    for (String map : List.of("uid_map", "gid_map")) {
      long written = Libc.writeFile("/proc/" + outer.pid() + "/" + map, "0 " + base + " " + COUNT);
      if (written < 0) {
        throw Asking.notWritten("/proc/PID/" + map, (int) -written, outer);
      }
    }
    ask(outer, Calls.setgid(0));
    ask(outer, Calls.setuid(0));
    ask(outer, Call.of("setgroups", Arg.number(0), Arg.nothing()));
    // Another uid makes /proc/PID of the process unreadable for doqu until it says otherwise.
    ask(outer, Call.of("prctl", Arg.named(PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), Arg.number(1)));
  }

  /** Passes all of them on to PID 1 of the outer layer, which has entered a second namespace. */
  void passOn(Actor outer, Actor wall) throws StageRefused {
    if (many) {
      write(outer, "/proc/1/uid_map", "0 0 " + COUNT);
      write(outer, "/proc/1/gid_map", "0 0 " + COUNT);
    } else {
      mapOne(wall, 0, 0);
    }
  }

  /** What an ordinary user may map: itself (user_namespaces(7)). */
  private static void mapOne(Actor actor, int uid, int gid) throws StageRefused {
    write(actor, "/proc/self/setgroups", "deny");
    write(actor, "/proc/self/uid_map", "0 " + uid + " 1");
    write(actor, "/proc/self/gid_map", "0 " + gid + " 1");
  }
}
