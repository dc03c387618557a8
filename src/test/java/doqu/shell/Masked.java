package doqu.shell;

import doqu.actor.Actor;
import doqu.look.Looks;
import doqu.observe.ActorId;
import doqu.observe.Life;
import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.observe.ProcStatus;
import doqu.observe.Snapshot;
import doqu.stage.Stage;
import doqu.step.Mistake;
import doqu.step.Word;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All that is observed of a stage, with numbers of the order of their first appearance in the place
 * of those that another stage has otherwise: inodes, mount ids, peer groups, PIDs on the machine.
 */
final class Masked {
  private static final Pattern INODE = Pattern.compile("\\[\\d+]");

  private final Map<String, String> numbers = new HashMap<>();

  private Masked() {}

  /** By actor and fact. */
  static Map<String, String> state(Scene scene) throws Exception {
    return new Masked().of(scene);
  }

  /** What the two do not have in common, to be read. */
  static String difference(Map<String, String> one, Map<String, String> other) {
    Set<String> keys = new TreeSet<>(one.keySet());
    keys.addAll(other.keySet());
    return keys.stream()
        .filter(key -> !Objects.equals(one.get(key), other.get(key)))
        .map(key -> key + ": " + one.get(key) + " | " + other.get(key))
        .collect(Collectors.joining("\n"));
  }

  private Map<String, String> of(Scene scene) throws Exception {
    Stage stage = scene.stage();
    Map<String, String> state = new TreeMap<>();
    stage.hostNamespaces().values().forEach(this::inode);
    state.put("focus", stage.focus().name());
    for (Actor actor : stage.actors()) {
      Life life = Life.of(actor);
      String who = actor.name() + " ";
      if (life == Life.GONE) {
        continue;
      }
      ActorId id = ActorId.of(actor);
      state.put(who + "life", life + " " + id.pidInside() + " " + id.pidStage());
      state.put(who + "environment", actor.environment().toString());
      state.put(who + "pending", String.valueOf(actor.pending()));
      if (Stage.canAct(actor) && !scene.blocked().contains(actor) && life == Life.ALIVE) {
        Snapshot snapshot = Snapshot.of(stage, actor);
        snapshot.facts().forEach((name, value) -> state.put(who + name, inode(value)));
        ProcStatus ids = snapshot.ids();
        for (String field :
            List.of(
                "CapInh",
                "CapPrm",
                "CapEff",
                "CapBnd",
                "CapAmb",
                "NoNewPrivs",
                "SigIgn",
                "Umask")) {
          state.put(who + field, ids.get(field));
        }
        state.put(who + "mounts", mounts(actor.pid()));
        for (String directory : List.of("/tmp", "/mnt", ".")) {
          state.put(who + "ls " + directory, ls(stage, actor, directory));
        }
      }
    }
    state.put("host mounts", mounts(stage.init().pid()));
    state.put("host names", Snapshot.of(stage, stage.init()).fact("hostname"));
    return state;
  }

  private static String ls(Stage stage, Actor actor, String directory) {
    try {
      Looks.Row ls = Looks.named("ls").orElseThrow();
      return ls.show(new Looks.Seen(stage, actor), List.of(new Word(directory, false))).toString();
    } catch (Mistake e) {
      return String.valueOf(e.getMessage());
    }
  }

  private String inode(String value) {
    return INODE.matcher(value).replaceAll(match -> number("inode " + match.group()));
  }

  private String number(String what) {
    return numbers.computeIfAbsent(what, key -> Integer.toString(numbers.size()));
  }

  private String mounts(int pid) throws Exception {
    Map<Integer, String> ids = new HashMap<>();
    String lines =
        Mounts.of(pid).list().stream()
            .map(
                mount -> {
                  ids.put(mount.id(), Integer.toString(ids.size()));
                  return shown(mount, ids);
                })
            .collect(Collectors.joining("\n"));
    // Who hears of whose mounts: the numbers of the peer groups.
    String groups =
        Files.readAllLines(Path.of("/proc/" + pid + "/mountinfo")).stream()
            .map(line -> line.replaceAll("^(?:\\S+ ){6}(.*?) ?- .*$", "$1"))
            .collect(Collectors.joining("\n"));
    return lines
        + Pattern.compile(":\\d+").matcher(groups).replaceAll(group -> number(group.group()));
  }

  private static String shown(Mount mount, Map<Integer, String> ids) {
    return ids.get(mount.id())
        + " on "
        + ids.getOrDefault(mount.parent(), "?")
        + " "
        + mount.shownSource()
        + " "
        + mount.point()
        + " "
        + mount.type()
        + " "
        + mount.options()
        + " "
        + mount.propagation();
  }
}
