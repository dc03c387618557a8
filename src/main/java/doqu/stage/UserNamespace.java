package doqu.stage;

import doqu.kernel.Libc;
import java.nio.charset.StandardCharsets;

/**
 * What /proc/PID says of the user namespace of a process (user_namespaces(7)).
 *
 * @param users /proc/PID/uid_map, as doqu reads it
 * @param groups /proc/PID/gid_map, as doqu reads it
 * @param setgroups {@code allow} or {@code deny}
 */
public record UserNamespace(IdMap users, IdMap groups, String setgroups) {
  /** That of a process, by its PID in doqu's own PID namespace. */
  public static UserNamespace of(int pid) {
    byte[] setgroups = Libc.readFile("/proc/" + pid + "/setgroups");
    return new UserNamespace(
        IdMap.ofUsers(pid),
        IdMap.ofGroups(pid),
        setgroups == null ? "?" : new String(setgroups, StandardCharsets.US_ASCII).strip());
  }
}
