package doqu.kernel;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The capabilities of Linux (capabilities(7)), in the order of include/uapi/linux/capability.h. */
public enum Capability {
  CAP_CHOWN,
  CAP_DAC_OVERRIDE,
  CAP_DAC_READ_SEARCH,
  CAP_FOWNER,
  CAP_FSETID,
  CAP_KILL,
  CAP_SETGID,
  CAP_SETUID,
  CAP_SETPCAP,
  CAP_LINUX_IMMUTABLE,
  CAP_NET_BIND_SERVICE,
  CAP_NET_BROADCAST,
  CAP_NET_ADMIN,
  CAP_NET_RAW,
  CAP_IPC_LOCK,
  CAP_IPC_OWNER,
  CAP_SYS_MODULE,
  CAP_SYS_RAWIO,
  CAP_SYS_CHROOT,
  CAP_SYS_PTRACE,
  CAP_SYS_PACCT,
  CAP_SYS_ADMIN,
  CAP_SYS_BOOT,
  CAP_SYS_NICE,
  CAP_SYS_RESOURCE,
  CAP_SYS_TIME,
  CAP_SYS_TTY_CONFIG,
  CAP_MKNOD,
  CAP_LEASE,
  CAP_AUDIT_WRITE,
  CAP_AUDIT_CONTROL,
  CAP_SETFCAP,
  CAP_MAC_OVERRIDE,
  CAP_MAC_ADMIN,
  CAP_SYSLOG,
  CAP_WAKE_ALARM,
  CAP_BLOCK_SUSPEND,
  CAP_AUDIT_READ,
  CAP_PERFMON,
  CAP_BPF,
  CAP_CHECKPOINT_RESTORE;

  /** The set of all of them. */
  public static final long ALL = (1L << values().length) - 1;

  /** Its bit in the sets of /proc/PID/status and capset(2). */
  @SuppressWarnings("EnumOrdinal") // the kernel's numbers, and its order
  public long bit() {
    return 1L << ordinal();
  }

  /** A capability by its name, with or without {@code CAP_}, in any case. */
  public static Optional<Capability> parse(String text) {
    return Arrays.stream(values())
        .filter(
            c -> c.name().equalsIgnoreCase(text) || c.name().substring(4).equalsIgnoreCase(text))
        .findFirst();
  }

  /** A set as strace prints it: {@code 1<<CAP_CHOWN|1<<CAP_KILL}, {@code 0} when empty. */
  public static String show(long set) {
    String names =
        Arrays.stream(values())
            .filter(c -> (set & c.bit()) != 0)
            .map(c -> "1<<" + c)
            .collect(Collectors.joining("|"));
    return names.isEmpty() ? "0" : names;
  }
}
