package doqu.precondition;

import doqu.actor.Call;
import doqu.kernel.Capability;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.stage.IdMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What setuid(2), setgid(2) and capset(2) need; in the order of kernel/sys.c and capability.c. */
final class Identities {
  /** Which argument of fchownat(2) has its flags. */
  static final int FLAGS = 4;

  private static final long AT_SYMLINK_NOFOLLOW = 0x100;
  private static final long KNOWN = AT_SYMLINK_NOFOLLOW | Flags.AT_EMPTY_PATH;

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
    Precondition leads = Paths.leads(1, "the path");
    return List.of(
        Precondition.of(
            Errno.EINVAL,
            "the flags are ones fchownat knows",
            (now, call) ->
                Verdict.of(
                    (call.number(FLAGS) & ~KNOWN) == 0,
                    Errno.EINVAL,
                    Flags.AT.show(call.number(FLAGS)),
                    "")),
        new Precondition(
            leads.needs(),
            leads.errnos(),
            (now, call) ->
                given(now, call).isPresent()
                    ? Verdict.holds("statx finds it")
                    : leads.check().of(now, call)),
        Precondition.of(
            Errno.EROFS,
            "the mount it lies on is not read-only",
            (now, call) ->
                given(now, call)
                    .map(place -> Entries.writable(now, place))
                    .orElse(Verdict.notNeeded())),
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

  /** What is to belong to somebody else: a symbolic link itself only when that is said. */
  private static Optional<Place> given(Situation now, Call call) {
    return (call.number(FLAGS) & AT_SYMLINK_NOFOLLOW) != 0
        ? call.text(1).map(now.files()::itself).filter(Place::exists)
        : Paths.existing(now, call, 1);
  }

  /** chown_ok() and chgrp_ok() of fs/attr.c. */
  private static Verdict mayGive(Situation now, Call call) {
    Optional<Place> place = given(now, call);
    if (place.isEmpty()) {
      return Verdict.notNeeded();
    }
    if (stays(call, 2) && stays(call, 3)) {
      return Verdict.holds("nobody else is to be the owner");
    }
    boolean stays =
        isOwner(now, place.get())
            && (stays(call, 2) || call.number(2) == place.get().uid())
            && (stays(call, 3)
                || call.number(3) == place.get().gid()
                || groups(now).anyMatch(group -> group == call.number(3)));
    return stays
        ? Verdict.holds("it is")
        : Privilege.overForeign(now, Capability.CAP_CHOWN, place.get());
  }

  private static boolean stays(Call call, int argument) {
    return (int) call.number(argument) == -1;
  }

  /** All groups it is in, as it has them. */
  private static LongStream groups(Situation now) {
    String others = now.status().get("Groups").strip();
    return LongStream.concat(
            LongStream.of(now.status().id("Gid")),
            Stream.of(others.split("\\s+", -1))
                .filter(group -> !group.isEmpty())
                .mapToLong(Long::parseLong))
        .map(now.ids().groups()::inside);
  }

  /** Whether a file is that of the actor. */
  static boolean isOwner(Situation now, Place place) {
    return now.owner(place) == now.status().id("Uid");
  }

  /** inode_owner_or_capable() of fs/inode.c: a capability counts for owners it has an id for. */
  static Verdict ownerOrCapable(Situation now, Place place) {
    if (isOwner(now, place)) {
      return Verdict.holds("it is");
    }
    return now.ids().users().hasOutside(now.owner(place))
        ? Privilege.own(now, Capability.CAP_FOWNER)
        : Verdict.broken(
            Errno.EPERM,
            "'"
                + place.path()
                + "' has "
                + place.permissions()
                + ", for whom its uid_map has no id: its capabilities do not count there",
            "");
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
