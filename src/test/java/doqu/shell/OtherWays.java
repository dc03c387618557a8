package doqu.shell;

import doqu.kernel.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** To do the same as a command does otherwise: with raw system calls, or as unshare(1) takes it. */
final class OtherWays {
  private static final Map<String, String> PROPAGATION =
      Map.of(
          "--make-private", "MS_PRIVATE",
          "--make-rprivate", "MS_PRIVATE|MS_REC",
          "--make-shared", "MS_SHARED",
          "--make-rshared", "MS_SHARED|MS_REC");

  private OtherWays() {}

  /** The other way; the command itself where there is none. */
  static String of(String command) {
    String[] words = command.split(" ");
    List<String> rest = Arrays.asList(words).subList(1, words.length);
    return switch (words[0]) {
      case "unshare" -> unshare(rest);
      case "mount" -> mount(command, rest);
      case "umount" ->
          rest.get(0).equals("-l")
              ? "syscall umount2 " + rest.get(1) + " MNT_DETACH"
              : "syscall umount2 " + rest.get(0) + " 0";
      case "chroot", "chdir", "rmdir", "pivot_root" -> "syscall " + command;
      case "mkdir" -> "syscall mkdirat AT_FDCWD " + rest.get(0) + " 0755";
      case "sethostname", "setdomainname" -> "syscall " + command + " " + rest.get(0).length();
      case "fork" -> "syscall clone SIGCHLD";
      case "kill" ->
          rest.size() == 1
              ? "syscall kill " + rest.get(0) + " SIGTERM"
              : "syscall kill " + rest.get(1) + " " + signal(rest.get(0).substring(1));
      default -> command;
    };
  }

  private static String signal(String name) {
    return name.equals("0") ? name : "SIG" + name;
  }

  /** That of user namespaces maps root too, which the call alone does not do. */
  private static String unshare(List<String> names) {
    if (names.contains("user")) {
      return "unshare " + String.join(",", names);
    }
    return names.stream()
        .map(name -> Namespace.valueOf(name.toUpperCase(Locale.ROOT)).flagName())
        .collect(Collectors.joining("|", "syscall unshare ", ""));
  }

  private static String mount(String command, List<String> rest) {
    String call = "syscall mount ";
    return switch (rest.get(0)) {
      case "-t" -> call + rest.get(2) + " " + rest.get(3) + " " + rest.get(1) + " 0 NULL";
      case "--bind" -> call + rest.get(1) + " " + rest.get(2) + " NULL MS_BIND NULL";
      case "--rbind" -> call + rest.get(1) + " " + rest.get(2) + " NULL MS_BIND|MS_REC NULL";
      default ->
          PROPAGATION.containsKey(rest.get(0))
              ? call + "none " + rest.get(1) + " NULL " + PROPAGATION.get(rest.get(0)) + " NULL"
              : command;
    };
  }
}
