package doqu.observe;

import doqu.actor.Actor;
import doqu.kernel.Capability;
import doqu.kernel.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What differs between two views, in words. */
public final class Changes {
  /** More than so many capabilities are counted instead of named. */
  private static final int NAMED = 3;

  /** What is said of a change that everyone on the stage sees. */
  private static final String HOSTS_TOO = " (the host's too)";

  private static final List<String> SETS =
      List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb");

  private Changes() {}

  /** One text for each difference; none: nothing differs. The list can be added to. */
  public static List<String> between(View before, View after) {
    List<String> changes = new ArrayList<>();
    if (before.actor().isOne() && after.actor().isOne()) {
      facts(changes, before.actor(), after);
      capabilities(changes, before.actor().ids(), after.actor().ids());
      mounts(changes, before, after);
    }
    changes.addAll(ofLives(before, after));
    return changes;
  }

  /** Only who has ended, and whom somebody has waited for. The list can be added to. */
  public static List<String> ofLives(View before, View after) {
    List<String> changes = new ArrayList<>();
    before
        .lives()
        .forEach(
            (actor, was) -> {
              Life is = Objects.requireNonNullElse(after.lives().get(actor), Life.GONE);
              if (was != is) {
                changes.add(life(actor, was, is));
              }
            });
    return changes;
  }

  private static String life(Actor actor, Life was, Life is) {
    String zombie = is == Life.ZOMBIE ? " (nobody has waited for it)" : "";
    return actor.name() + ": " + was + " -> " + is + zombie;
  }

  private static void facts(List<String> changes, Snapshot before, View after) {
    after
        .actor()
        .facts()
        .forEach(
            (name, is) -> {
              String was = before.fact(name);
              if (!was.equals(is)) {
                boolean names = name.equals("hostname") || name.equals("domainname");
                boolean hosts = names && after.hosts().contains(Namespace.UTS.file());
                changes.add(fact(name, was, is) + (hosts ? HOSTS_TOO : ""));
              }
            });
  }

  private static String fact(String name, String was, String is) {
    if (is.startsWith(name + ":[")) {
      return was + " -> " + is; // a namespace: its kind is in the value
    }
    // It has no inode before the first process in it exists.
    boolean unborn = name.endsWith("_for_children") && is.equals(Snapshot.UNKNOWN);
    return name
        + ": "
        + shown(was)
        + " -> "
        + (unborn ? "a new one, with the next child" : shown(is));
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(empty)" : value.equals(Snapshot.UNKNOWN) ? "(none)" : value;
  }

  private static void capabilities(List<String> changes, ProcStatus before, ProcStatus after) {
    for (String set : SETS) {
      long was = before.capabilities(set);
      long is = after.capabilities(set);
      long lost = was & ~is;
      long won = is & ~was;
      if (was != is) {
        changes.add(
            set
                + ":"
                + (lost == 0 ? "" : " -" + named(lost))
                + (won == 0 ? "" : " +" + named(won)));
      }
    }
  }

  private static String named(long set) {
    return Long.bitCount(set) > NAMED
        ? Long.bitCount(set) + " capabilities"
        : Capability.show(set).replace("1<<", "");
  }

  private static void mounts(List<String> changes, View before, View after) {
    // In another mount namespace every mount is a copy with an id of its own, and a chrooted
    // process is shown those below its root only.
    String mnt = Namespace.MNT.file();
    boolean hosts = after.hosts().contains(mnt);
    if (same(before, after, mnt) && same(before, after, "root")) {
      MountChanges.between(before.actor().mounts(), after.actor().mounts())
          .forEach(change -> changes.add(change + (hosts ? HOSTS_TOO : "")));
    }
    if (!hosts) {
      MountChanges.between(before.hostMounts(), after.hostMounts())
          .forEach(change -> changes.add("on the host: " + change));
    }
  }

  private static boolean same(View before, View after, String fact) {
    return before.actor().fact(fact).equals(after.actor().fact(fact));
  }
}
