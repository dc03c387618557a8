package doqu.observe;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.kernel.Namespace;
import doqu.stage.Stage;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * All that a step may change, seen at one moment.
 *
 * @param actor what the kernel says of who acts; {@link Snapshot#NONE} when it cannot be asked
 * @param hosts the namespaces of the actor that are the host's too: {@code uts}, {@code mnt}
 * @param hostMounts what is mounted on the host
 * @param lives who of the learner's actors is there; it can be changed
 */
public record View(Snapshot actor, Set<String> hosts, Mounts hostMounts, Map<Actor, Life> lives) {
  /** Nobody looked. */
  public static final View NONE = new View(Snapshot.NONE, Set.of(), Mounts.NONE, Map.of());

  /**
   * Looks at a stage on which that actor is about to act.
   *
   * @throws ActorGone when it will not, with the reason
   */
  public static View before(Stage stage, Actor actor) {
    return of(stage, actor, Snapshot.of(stage, actor));
  }

  /** Looks at a stage on which that actor has acted, be it still there or not. */
  public static View after(Stage stage, Actor actor) {
    try {
      return of(stage, actor, Stage.canAct(actor) ? Snapshot.of(stage, actor) : Snapshot.NONE);
    } catch (ActorGone gone) {
      return of(stage, actor, Snapshot.NONE);
    }
  }

  private static View of(Stage stage, Actor who, Snapshot snapshot) {
    Map<Actor, Life> lives = new LinkedHashMap<>();
    for (Actor each : stage.actors()) {
      boolean hasJustAnswered = each.equals(who) && snapshot.isOne();
      lives.put(each, hasJustAnswered ? Life.ALIVE : Life.of(each));
    }
    Set<String> hosts = new HashSet<>();
    stage
        .hostNamespaces()
        .forEach(
            (kind, link) -> {
              if (snapshot.fact(kind.file()).equals(link)) {
                hosts.add(kind.file());
              }
            });
    // A chrooted process is shown the mounts below its root only.
    boolean seesTheHosts =
        hosts.contains(Namespace.MNT.file()) && snapshot.fact("root").equals("/");
    Mounts hostMounts = seesTheHosts ? snapshot.mounts() : Mounts.of(stage.init().pid());
    return new View(snapshot, hosts, hostMounts, lives);
  }

  /** Who acts, as it was seen. */
  public ActorId idOf(Actor who) {
    return actor.isOne() ? ActorId.of(who, actor.ids()) : ActorId.of(who);
  }
}
