package doqu.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How to start doqu as a process of its own from the classes under test. */
public final class Doqu {
  private Doqu() {}

  /** The command, with the flags the launcher gives the JVM. */
  public static List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:-UsePerfData",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED"));
    for (String property :
        List.of(
            "jna.boot.library.path",
            "jna.nounpack",
            "jna.platform.library.path",
            "library.jline.path",
            "org.jline.terminal.provider")) {
      command.add("-D" + property + "=" + System.getProperty(property));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "doqu.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }
}
