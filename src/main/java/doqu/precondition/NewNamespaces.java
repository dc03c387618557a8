package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.kernel.Namespace;
import doqu.observe.Mount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What unshare(2), and clone(2) with its flags, need; in the order of kernel/fork.c. */
final class NewNamespaces {
  /** A limit of fewer digits is one that somebody has set, and that may be reached. */
  private static final int FEW = 3;

  static final long ALL =
      Arrays.stream(Namespace.values()).mapToLong(Namespace::flag).reduce(0, (a, b) -> a | b);

  /** Flags unshare(2) takes besides: they change nothing for a process with one thread. */
  private static final long OTHERS = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000;

  /** In which the kernel makes them. */
  static final List<Namespace> ORDER =
      List.of(
          Namespace.MNT,
          Namespace.UTS,
          Namespace.IPC,
          Namespace.PID,
          Namespace.CGROUP,
          Namespace.NET,
          Namespace.TIME);

  private NewNamespaces() {}

  static List<Precondition> unshare() {
    List<Precondition> all = new ArrayList<>();
    all.add(
        Precondition.of(Errno.EINVAL, "the flags are ones unshare knows", NewNamespaces::known));
    all.addAll(of());
    return all;
  }

  /** Of every call that makes namespaces by the flags that are its first argument. */
  static List<Precondition> of() {
    Predicate<Call> user = makes(Namespace.USER);
    List<Precondition> all = new ArrayList<>();
    all.add(limit(Namespace.USER));
    all.add(
        Precondition.of(
                Errno.EPERM,
                "who makes a user namespace is not in a chroot",
                NewNamespaces::notChrooted)
            .when(user));
    all.add(
        Precondition.of(
                Errno.EPERM,
                "who makes a user namespace has ids in the one around it",
                NewNamespaces::mapped)
            .when(user));
    all.add(
        Precondition.of(
                Errno.EPERM,
                "CAP_SYS_ADMIN in its user namespace",
                (now, call) -> Privilege.own(now, Capability.CAP_SYS_ADMIN))
            .when(call -> (call.number(0) & ALL & ~Flags.CLONE_NEWUSER) != 0 && !user.test(call)));
    for (Namespace kind : ORDER) {
      if (kind == Namespace.PID) {
        all.add(
            Precondition.of(
                    Errno.EINVAL,
                    "its children go to its own PID namespace so far",
                    NewNamespaces::noneYet)
                .when(makes(kind)));
      }
      all.add(limit(kind));
    }
    return all;
  }

  private static Predicate<Call> makes(Namespace kind) {
    return call -> (call.number(0) & kind.flag()) != 0;
  }

  private static Verdict known(Situation now, Call call) {
    long unknown = call.number(0) & ~(ALL | OTHERS);
    return Verdict.of(
        unknown == 0,
        Errno.EINVAL,
        unknown == 0
            ? Flags.CLONE.show(call.number(0))
            : "0x" + Long.toHexString(unknown) + " is none",
        "");
  }

  private static Precondition limit(Namespace kind) {
    String file = "/proc/sys/user/max_" + kind.file() + "_namespaces";
    return Precondition.of(
            Errno.ENOSPC,
            "there may be one more " + kind.file() + " namespace",
            (now, call) -> belowLimit(now, file))
        .when(makes(kind));
  }

  /** A new one counts in its user namespace and in all around that (kernel/ucount.c). */
  private static Verdict belowLimit(Situation now, String file) {
    String own = now.namespace(Namespace.USER);
    List<String> read = new ArrayList<>();
    String unread = "";
    for (String namespace : now.userNamespaces()) {
      Optional<String> most = now.readIn(namespace, file).map(String::strip);
      String where = namespace.equals(own) ? file : file + " in " + namespace + ", around its own,";
      if (most.filter("0"::equals).isPresent()) {
        return Verdict.broken(
            Errno.ENOSPC, where + " is 0", namespace.equals(own) ? "write " + file + " 100" : "");
      }
      if (most.isEmpty()) {
        unread = "nobody is in sight who could read " + where;
      } else if (most.get().length() < FEW) {
        unread = where + " is " + most.get() + ", and how many there are the kernel tells nobody";
      }
      most.ifPresent(number -> read.add(where + " is " + number));
    }
    return unread.isEmpty() ? Verdict.holds(String.join("; ", read)) : Verdict.unknown(unread);
  }

  /** Its root is the mount in sight at the root of its mount namespace, and all of that. */
  private static Verdict notChrooted(Situation now, Call call) {
    String root = now.link("root");
    if (!root.equals("/")) {
      return Verdict.broken(Errno.EPERM, "its root is " + root, "");
    }
    long number = now.files().place("/").mount();
    Optional<Mount> mount = now.mounts().numbered(number);
    if (mount.isEmpty()) {
      return Verdict.broken(
          Errno.EPERM, "its root is mount " + number + ", which is mounted nowhere any more", "");
    }
    return now.mounts()
        .over(mount.get())
        .map(
            over ->
                Verdict.broken(
                    Errno.EPERM,
                    "over its root, mount " + number + ", lies mount " + over.id(),
                    ""))
        .orElse(Verdict.holds("its root is " + root));
  }

  private static Verdict mapped(Situation now, Call call) {
    boolean has = now.isMapped();
    return Verdict.of(
        has,
        Errno.EPERM,
        has ? "uid_map and gid_map have them" : "uid_map or gid_map has none for it",
        IdMapFiles.mendWithout(now));
  }

  private static Verdict noneYet(Situation now, Call call) {
    String own = now.namespace("pid");
    String childrens = now.namespace("pid_for_children");
    return Verdict.of(
        own.equals(childrens),
        Errno.EINVAL,
        "ns/pid is " + own + ", ns/pid_for_children " + (childrens.isEmpty() ? "empty" : childrens),
        "fork; switch child");
  }
}
