package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.stage.IdMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/** What setuid(2), setgid(2) and capset(2) need; in the order of kernel/sys.c and capability.c. */
final class Identities {
  private Identities() {}

  static List<Precondition> setuid() {
    return set("uid", "Uid", Capability.CAP_SETUID);
  }

  static List<Precondition> setgid() {
    return set("gid", "Gid", Capability.CAP_SETGID);
  }

  private static List<Precondition> set(String word, String field, Capability capability) {
    return List.of(
        Precondition.of(
            Errno.EINVAL,
            "the " + word + " is one its user namespace has",
            (now, call) -> {
              IdMap map = word.equals("uid") ? now.ids().users() : now.ids().groups();
              long id = Integer.toUnsignedLong((int) call.number(0));
              boolean has = map.outside(id) >= 0;
              return Verdict.of(
                  has,
                  Errno.EINVAL,
                  word + "_map has " + map.inside() + (has ? "" : ", not " + id),
                  "");
            }),
        Precondition.of(
            Errno.EPERM,
            capability + " in its user namespace, or it is its own real or saved " + word,
            (now, call) -> {
              IdMap map = word.equals("uid") ? now.ids().users() : now.ids().groups();
              long wanted = map.outside(Integer.toUnsignedLong((int) call.number(0)));
              String[] ids = now.status().get(field).split("\\s+", -1);
              boolean own = Long.parseLong(ids[0]) == wanted || Long.parseLong(ids[2]) == wanted;
              return own ? Verdict.holds("it is its own") : Privilege.own(now, capability);
            }));
  }

  static List<Precondition> fchownat() {
    return List.of(
        Paths.leads(1, "the path"),
        Precondition.of(
            Errno.EINVAL,
            "the ids are ones its user namespace has",
            (now, call) -> {
              boolean user = has(now.ids().users(), call.number(2));
              boolean has = user && has(now.ids().groups(), call.number(3));
              return Verdict.of(
                  has,
                  Errno.EINVAL,
                  has
                      ? "uid_map and gid_map have them"
                      : user
                          ? "gid_map has no " + call.number(3)
                          : "uid_map has no " + call.number(2),
                  "");
            }),
        Precondition.of(
            Errno.EPERM,
            "CAP_CHOWN in its user namespace, or it is the owner and stays so",
            Identities::mayGive));
  }

  private static Verdict mayGive(Situation now, Call call) {
    Optional<Place> place = Paths.existing(now, call, 1);
    long uid = now.ids().users().inside(now.status().id("Uid"));
    long gid = now.ids().groups().inside(now.status().id("Gid"));
    boolean owner =
        place.filter(one -> one.uid() == uid).isPresent()
            && ((int) call.number(2) == -1 || call.number(2) == uid)
            && ((int) call.number(3) == -1 || call.number(3) == gid);
    return owner ? Verdict.holds("it is") : Privilege.own(now, Capability.CAP_CHOWN);
  }

  /** Whether a map has an id; -1 says that it stays. */
  private static boolean has(IdMap map, long id) {
    return (int) id == -1 || map.outside(Integer.toUnsignedLong((int) id)) >= 0;
  }

  static List<Precondition> capset() {
    return List.of(
        Precondition.of(
            Errno.EPERM,
            "what becomes permitted has been so",
            (now, call) -> subset(now, set(call, 1), "CapPrm")),
        Precondition.of(
            Errno.EPERM,
            "what becomes effective is permitted then",
            (now, call) ->
                Verdict.of(
                    (set(call, 0) & ~set(call, 1)) == 0,
                    Errno.EPERM,
                    "permitted are to be " + Long.toHexString(set(call, 1)),
                    "")));
  }

  private static Verdict subset(Situation now, long wanted, String field) {
    long has = now.status().capabilities(field);
    return Verdict.of(
        (wanted & ~has) == 0,
        Errno.EPERM,
        field
            + " is "
            + now.status().get(field)
            + ((wanted & ~has) == 0
                ? ""
                : ", without "
                    + Capability.show(wanted & ~has).replace("1<<", "").replace("|", ", ")),
        "");
  }

  /** One of the sets of struct __user_cap_data_struct, of which there are two halves. */
  private static long set(Call call, int which) {
    ByteBuffer data = ByteBuffer.wrap(call.args().get(1).block()).order(ByteOrder.LITTLE_ENDIAN);
    return data.capacity() < 24
        ? 0
        : Integer.toUnsignedLong(data.getInt(which * 4))
            | Integer.toUnsignedLong(data.getInt(12 + which * 4)) << 32;
  }
}
