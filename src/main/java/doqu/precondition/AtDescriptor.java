package doqu.precondition;

import doqu.actor.Arg;
import doqu.actor.Call;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the calls need that take a relative path from a directory they are given (openat(2)). */
final class AtDescriptor {
  private static final String OWN = "/proc/self/fd/";
  private static final int NO_FLAGS = -1;

  private AtDescriptor() {}

  /**
   * What a call needs when it begins at the current directory, and otherwise.
   *
   * @param path which argument is the path; that before it is the descriptor
   */
  static List<Precondition> orHere(int path, List<Precondition> here) {
    return orHere(path, NO_FLAGS, here);
  }

  /**
   * The same of a call that is, without a path, about what the descriptor is of.
   *
   * @param flags which argument may say AT_EMPTY_PATH
   */
  static List<Precondition> orHere(int path, int flags, List<Precondition> here) {
    List<Errno> errnos = new ArrayList<>(List.of(Errno.EBADF));
    here.forEach(one -> errnos.addAll(one.errnos()));
    List<Precondition> all = new ArrayList<>();
    all.add(
        new Precondition(
            "the descriptor a relative path begins at is open, and a directory",
            errnos.stream().distinct().toList(),
            (now, call) ->
                isElsewhere(call, path, flags)
                    ? begins(now, call.number(path - 1), text(call, path).isEmpty())
                    : Verdict.notNeeded()));
    here.stream().map(one -> from(path, flags, one)).forEach(all::add);
    return List.copyOf(all);
  }

  private static Precondition from(int path, int flags, Precondition one) {
    return new Precondition(
        one.needs(),
        one.errnos(),
        (now, call) ->
            fromHere(now, call, path, flags)
                .map(here -> one.check().of(now, here))
                .orElse(Verdict.notNeeded()));
  }

  private static String text(Call call, int path) {
    return call.text(path).orElse("");
  }

  private static boolean isItself(Call call, int path, int flags) {
    return flags != NO_FLAGS
        && call.text(path).filter(String::isEmpty).isPresent()
        && (call.number(flags) & Flags.AT_EMPTY_PATH) != 0;
  }

  private static boolean isElsewhere(Call call, int path, int flags) {
    return (int) call.number(path - 1) != Flags.AT_FDCWD
        && (isItself(call, path, flags)
            || call.text(path)
                .filter(text -> !text.isEmpty() && !text.startsWith("/") && !Paths.isTooLong(text))
                .isPresent());
  }

  /** The call as it would be with a path; empty: the actor has none to what is open there. */
  private static Optional<Call> fromHere(Situation now, Call call, int path, int flags) {
    long descriptor = call.number(path - 1);
    boolean itself = isItself(call, path, flags);
    if (!isElsewhere(call, path, flags)) {
      return Optional.of(itself ? call.with(path, Arg.path(".")) : call);
    }
    String begin = OWN + (int) descriptor;
    return begins(now, descriptor, itself).state() == Verdict.State.HOLDS
        ? Optional.of(call.with(path, Arg.path(itself ? begin : begin + "/" + text(call, path))))
        : Optional.empty();
  }

  private static Verdict begins(Situation now, long descriptor, boolean itself) {
    Optional<String> of = now.descriptor(descriptor);
    if (of.isEmpty()) {
      return Verdict.broken(Errno.EBADF, "/proc/PID/fd has no " + (int) descriptor, "");
    }
    String opened = "descriptor " + (int) descriptor + " is of " + of.get();
    String file = now.descriptorFile(descriptor);
    if (!itself && !Files.isDirectory(Path.of(file))) {
      return Verdict.broken(Errno.ENOTDIR, opened + ", which is no directory", "");
    }
    // Only by a /proc of its own PID namespace does it find what it has open.
    return now.files().place(OWN + (int) descriptor).isSame(file)
        ? Verdict.holds(opened)
        : Verdict.unknown(opened + ", and in its /proc there is no way to that");
  }
}
