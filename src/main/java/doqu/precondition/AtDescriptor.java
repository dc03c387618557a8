package doqu.precondition;

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
  private AtDescriptor() {}

  /**
   * What a call needs when it begins at the current directory, and otherwise.
   *
   * @param path which argument is the path; that before it is the descriptor
   */
  static List<Precondition> orHere(int path, List<Precondition> here) {
    List<Errno> errnos = new ArrayList<>(List.of(Errno.EBADF));
    here.forEach(one -> errnos.addAll(one.errnos()));
    List<Precondition> all = new ArrayList<>();
    all.add(
        new Precondition(
                "the descriptor a relative path begins at is open, and a directory",
                errnos.stream().distinct().toList(),
                (now, call) -> isDirectory(now, call.number(path - 1)))
            .when(call -> isElsewhere(call, path)));
    here.stream().map(one -> one.when(call -> !isElsewhere(call, path))).forEach(all::add);
    return List.copyOf(all);
  }

  private static boolean isElsewhere(Call call, int path) {
    return (int) call.number(path - 1) != Flags.AT_FDCWD
        && call.text(path)
            .filter(text -> !text.isEmpty() && !text.startsWith("/") && !Paths.isTooLong(text))
            .isPresent();
  }

  private static Verdict isDirectory(Situation now, long descriptor) {
    Optional<String> of = now.descriptor(descriptor);
    if (of.isEmpty()) {
      return Verdict.broken(Errno.EBADF, "/proc/PID/fd has no " + (int) descriptor, "");
    }
    String opened = "descriptor " + (int) descriptor + " is of " + of.get();
    return Files.isDirectory(Path.of(now.descriptorFile(descriptor)))
        ? Verdict.unknown(opened + ", and doqu follows no path from there")
        : Verdict.broken(Errno.ENOTDIR, opened + ", which is no directory", "");
  }
}
