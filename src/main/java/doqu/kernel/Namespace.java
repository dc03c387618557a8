package doqu.kernel;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of namespaces (namespaces(7)), in the order of /proc/PID/ns. */
public enum Namespace {
  CGROUP("cgroup", 'C', "cgroup", Flags.CLONE_NEWCGROUP),
  IPC("ipc", 'i', "ipc", Flags.CLONE_NEWIPC),
  MNT("mnt", 'm', "mount", Flags.CLONE_NEWNS),
  NET("net", 'n', "net", Flags.CLONE_NEWNET),
  PID("pid", 'p', "pid", Flags.CLONE_NEWPID),
  TIME("time", 'T', "time", Flags.CLONE_NEWTIME),
  USER("user", 'U', "user", Flags.CLONE_NEWUSER),
  UTS("uts", 'u', "uts", Flags.CLONE_NEWUTS);

  private final String file;
  private final char option;
  private final String longOption;
  private final long flag;

  Namespace(String file, char option, String longOption, long flag) {
    this.file = file;
    this.option = option;
    this.longOption = longOption;
    this.flag = flag;
  }

  /** Its name in /proc/PID/ns and in lsns(8). */
  public String file() {
    return file;
  }

  /** Its short option of unshare(1) and nsenter(1). */
  public char option() {
    return option;
  }

  /** Its long option of unshare(1) and nsenter(1), without the dashes. */
  public String longOption() {
    return longOption;
  }

  /** Its flag for clone(2), unshare(2) and setns(2). */
  public long flag() {
    return flag;
  }

  /** The name of its flag: {@code CLONE_NEWUTS}. */
  public String flagName() {
    return Flags.CLONE.show(flag);
  }

  /** A kind by any of its names: {@code mnt}, {@code mount}, {@code CLONE_NEWNS}, {@code NEWNS}. */
  public static Optional<Namespace> parse(String text) {
    return Arrays.stream(values())
        .filter(
            n ->
                n.file.equalsIgnoreCase(text)
                    || n.longOption.equalsIgnoreCase(text)
                    || n.flagName().equals(text)
                    || n.flagName().equals("CLONE_" + text))
        .findFirst();
  }
}
