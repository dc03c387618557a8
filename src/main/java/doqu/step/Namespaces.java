package doqu.step;

import doqu.actor.Actor;
import doqu.actor.Calls;
import doqu.kernel.Capability;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import doqu.observe.ProcStatus;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The steps that change what an actor is isolated from, and who it is. */
final class Namespaces {
  private static final String UNSHARE = "unshare NAMESPACE... [--no-map]";

  private Namespaces() {}

  private static List<String> kinds() {
    return Arrays.stream(Namespace.values())
        .flatMap(n -> Stream.of(n.file(), n.flagName(), "--" + n.longOption()))
        .toList();
  }

  /** The kinds of one word: {@code uts}, {@code -um}, {@code --mount}, {@code CLONE_NEWPID}. */
  private static long flagsOf(String word) {
    if (word.startsWith("-") && !word.startsWith("--") && word.length() > 1) {
      long flags = 0;
      for (char letter : word.substring(1).toCharArray()) {
        flags |=
            Arrays.stream(Namespace.values())
                .filter(n -> n.option() == letter)
                .findFirst()
                .orElseThrow(() -> Mistake.unknown("option", "-" + letter, List.of()))
                .flag();
      }
      return flags;
    }
    long flags = 0;
    for (String part : word.split("[|,]")) {
      String bare = part.startsWith("--") ? part.substring(2) : part;
      flags |=
          Namespace.parse(bare)
              .orElseThrow(() -> Mistake.unknown("namespace", part, kinds()))
              .flag();
    }
    return flags;
  }

  /** {@code unshare}; with a user namespace the three files that map its ids, as unshare -r. */
  static Step unshare(List<Word> words) {
    if (words.isEmpty()) {
      throw new Mistake("something is missing: " + UNSHARE);
    }
    boolean map = words.stream().noneMatch(w -> w.text().equals("--no-map"));
    long flags = 0;
    for (Word word : words) {
      if (!word.text().equals("--no-map")) {
        flags |= flagsOf(word.text());
      }
    }
    long all = flags;
    return run -> {
      ProcStatus ids = ProcStatus.of(run.actor().pid()).orElseThrow();
      IdMap users = IdMap.of(run.actor().pid(), "Uid");
      IdMap groups = IdMap.of(run.actor().pid(), "Gid");
      run.call(Calls.unshare(all));
      if ((all & Flags.CLONE_NEWUSER) != 0 && map) {
        write(run, "/proc/self/setgroups", "deny");
        write(run, "/proc/self/uid_map", "0 " + users.inside(effective(ids, "Uid")) + " 1");
        write(run, "/proc/self/gid_map", "0 " + groups.inside(effective(ids, "Gid")) + " 1");
      }
    };
  }

  /** The effective id of a process as doqu sees it. */
  private static long effective(ProcStatus ids, String kind) {
    return Long.parseLong(ids.get(kind).split("\\s+")[1]);
  }

  /** {@code write FILE TEXT}: opens, writes once, closes. */
  static Step writeFile(List<Word> words) {
    List<String> operands = Args.operands(words, 2, 2, "write FILE TEXT");
    return run -> write(run, operands.get(0), operands.get(1));
  }

  private static void write(Run run, String path, String text) {
    int descriptor = (int) run.call(Calls.open(path, Flags.O_WRONLY | Flags.O_CLOEXEC, 0)).value();
    boolean failed =
        run.attempt(Calls.write(descriptor, text.getBytes(StandardCharsets.UTF_8))).failed();
    run.call(Calls.close(descriptor));
    if (failed) {
      run.fail();
    }
  }

  /** {@code setns WHO [NAMESPACE...]}: enters those of a PID, an actor, or a file. */
  static Step setns(List<Word> words) {
    List<String> operands = Args.operands(words, 1, 9, "setns PID|ACTOR|FILE [NAMESPACE...]");
    String who = operands.get(0);
    long[] kinds = operands.stream().skip(1).mapToLong(Namespaces::flagsOf).toArray();
    if (!who.contains("/") && kinds.length == 0) {
      throw new Mistake("something is missing: setns " + who + " NAMESPACE...");
    }
    return run -> {
      if (who.contains("/")) {
        enter(run, who, kinds.length == 0 ? 0 : kinds[0]);
        return;
      }
      String pid = run.stage().named(who).map(actor -> pidOnStage(actor)).orElse(who);
      if (!pid.matches("\\d+")) {
        throw Mistake.unknown(
            "actor", who, run.stage().actors().stream().map(Actor::name).toList());
      }
      for (long kind : kinds) {
        Namespace namespace =
            Arrays.stream(Namespace.values())
                .filter(n -> n.flag() == kind)
                .findFirst()
                .orElseThrow();
        enter(run, "/proc/" + pid + "/ns/" + namespace.file(), kind);
      }
    };
  }

  /** Most actors look through the stage's own /proc, where its PIDs are those of the stage. */
  private static String pidOnStage(Actor actor) {
    return Integer.toString(Run.idOf(actor).pidStage());
  }

  private static void enter(Run run, String file, long kind) {
    int descriptor = (int) run.call(Calls.open(file, Flags.O_RDONLY | Flags.O_CLOEXEC, 0)).value();
    boolean failed = run.attempt(Calls.setns(descriptor, kind)).failed();
    run.call(Calls.close(descriptor));
    if (failed) {
      run.fail();
    }
  }

  static Step sethostname(List<Word> words) {
    String name = Args.operands(words, 1, 1, "sethostname NAME").get(0);
    return run -> run.call(Calls.sethostname(name));
  }

  static Step setdomainname(List<Word> words) {
    String name = Args.operands(words, 1, 1, "setdomainname NAME").get(0);
    return run -> run.call(Calls.setdomainname(name));
  }

  static Step setuid(List<Word> words) {
    int id = Args.number(Args.operands(words, 1, 1, "setuid UID").get(0), "a user id");
    return run -> run.call(Calls.setuid(id));
  }

  static Step setgid(List<Word> words) {
    int id = Args.number(Args.operands(words, 1, 1, "setgid GID").get(0), "a group id");
    return run -> run.call(Calls.setgid(id));
  }

  /** {@code caps drop|raise all|CAP...}: permitted and effective together, by capset(2). */
  static Step caps(List<Word> words) {
    List<String> operands = Args.operands(words, 2, 99, "caps drop|raise all|CAPABILITY...");
    String verb = operands.get(0);
    if (!List.of("drop", "raise").contains(verb)) {
      throw Mistake.unknown("word", verb, List.of("drop", "raise"));
    }
    long named = 0;
    for (String name : operands.subList(1, operands.size())) {
      named |=
          name.equalsIgnoreCase("all")
              ? -1L
              : Capability.parse(name)
                  .orElseThrow(
                      () ->
                          Mistake.unknown(
                              "capability",
                              name,
                              Arrays.stream(Capability.values()).map(Enum::name).toList()))
                  .bit();
    }
    long set = named;
    return run -> {
      ProcStatus ids = ProcStatus.of(run.actor().pid()).orElseThrow();
      long effective = ids.capabilities("CapEff");
      long permitted = ids.capabilities("CapPrm");
      long inheritable = ids.capabilities("CapInh");
      run.call(
          verb.equals("drop")
              ? Calls.capset(effective & ~set, permitted & ~set, inheritable & ~set)
              : Calls.capset(effective | set, permitted | set, inheritable));
    };
  }
}
