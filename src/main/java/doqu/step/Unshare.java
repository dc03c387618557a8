package doqu.step;

import doqu.actor.Calls;
import doqu.kernel.Flags;
import doqu.observe.ProcStatus;
import doqu.stage.UserNamespace;

/**
 * {@code unshare NAMESPACE... [--no-map]}: leaves namespaces for new ones of its own; in a new user
 * namespace the actor then becomes root, as {@code unshare -r} does.
 *
 * @param map whether to write the three files that map the ids
 */
record Unshare(long flags, boolean map) implements Step {
  static Unshare parse(Args args) {
    long flags = 0;
    for (String kind : args.operands()) {
      flags |= NamespaceWords.flags(kind);
    }
    return new Unshare(flags, !args.has("--no-map"));
  }

  @Override
  public void run(Run run) {
    int pid = run.actor().pid();
    // Who it is can be asked for only before: afterwards it is nobody, until the maps are written.
    ProcStatus before = ProcStatus.of(pid).orElseThrow();
    UserNamespace ids = UserNamespace.of(pid);
    long user = ids.users().inside(before.id("Uid"));
    long group = ids.groups().inside(before.id("Gid"));
    run.call(Calls.unshare(flags));
    if (map && (flags & Flags.CLONE_NEWUSER) != 0) {
      run.write("/proc/self/setgroups", "deny");
      run.write("/proc/self/uid_map", "0 " + user + " 1");
      run.write("/proc/self/gid_map", "0 " + group + " 1");
    }
  }
}
