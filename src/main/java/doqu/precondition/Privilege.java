package doqu.precondition;

import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Namespace;
import java.util.List;
import java.util.Locale;

/**
 * Capabilities as the kernel asks for them: over the user namespace that owns what is to be changed
 * (user_namespaces(7), security/commoncap.c).
 */
final class Privilege {
  private Privilege() {}

  /** In its own user namespace. */
  static Verdict own(Situation now, Capability capability) {
    return now.has(capability) ? Verdict.holds("CapEff has " + capability) : lacks(now, capability);
  }

  private static Verdict lacks(Situation now, Capability capability) {
    boolean permitted = (now.status().capabilities("CapPrm") & capability.bit()) != 0;
    String word = capability.name().substring("CAP_".length()).toLowerCase(Locale.ROOT);
    return Verdict.broken(
        Errno.EPERM,
        "CapEff is " + now.status().get("CapEff") + ", without " + capability,
        permitted ? "caps raise " + word : "");
  }

  /**
   * Over what belongs to the owner of a file, who is another: who has no id in a user namespace is
   * no one its capabilities are over (privileged_wrt_inode_uidgid() of kernel/capability.c).
   */
  static Verdict overForeign(Situation now, Capability capability, Place place) {
    boolean mapped =
        now.ids().users().hasOutside(now.owner(place)) && now.ids().groups().has(place.gid());
    Verdict own = own(now, capability);
    return mapped && !own.isBroken()
        ? own
        : Verdict.broken(
            Errno.EPERM,
            "'"
                + place.path()
                + "' has "
                + place.permissions()
                + "; its uid is "
                + now.ids().users().inside(now.status().id("Uid"))
                + ", and "
                + (mapped ? own.evidence() : "a capability counts for ids of its maps only"),
            mapped ? own.mend() : "");
  }

  /**
   * Over the owner of one of its own namespaces.
   *
   * @param mend gives it one that it owns itself
   */
  static Verdict over(Situation now, Capability capability, Namespace kind, String mend) {
    return over(
        now,
        capability,
        UserNs.owning(now.namespaceFile(kind.file())),
        "its " + now.namespace(kind),
        mend);
  }

  /**
   * Over a user namespace.
   *
   * @param chain that namespace and those around it
   * @param what belongs to it
   */
  static Verdict over(
      Situation now, Capability capability, List<UserNs> chain, String what, String mend) {
    if (chain.isEmpty()) {
      return Verdict.unknown("doqu may not ask who owns " + what);
    }
    String own = now.namespace(Namespace.USER);
    for (int i = 0; i < chain.size(); i++) {
      if (chain.get(i).link().equals(own)) {
        return own(now, capability);
      }
      boolean itsChild = i + 1 < chain.size() && chain.get(i + 1).link().equals(own);
      if (itsChild && chain.get(i).owner() == now.status().id("Uid")) {
        return Verdict.holds("it made " + chain.get(i).link() + ", which owns " + what);
      }
    }
    return Verdict.broken(
        Errno.EPERM,
        what
            + (what.equals(chain.get(0).link())
                ? " is outside"
                : " belongs to " + chain.get(0).link())
            + "; it is in "
            + own
            + ", and capabilities count there and in what is made there only",
        mend);
  }
}
