package doqu.lesson;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.kernel.Arch;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.kernel.Namespace;
import doqu.kernel.Signals;
import doqu.kernel.Syscalls;
import doqu.lesson.Condition.Look;
import doqu.lesson.Condition.Who;
import doqu.look.Files;
import doqu.observe.ActorId;
import doqu.observe.Life;
import doqu.observe.Mount;
import doqu.observe.OwnProc;
import doqu.observe.Snapshot;
import doqu.stage.Stage;
import doqu.step.ActorName;
import doqu.step.Mistake;
import doqu.step.Notices;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of what a goal can ask for: one row is one condition a lesson may write. */
final class Conditions {
  private static final String WHO = "who";
  private static final String NOTHING = "nothing";
  private static final String SOMETHING = "something";
  private static final String NOWHERE = "nowhere";
  private static final String OWN = "own";
  private static final String CALL = "call";
  private static final String WITH = "with";
  private static final String NEEDED = "needed";
  private static final String UNCHANGED = "unchanged";
  private static final String FOREIGN = "foreign";
  private static final String ERRNO = "errno";
  private static final String NOTICE = "notice";

  /** What asks for a failure, unless it asks for none. */
  private static final Set<String> FAILURES = Set.of(ERRNO, NOTICE);

  /** What a mount can be found to be, in findmnt(8)'s words. */
  private static final Set<String> PROPAGATIONS =
      Set.of("private", "shared", "slave", "shared,slave", "unbindable");

  /** What is no name in a path that a stage has a place for. */
  private static final Pattern OTHER_NAME = Pattern.compile("\\$(?!ROOTFS(?!\\w))\\w*");

  private static final Set<String> CALLS =
      Arrays.stream(Arch.values())
          .flatMap(arch -> Syscalls.on(arch).names().stream())
          .collect(Collectors.toUnmodifiableSet());

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
      actor(fact, w -> fact(fact, place(w.value)));
    }
    actor("own", w -> namespace(w, "its own"));
    actor("shared", w -> namespace(w, "the host's"));
    actor("children", Conditions::ofChildren);
    actor("proc", Conditions::proc);
    actor("pid", w -> new Made("PID inside", number(w), (scenery, who) -> pid(who)));
    actor("uid", w -> new Made("uid", number(w), (scenery, who) -> id(scenery, who, "Uid")));
    actor("gid", w -> new Made("gid", number(w), (scenery, who) -> id(scenery, who, "Gid")));
    actor("capable", w -> capability(w, "effective"));
    actor("incapable", w -> capability(w, "not effective"));
    actor("sees", w -> path(w, "there"));
    actor("misses", w -> path(w, "not there"));
    actor("unmounted", w -> new Made("mounted on " + place(w.value), NOTHING, mounted(w, false)));
    ROWS.put("mounted", new Row(Set.of("type"), true, Conditions::mount));
    ROWS.put("propagation", new Row(Set.of("at"), true, Conditions::propagation));
    stage("alive", w -> new Made("actors alive", number(w), (s, who) -> "" + s.alive().size()));
    stage("zombies", w -> new Made("zombies", number(w), Conditions::zombies));
    stage("program", w -> new Made("programs that run", w.text(), Conditions::programs));
    stage(NOTICE, Conditions::notice);
    stage(
        "exited",
        w ->
            new Made(
                "exit status waited for",
                number(w),
                (s, who) -> LastStep.ended(s, LastStep.EXITED)));
    stage(
        "killed",
        w ->
            new Made(
                "signal waited for",
                signal(w.value),
                (s, who) -> LastStep.ended(s, LastStep.KILLED)));
    ROWS.put(ERRNO, new Row(Set.of(CALL, WITH, NEEDED), false, Conditions::errno));
    ROWS.put("called", new Row(Set.of(WITH), false, Conditions::called));
    stage(
        "taken", w -> new Made("last step taken by", name(w.value), (s, who) -> LastStep.taker(s)));
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
    Optional<Who> who = fields.get(WHO, Conditions::who);
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

  private static Who who(Value value) {
    if (!value.text().matches("[a-z][a-z0-9_-]*")) {
      throw value.fault("'" + value.text() + "' is nobody: who is one, focus, host or an actor");
    }
    return Who.of(value.text());
  }

  /** One that an actor may have: a relation or the host is none. */
  private static String name(Value value) {
    Who who = who(value);
    if (who.kind() != Who.Kind.NAMED || who.name().equals(ActorName.PARENT)) {
      throw value.fault("'" + value.text() + "' is the name of no actor");
    }
    return who.name();
  }

  private static String number(Written written) {
    int number = written.value.number();
    if (number < 0) {
      throw written.value.fault("'" + number + "' is never found: it is less than 0");
    }
    return Integer.toString(number);
  }

  /** A path that an actor can have there. */
  private static String place(Value value) {
    Matcher other = OTHER_NAME.matcher(value.text());
    if (value.text().isEmpty()) {
      throw value.fault("a path has to stand here");
    }
    if (other.find()) {
      throw value.fault("'" + other.group() + "' has no meaning in a path, only $ROOTFS has");
    }
    return value.text();
  }

  private static String call(Value value) {
    if (!CALLS.contains(value.text())) {
      throw value.unknown("system call", CALLS);
    }
    return value.text();
  }

  /** As wait4(2) is printed: with its whole name. */
  private static String signal(Value value) {
    if (value.text().equals(LastStep.NONE)) {
      return LastStep.NONE;
    }
    OptionalInt signal = Signals.parse(value.text());
    if (signal.isEmpty()) {
      throw value.fault("'" + value.text() + "' is no signal");
    }
    return Signals.name(signal.getAsInt());
  }

  private static Made notice(Written written) {
    if (!written.text().equals(LastStep.NONE) && !Notices.FAILURES.contains(written.text())) {
      throw written.value.unknown("silent failure", Notices.FAILURES);
    }
    return new Made("silent failures told", written.text(), (s, who) -> LastStep.notices(s));
  }

  private static Made namespace(Written written, String expected) {
    Namespace kind =
        Namespace.parse(written.text())
            .orElseThrow(() -> written.value.fault("'" + written.text() + "' is no namespace"));
    return new Made(
        kind.file() + " namespace",
        expected,
        (scenery, who) -> scenery.stage().sharesWithHost(who, kind) ? "the host's" : "its own");
  }

  private static Made same(Written written) {
    Namespace kind =
        Namespace.parse(written.text())
            .orElseThrow(() -> written.value.fault("'" + written.text() + "' is no namespace"));
    String other = written.fields.need("as", Conditions::name).orElse("");
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
    String path = place(written.value);
    return new Made(
        "the host's file system of " + path,
        NOWHERE,
        (scenery, who) ->
            scenery.of(scenery.stage().init()).mounts().at(path).stream()
                .flatMap(
                    hosts ->
                        scenery.of(who).mounts().list().stream()
                            .filter(one -> one.device().equals(hosts.device())))
                .map(Mount::point)
                .findFirst()
                .orElse(NOWHERE));
  }

  private static Made hostMounts(Written written) {
    if (!written.text().equals(UNCHANGED)) {
      throw written.value.fault("the mounts of the host are '" + UNCHANGED + "', or else");
    }
    return new Made(
        "mounts of the host",
        UNCHANGED,
        (scenery, who) -> {
          List<Mount> were = scenery.hostMountsAtFirst().list();
          List<Mount> are = scenery.of(scenery.stage().init()).mounts().list();
          return added(were, are)
              .map(point -> "one more on " + point)
              .or(() -> added(are, were).map(point -> "one less on " + point))
              .orElse(UNCHANGED);
        });
  }

  /** Where more is mounted than there was: the same may be there twice, one upon the other. */
  private static Optional<String> added(List<Mount> were, List<Mount> are) {
    return are.stream()
        .filter(one -> alike(one, are) > alike(one, were))
        .map(Mount::point)
        .findFirst();
  }

  /** How many show the same at the same place; what they are shared with may differ. */
  private static long alike(Mount one, List<Mount> mounts) {
    return mounts.stream()
        .filter(other -> other.point().equals(one.point()))
        .filter(other -> other.device().equals(one.device()) && other.root().equals(one.root()))
        .count();
  }

  /** Who has ended, or is a program now, takes no step any more. */
  private static Made gone(Written written) {
    if (who(written.value).kind() != Who.Kind.NAMED) {
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
    Capability capability =
        Capability.parse(written.text())
            .orElseThrow(() -> written.value.fault("'" + written.text() + "' is no capability"));
    return new Made(
        capability.name(),
        expected,
        (scenery, who) ->
            (scenery.of(who).ids().capabilities("CapEff") & capability.bit()) != 0
                ? "effective"
                : "not effective");
  }

  private static Made path(Written written, String expected) {
    String path = place(written.value);
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
        "mounted on " + place(written.value),
        type.isEmpty() ? SOMETHING : type,
        mounted(written, !type.isEmpty()));
  }

  private static Look mounted(Written written, boolean type) {
    String point = written.text();
    return (scenery, who) ->
        scenery
            .of(who)
            .mounts()
            .at(scenery.here(point))
            .map(mount -> type ? mount.type() : SOMETHING)
            .orElse(NOTHING);
  }

  private static Made propagation(Written written) {
    String point = written.fields.get("at", Conditions::place).orElse("/");
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
    Errno errno =
        Errno.parse(written.text())
            .orElseThrow(() -> written.value.fault("'" + written.text() + "' is no errno"));
    List<Value> needed = written.fields.list(NEEDED, one -> one);
    if (!needed.isEmpty()) {
      written.fields.need(CALL, Conditions::call);
    }
    String call = written.fields.get(CALL, Conditions::call).orElse("");
    Failure asked = Failure.of(errno, call, written.fields.texts(WITH), needed);
    return new Made("last step", asked.says(), (scenery, who) -> asked.found(scenery));
  }

  private static Made called(Written written) {
    String call = call(written.value);
    List<String> with = written.fields.texts(WITH);
    return new Made(
        "last step",
        LastStep.success(call, with),
        (scenery, who) -> LastStep.call(scenery, call, with));
  }
}
