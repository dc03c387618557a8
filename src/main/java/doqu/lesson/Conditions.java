package doqu.lesson;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.lesson.Condition.Look;
import doqu.lesson.Condition.Who;
import doqu.look.Files;
import doqu.observe.ActorId;
import doqu.observe.Life;
import doqu.observe.Mount;
import doqu.observe.OwnProc;
import doqu.observe.Snapshot;
import doqu.stage.Stage;
import doqu.step.Mistake;
import doqu.step.Notices;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of what a goal can ask for: one row is one condition a lesson may write. */
final class Conditions {
  private static final String WHO = "who";
  private static final String OWN = "own";
  private static final String CALL = "call";
  private static final String WITH = "with";
  private static final String NEEDED = "needed";
  private static final String FOREIGN = "foreign";
  private static final String ERRNO = "errno";
  private static final String NOTICE = "notice";

  /** What asks for a failure, unless it asks for none. */
  private static final Set<String> FAILURES = Set.of(ERRNO, NOTICE);

  /** What a mount can be found to be, in findmnt(8)'s words. */
  private static final Set<String> PROPAGATIONS =
      Set.of("private", "shared", "slave", "shared,slave", "unbindable");

  /**
   * A condition with the fields beside it.
   *
   * @param beside what else may stand there, {@code who} apart
   * @param ofActor whether it is about an actor
   */
  private record Row(Set<String> beside, boolean ofActor, Function<Written, Made> make) {}

  /** A condition as it is written: its own value, and the fields beside it. */
  private record Written(String word, Value value, Value.Fields fields) {
    String text() {
      return value.text();
    }
  }

  private record Made(String what, String expected, Look look) {}

  private static final Map<String, Row> ROWS = new LinkedHashMap<>();

  static {
    for (String fact : List.of("hostname", "domainname")) {
      actor(fact, w -> fact(fact, w.text()));
    }
    for (String fact : List.of("root", "cwd")) {
      actor(fact, w -> fact(fact, Terms.place(w.value)));
    }
    actor("own", w -> namespace(w, "its own"));
    actor("shared", w -> namespace(w, "the host's"));
    actor("children", Conditions::ofChildren);
    actor("proc", Conditions::proc);
    actor("pid", w -> new Made("PID inside", Terms.number(w.value), (scenery, who) -> pid(who)));
    actor(
        "uid",
        w -> new Made("uid", Terms.number(w.value), (scenery, who) -> id(scenery, who, "Uid")));
    actor(
        "gid",
        w -> new Made("gid", Terms.number(w.value), (scenery, who) -> id(scenery, who, "Gid")));
    actor("capable", w -> capability(w, "effective"));
    actor("incapable", w -> capability(w, "not effective"));
    actor("sees", w -> path(w, "there"));
    actor("misses", w -> path(w, "not there"));
    actor(
        "unmounted",
        w -> new Made("mounted on " + Terms.place(w.value), Mounted.NOTHING, mounted(w, false)));
    ROWS.put("mounted", new Row(Set.of("type"), true, Conditions::mount));
    ROWS.put("propagation", new Row(Set.of("at"), true, Conditions::propagation));
    stage(
        "alive",
        w -> new Made("actors alive", Terms.number(w.value), (s, who) -> "" + s.alive().size()));
    stage("zombies", w -> new Made("zombies", Terms.number(w.value), Conditions::zombies));
    stage("program", w -> new Made("programs that run", w.text(), Conditions::programs));
    stage(NOTICE, Conditions::notice);
    stage(
        "exited",
        w ->
            new Made(
                "exit status waited for",
                Terms.number(w.value),
                (s, who) -> LastStep.ended(s, LastStep.EXITED)));
    stage(
        "killed",
        w ->
            new Made(
                "signal waited for",
                Terms.signal(w.value),
                (s, who) -> LastStep.ended(s, LastStep.KILLED)));
    ROWS.put(ERRNO, new Row(Set.of(CALL, WITH, NEEDED), false, Conditions::errno));
    ROWS.put("called", new Row(Set.of(WITH), false, Conditions::called));
    stage(
        "taken",
        w -> new Made("last step taken by", Terms.name(w.value), (s, who) -> LastStep.taker(s)));
    ROWS.put("same", new Row(Set.of("as"), true, Conditions::same));
    actor("hidden", Conditions::hidden);
    stage("mounts", Conditions::hostMounts);
    stage("gone", Conditions::gone);
  }

  private Conditions() {}

  private static void actor(String name, Function<Written, Made> make) {
    ROWS.put(name, new Row(Set.of(), true, make));
  }

  private static void stage(String name, Function<Written, Made> make) {
    ROWS.put(name, new Row(Set.of(), false, make));
  }

  /**
   * The one that is written there.
   *
   * @throws Fault when it is none of the table's, or has a value that it cannot have
   */
  static Condition of(Value value) {
    Set<String> known = new HashSet<>(ROWS.keySet());
    ROWS.values().forEach(row -> known.addAll(row.beside));
    known.add(WHO);
    Value.Fields fields = value.fields(known);
    fields.tell();
    List<String> words = fields.all().keySet().stream().filter(ROWS::containsKey).toList();
    if (words.size() != 1) {
      throw value.fault(
          words.isEmpty()
              ? "no condition stands here: there are " + String.join(", ", ROWS.keySet())
              : "one condition at a time: here are " + String.join(", ", words));
    }
    String word = words.get(0);
    Row row = Objects.requireNonNull(ROWS.get(word));
    fields.all().keySet().stream()
        .filter(other -> !other.equals(word) && !row.beside.contains(other))
        .filter(other -> !row.ofActor || !other.equals(WHO))
        .findFirst()
        .ifPresent(
            other -> {
              throw value.fault("'" + other + "' has no meaning beside '" + word + "'");
            });
    Value its = Objects.requireNonNull(fields.all().get(word));
    Optional<Made> made = fields.faults().of(() -> row.make.apply(new Written(word, its, fields)));
    Optional<Who> who = fields.get(WHO, Terms::who);
    fields.tell();
    boolean fails = FAILURES.contains(word) && !made.orElseThrow().expected.equals(LastStep.NONE);
    return new Condition(
        made.orElseThrow().what,
        row.ofActor ? who.orElse(Who.of("")) : Who.NOBODY,
        made.orElseThrow().expected,
        fails,
        made.orElseThrow().look);
  }

  private static Made fact(String fact, String expected) {
    return new Made(fact, expected, (scenery, who) -> scenery.of(who).fact(fact));
  }

  private static Made notice(Written written) {
    if (!written.text().equals(LastStep.NONE) && !Notices.FAILURES.contains(written.text())) {
      throw written.value.unknown("silent failure", Notices.FAILURES);
    }
    return new Made("silent failures told", written.text(), (s, who) -> LastStep.notices(s));
  }

  private static Made namespace(Written written, String expected) {
    Namespace kind = Terms.namespace(written.value);
    return new Made(
        kind.file() + " namespace",
        expected,
        (scenery, who) -> scenery.stage().sharesWithHost(who, kind) ? "the host's" : "its own");
  }

  private static Made same(Written written) {
    Namespace kind = Terms.namespace(written.value);
    String other = written.fields.need("as", Terms::name).orElse("");
    return new Made(
        kind.file() + " namespace",
        "that of " + other,
        (scenery, who) ->
            scenery
                    .stage()
                    .named(other)
                    .filter(
                        one -> scenery.of(one).fact(kind.file()).equals(fact(scenery, who, kind)))
                    .isPresent()
                ? "that of " + other
                : "another");
  }

  private static String fact(Scenery scenery, Actor who, Namespace kind) {
    return scenery.of(who).fact(kind.file());
  }

  /** What the host has mounted at a path is nowhere in the actor's view. */
  private static Made hidden(Written written) {
    String path = Terms.place(written.value);
    return new Made(
        "the host's file system of " + path,
        Mounted.NOWHERE,
        (scenery, who) -> Mounted.whereTheHostsIs(path, scenery, who));
  }

  private static Made hostMounts(Written written) {
    if (!written.text().equals(Mounted.UNCHANGED)) {
      throw written.value.fault("the mounts of the host are '" + Mounted.UNCHANGED + "', or else");
    }
    return new Made(
        "mounts of the host", Mounted.UNCHANGED, (scenery, who) -> Mounted.onTheHost(scenery));
  }

  /** Who has ended, or is a program now, takes no step any more. */
  private static Made gone(Written written) {
    if (Terms.who(written.value).kind() != Who.Kind.NAMED) {
      throw written.value.fault("the name of an actor has to stand here");
    }
    return new Made(
        written.text(),
        "gone",
        (scenery, who) ->
            scenery.stage().actors().stream()
                    .anyMatch(one -> one.name().equals(written.text()) && Stage.canAct(one))
                ? "there"
                : "gone");
  }

  /** Until the first child is there its PID namespace has no number: the link leads nowhere. */
  private static Made ofChildren(Written written) {
    Namespace kind = Namespace.parse(written.text()).orElse(Namespace.UTS);
    if (kind != Namespace.PID && kind != Namespace.TIME) {
      throw written.value.fault("children are born into the namespace, except for pid and time");
    }
    return new Made(
        kind.file() + " namespace of the next child",
        "another",
        (scenery, who) -> {
          String own = "/proc/" + who.pid() + "/ns/" + kind.file();
          String its = Libc.readLink(own);
          boolean same = its != null && its.equals(Libc.readLink(own + "_for_children"));
          return same ? "the same" : "another";
        });
  }

  private static Made proc(Written written) {
    if (!List.of(OWN, FOREIGN).contains(written.text())) {
      throw written.value.fault("a /proc is '" + OWN + "' or '" + FOREIGN + "'");
    }
    return new Made("/proc", written.text(), (scenery, who) -> proc(scenery.of(who), who));
  }

  private static String proc(Snapshot seen, Actor who) {
    return OwnProc.of(who.pid())
        .flatMap(OwnProc::namespace)
        .map(shown -> shown.equals(seen.fact("pid")) ? OWN : FOREIGN)
        .orElse(LastStep.NONE);
  }

  private static String pid(Actor who) {
    return Integer.toString(ActorId.of(who).pidInside());
  }

  /** The effective one: of real, effective, saved and that of the file system. */
  private static String id(Scenery scenery, Actor who, String kind) {
    String[] ids = scenery.of(who).fact(kind).split(" ");
    return ids.length < 2 ? "unknown" : ids[1];
  }

  private static Made capability(Written written, String expected) {
    Capability capability = Terms.capability(written.value);
    return new Made(
        capability.name(),
        expected,
        (scenery, who) ->
            (scenery.of(who).ids().capabilities("CapEff") & capability.bit()) != 0
                ? "effective"
                : "not effective");
  }

  private static Made path(Written written, String expected) {
    String path = Terms.place(written.value);
    return new Made(
        path, expected, (scenery, who) -> isThere(who, scenery.here(path)) ? "there" : "not there");
  }

  private static boolean isThere(Actor who, String path) {
    if (!Stage.canAct(who) || who.pending() != null) {
      return false;
    }
    try {
      return Files.exists(who, path);
    } catch (Mistake | ActorGone e) {
      return false;
    }
  }

  private static Made mount(Written written) {
    String type = written.fields.text("type");
    return new Made(
        "mounted on " + Terms.place(written.value),
        type.isEmpty() ? Mounted.SOMETHING : type,
        mounted(written, !type.isEmpty()));
  }

  private static Look mounted(Written written, boolean type) {
    String point = written.text();
    return (scenery, who) -> Mounted.at(scenery.here(point), type, scenery, who);
  }

  private static Made propagation(Written written) {
    String point = written.fields.get("at", Terms::place).orElse("/");
    if (!PROPAGATIONS.contains(written.text())) {
      throw written.value.unknown("propagation", PROPAGATIONS);
    }
    return new Made(
        "propagation of " + point,
        written.text(),
        (scenery, who) ->
            scenery
                .of(who)
                .mounts()
                .at(scenery.here(point))
                .map(Mount::propagation)
                .orElse("no mount"));
  }

  private static String zombies(Scenery scenery, Actor who) {
    return Long.toString(
        scenery.stage().actors().stream().filter(actor -> Life.of(actor) == Life.ZOMBIE).count());
  }

  private static String programs(Scenery scenery, Actor who) {
    return orNone(
        scenery.alive().stream()
            .filter(Actor::runsProgram)
            .map(Conditions::command)
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static String command(Actor actor) {
    byte[] name = Libc.readFile("/proc/" + actor.pid() + "/comm");
    return name == null ? "?" : new String(name, StandardCharsets.UTF_8).strip();
  }

  private static String orNone(Set<String> words) {
    return words.isEmpty() ? LastStep.NONE : String.join(", ", words);
  }

  private static Made errno(Written written) {
    Errno errno = Terms.errno(written.value);
    List<Value> needed = written.fields.list(NEEDED, one -> one);
    if (!needed.isEmpty()) {
      written.fields.need(CALL, Terms::call);
    }
    String call = written.fields.get(CALL, Terms::call).orElse("");
    Failure asked = Failure.of(errno, call, written.fields.texts(WITH), needed);
    return new Made("last step", asked.says(), (scenery, who) -> asked.found(scenery));
  }

  private static Made called(Written written) {
    String call = Terms.call(written.value);
    List<String> with = written.fields.texts(WITH);
    return new Made(
        "last step",
        LastStep.success(call, with),
        (scenery, who) -> LastStep.call(scenery, call, with));
  }
}
