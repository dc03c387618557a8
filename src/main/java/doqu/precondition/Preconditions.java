package doqu.precondition;

import doqu.actor.Actor;
import doqu.actor.ActorGone;
import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.stage.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The table: what each system call needs that has a step, in the order in which the kernel checks
 * it. To add one, write it where its call has its list; everything that explains reads it here.
 */
public final class Preconditions {
  static final Precondition NOBODY_FORBIDS =
      new Precondition(
          "no seccomp filter and no security module forbids it",
          List.of(Errno.EPERM, Errno.EACCES, Errno.ENOSYS),
          (now, call) -> nobodyForbids(now));

  /** The same where nothing else is left. It is no cause found: nothing was read that says so. */
  private static final Precondition NOBODY_FORBIDS_SILENTLY =
      new Precondition(
          NOBODY_FORBIDS.needs(),
          List.of(),
          (now, call) ->
              Verdict.unknown(
                  nobodyForbids(now).evidence()
                      + "; of others, as Landlock, the kernel tells nobody"));

  /** Of every call that may be blocked (signal(7)). */
  private static final Precondition NO_SIGNAL =
      Precondition.of(
          Errno.EINTR, "no signal comes while it is blocked", (now, call) -> noSignal(now));

  /** Nothing keeps a process from ending. */
  private static final Set<String> NEEDS_NOTHING = Set.of("exit_group", "exit");

  private static final Set<Errno> PERMISSION = EnumSet.of(Errno.EPERM, Errno.EACCES);

  private static final Map<String, List<Precondition>> OF =
      Map.ofEntries(
          Map.entry("fork", Processes.fork()),
          Map.entry("clone", Processes.cloned()),
          Map.entry("wait4", Processes.wait4()),
          Map.entry("kill", Processes.kill()),
          Map.entry("execve", Executing.execve()),
          Map.entry("unshare", NewNamespaces.unshare()),
          Map.entry("setns", EnteredNamespaces.setns()),
          Map.entry("sethostname", Names.set()),
          Map.entry("setdomainname", Names.set()),
          Map.entry("mount", Mounting.all()),
          Map.entry("umount2", Unmounting.all()),
          Map.entry("pivot_root", PivotRoot.all()),
          Map.entry("chroot", Directories.chroot()),
          Map.entry("chdir", Directories.chdir()),
          Map.entry("mkdir", Directories.mkdir(0)),
          Map.entry("mkdirat", AtDescriptor.orHere(1, Directories.mkdir(1))),
          Map.entry("rmdir", Directories.rmdir(0)),
          Map.entry("unlinkat", AtDescriptor.orHere(1, Directories.unlinkat())),
          Map.entry("setuid", Identities.setuid()),
          Map.entry("setgid", Identities.setgid()),
          Map.entry("fchownat", AtDescriptor.orHere(1, Identities.FLAGS, Identities.fchownat())),
          Map.entry("capset", Identities.capset()),
          Map.entry("openat", AtDescriptor.orHere(1, Opening.openat())),
          Map.entry("write", OpenedFiles.write()),
          Map.entry("close", OpenedFiles.close()));

  private Preconditions() {}

  /** The calls that have some. */
  public static Set<String> calls() {
    return OF.keySet();
  }

  /** Whether doqu knows what a call needs; every call has one that a step makes. */
  public static boolean knows(String call) {
    return OF.containsKey(call) || NEEDS_NOTHING.contains(call);
  }

  /** Those of a call in the kernel's order; empty: doqu has none of it. */
  public static List<Precondition> of(String call) {
    List<Precondition> all = new ArrayList<>(OF.getOrDefault(call, List.of()));
    if (!all.isEmpty()) {
      all.add(NOBODY_FORBIDS);
    }
    return all;
  }

  /** What a call needs by way of permission, in words: capabilities, users, modes of files. */
  public static List<String> permissions(String call) {
    return OF.getOrDefault(call, List.of()).stream()
        .filter(one -> PERMISSION.contains(one.errnos().get(0)))
        .map(Precondition::needs)
        .toList();
  }

  /**
   * A precondition, and how it stands.
   *
   * @param precondition what the call needs
   * @param verdict whether that holds
   */
  public record Checked(Precondition precondition, Verdict verdict) {}

  /**
   * Checks all of a call that an actor would make now. Nothing changes by that.
   *
   * @throws doqu.actor.ActorGone when it is gone
   */
  public static List<Checked> check(Stage stage, Actor actor, Call call) {
    return check(new Situation(stage, actor), call);
  }

  /** The same of a call that has failed; only of that can be said whether something ended it. */
  static List<Checked> checkFailed(Stage stage, Actor actor, Call call, int errno) {
    Situation now = new Situation(stage, actor);
    List<Checked> all = check(now, call);
    Errno why = Errno.of(errno).orElse(Errno.ENOSYS);
    if (PERMISSION.contains(why) && all.stream().noneMatch(one -> mayExplain(one, why))) {
      now.leavesUnexplained();
    }
    if (now.isUnexplained()) {
      all.replaceAll(
          one ->
              one.precondition().equals(NOBODY_FORBIDS) && !one.verdict().isUnknown()
                  ? new Checked(
                      NOBODY_FORBIDS_SILENTLY, verdict(NOBODY_FORBIDS_SILENTLY, now, call))
                  : one);
    }
    if (errno == Errno.EINTR.number()) {
      all.add(new Checked(NO_SIGNAL, verdict(NO_SIGNAL, now, call)));
    }
    return all;
  }

  private static boolean mayExplain(Checked one, Errno errno) {
    return one.verdict().isBroken()
        ? one.verdict().errno() == errno
        : one.verdict().isUnknown() && one.precondition().errnos().contains(errno);
  }

  static List<Checked> check(Situation now, Call call) {
    return check(now, call, of(call.name()));
  }

  /**
   * Checks what can be of a call that comes after another of the same step, which will have changed
   * where the actor stands.
   */
  static List<Checked> checkAfter(Situation now, Call call) {
    if (!now.isToUnshareUser()) {
      return List.of();
    }
    return switch (call.name()) {
      case "openat" -> check(now, call, List.of(Opening.LEADS, Opening.OWN_FILES));
      case "write" -> check(now, call, List.of(IdMapFiles.COULD_SETFCAP));
      default -> List.of();
    };
  }

  private static List<Checked> check(Situation now, Call call, List<Precondition> preconditions) {
    List<Checked> all = new ArrayList<>();
    for (Precondition precondition : preconditions) {
      Verdict verdict = verdict(precondition, now, call);
      if (verdict.state() != Verdict.State.NOT_NEEDED) {
        all.add(new Checked(precondition, verdict));
      }
    }
    return all;
  }

  /** An explanation that fails must not cost the learner the failure it was to explain. */
  private static Verdict verdict(Precondition precondition, Situation now, Call call) {
    try {
      return precondition.check().of(now, call);
    } catch (ActorGone e) {
      throw e;
    } catch (RuntimeException e) {
      return Verdict.unknown("doqu could not find out: " + e);
    }
  }

  private static Verdict noSignal(Situation now) {
    return now.actor().wasInterrupted()
        ? Verdict.broken(
            Errno.EINTR, "Ctrl-C came: doqu sent it SIGURG, and its handler ended the call", "")
        : Verdict.unknown(
            "a signal came that it has a handler for: SigCgt is "
                + now.status().get("SigCgt")
                + " in /proc/PID/status, and who sent it the kernel tells nobody");
  }

  private static Verdict nobodyForbids(Situation now) {
    String seccomp = now.status().get("Seccomp");
    byte[] label = Libc.readFile("/proc/" + now.actor().pid() + "/attr/current");
    String profile =
        new String(Objects.requireNonNullElse(label, new byte[0]), StandardCharsets.UTF_8)
            .replace("\0", "")
            .strip();
    if (seccomp.equals("2")) {
      return Verdict.unknown("Seccomp is 2 in /proc/PID/status: there is a filter");
    }
    return profile.isEmpty() || profile.startsWith("unconfined")
        ? Verdict.holds("Seccomp is " + seccomp + ", and there is no profile")
        : Verdict.unknown("/proc/PID/attr/current is " + profile);
  }
}
