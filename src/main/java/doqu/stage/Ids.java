package doqu.stage;

import static doqu.stage.Asking.ask;
import static doqu.stage.Asking.write;

import doqu.actor.Actor;
import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.actor.Calls;
import doqu.kernel.Capability;
import doqu.kernel.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The ids of a stage or an enclosure: which ids outside those inside are (user_namespaces(7)).
 *
 * @param base the id outside of 0 inside, of {@link #COUNT} that nobody owns; empty: there is one
 *     id inside, and it is doqu's own
 */
public record Ids(OptionalInt base) {
  /** The ids the stage of a root user has; an ordinary user's has only one. */
  private static final int COUNT = 65536;

  /** The first id of a range that neither subuid(5) nor systemd-nspawn hands out. */
  private static final int FIRST_BASE = 0x70000000;

  private static final int BASES = 4096;
  private static final int PR_SET_DUMPABLE = 4;

  /** Those doqu may give away: as many as there can be, others each time. */
  public static Ids here() {
    boolean many =
        Libc.effectiveUser() == 0
            && Evidence.HERE.has(Capability.CAP_SETUID)
            && Evidence.HERE.has(Capability.CAP_SETGID)
            && hasRange("uid_map")
            && hasRange("gid_map");
    // Two stages at once get different ranges, so neither owns anything of the other's.
    int base = FIRST_BASE + ThreadLocalRandom.current().nextInt(BASES) * COUNT;
    return new Ids(many ? OptionalInt.of(base) : OptionalInt.empty());
  }

  /** Root in a container or under unshare -r may have few ids himself. */
  private static boolean hasRange(String map) {
    return IdMap.parse(Evidence.HERE.file("/proc/self/" + map).orElse(""))
        .has(FIRST_BASE, (long) BASES * COUNT);
  }

  /** How many there are. */
  public int count() {
    return base.isPresent() ? COUNT : 1;
  }

  /** Makes a file of doqu's own belong to 0 inside. */
  public void own(Path file) throws IOException {
    if (base.isPresent()) {
      Files.setAttribute(file, "unix:uid", base.getAsInt());
      Files.setAttribute(file, "unix:gid", base.getAsInt());
    }
  }

  /** Gives them to an actor that has just entered a user namespace of its own. */
  void give(Actor outer) throws StageRefused {
    if (base.isPresent()) {
      giveWhatNobodyOwns(outer);
    } else {
      mapOne(outer, Libc.effectiveUser(), Libc.effectiveGroup());
    }
  }

  private void giveWhatNobodyOwns(Actor outer) throws StageRefused {
    String range = "0 " + base.getAsInt() + " " + COUNT;
    for (String map : List.of("uid_map", "gid_map")) {
      long written = Libc.writeFile("/proc/" + outer.pid() + "/" + map, range);
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
    if (base.isPresent()) {
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
