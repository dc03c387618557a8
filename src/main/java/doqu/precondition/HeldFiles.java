package doqu.precondition;

import doqu.kernel.Errno;
import doqu.kernel.Libc;
import doqu.observe.FdInfo;
import doqu.observe.Mount;
import doqu.observe.StageProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Who keeps a mount from becoming read-only, or a file system with all its mounts: who has a file
 * there open for writing, and of a file system who holds what has been removed (mnt_hold_writers()
 * and sb_prepare_remount_readonly() in fs/namespace.c).
 */
final class HeldFiles {
  private final Situation now;
  private final Mount mount;
  private final boolean ofAll;
  private final List<String> holders = new ArrayList<>();
  private final List<String> closings = new ArrayList<>();
  private boolean mapped;

  private HeldFiles(Situation now, Mount mount, boolean ofAll) {
    this.now = now;
    this.mount = mount;
    this.ofAll = ofAll;
    now.processes().forEach(this::look);
  }

  /**
   * That nobody does.
   *
   * @param ofAll whether the file system is to become read-only, not the mount alone
   */
  static Verdict none(Situation now, Mount mount, boolean ofAll) {
    HeldFiles held = new HeldFiles(now, mount, ofAll);
    if (!held.holders.isEmpty()) {
      int more = held.holders.size() - 1;
      return Verdict.broken(
          Errno.EBUSY,
          held.holders.get(0) + (more > 0 ? " and " + more + " more" : ""),
          held.closings.size() == held.holders.size() ? String.join("; ", held.closings) : "");
    }
    if (held.mapped) {
      return Verdict.unknown("a file of it is mapped, and by which of its mounts nobody can tell");
    }
    return now.stage().isBare()
        ? Verdict.unknown("doqu looks at its own processes only")
        : Verdict.holds("no descriptor and no mapping on the stage is of one");
  }

  private void look(StageProcess process) {
    String folder = "/proc/" + process.pid();
    String who = process.numbered(now.stage());
    FdInfo.all(folder)
        .forEach(
            (number, info) -> {
              Optional<String> held = held(folder + "/fd/" + number, info);
              held.ifPresent(what -> holders.add(what + " by descriptor " + number + " of " + who));
              if (held.isPresent() && process.pid() == now.actor().pid()) {
                closings.add("syscall close " + number);
              }
            });
    for (String link : List.of("cwd", "root", "exe")) {
      if (ofAll && isRemoved(folder + "/" + link)) {
        holders.add("the " + link + " of " + who + " has been removed from it");
      }
    }
    byte[] maps = Objects.requireNonNullElse(Libc.readFile(folder + "/maps"), new byte[0]);
    new String(maps, StandardCharsets.UTF_8).lines().forEach(line -> mapped(line, who));
  }

  /** What a descriptor has open that counts. */
  private Optional<String> held(String file, FdInfo info) {
    if (info.writes()
        && (ofAll || info.mount() == mount.id())
        && isThere(file)
        && Files.isRegularFile(Path.of(file))) {
      return Optional.of("'" + Libc.readLink(file) + "' is open for writing");
    }
    return ofAll && isRemoved(file)
        ? Optional.of("what has been removed from it is open")
        : Optional.empty();
  }

  private boolean isThere(String file) {
    try {
      return mount.device().equals(device((Long) Files.getAttribute(Path.of(file), "unix:dev")));
    } catch (IOException e) {
      return false; // it has been closed, or has ended
    }
  }

  private boolean isRemoved(String file) {
    try {
      return isThere(file) && Files.getAttribute(Path.of(file), "unix:nlink").equals(0);
    } catch (IOException e) {
      return false;
    }
  }

  /** As makedev(3) has put the two together. */
  private static String device(long dev) {
    long major = (dev >>> 8 & 0xfff) | (dev >>> 32 & ~0xfffL);
    long minor = (dev & 0xff) | (dev >>> 12 & ~0xffL);
    return major + ":" + minor;
  }

  /** A line of proc_pid_maps(5): a file that is shared and written to is open as long as that. */
  private void mapped(String line, String who) {
    String[] words = line.split(" +", 6);
    String[] numbers = words[3].split(":", 2);
    String device = Integer.parseInt(numbers[0], 16) + ":" + Integer.parseInt(numbers[1], 16);
    boolean written = words[1].startsWith("w", 1) && words[1].startsWith("s", 3);
    if (words.length < 6 || !device.equals(mount.device())) {
      return;
    }
    if (ofAll && (written || words[5].endsWith(" (deleted)"))) {
      holders.add("'" + words[5] + "' is mapped by " + who);
    } else if (written) {
      mapped = true;
    }
  }
}
