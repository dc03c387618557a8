package doqu.testing;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program in a window of tmux(1): a terminal that people use, which wraps long lines anew when
 * its width changes and brings back what has scrolled away when it grows.
 */
public final class Tmux implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;

  /** How soon the screen is looked at again: tmux tells nobody that it has changed. */
  private static final int LOOK = 50;

  private final Path folder;

  /** Starts a command, with no file of the human's own in sight. */
  public Tmux(int columns, int rows, Map<String, String> environment, List<String> command)
      throws Exception {
    folder = Files.createTempDirectory("doqu-tmux");
    List<String> start = new ArrayList<>(List.of("-f", "/dev/null", "new-session", "-d"));
    start.addAll(List.of("-x", Integer.toString(columns), "-y", Integer.toString(rows)));
    start.addAll(List.of("env", "XDG_CONFIG_HOME=" + folder, "XDG_STATE_HOME=" + folder));
    environment.forEach((name, value) -> start.add(name + "=" + value));
    start.addAll(command);
    // The window has all of the terminal only when tmux itself shows no line of its own.
    start.addAll(List.of(";", "set-option", "-g", "status", "off"));
    start.addAll(
        List.of(
            ";", "resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows)));
    tmux(start);
  }

  private String tmux(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", folder + "/socket"));
    command.addAll(arguments);
    try {
      Process tmux = new ProcessBuilder(command).redirectErrorStream(true).start();
      tmux.getOutputStream().close();
      String output = new String(tmux.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!tmux.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || tmux.exitValue() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Types a text. */
  public void type(String text) {
    tmux(List.of("send-keys", "-l", text));
  }

  /** Presses keys that tmux has a name for: Enter, C-z, Escape. */
  public void press(String... keys) {
    List<String> command = new ArrayList<>(List.of("send-keys"));
    command.addAll(List.of(keys));
    tmux(command);
  }

  /** Gives the window another size. */
  public void resize(int columns, int rows) {
    tmux(List.of("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows)));
  }

  /** What is on the screen, line by line, without the spaces at the ends. */
  public String screen() {
    return tmux(List.of("capture-pane", "-p"))
        .lines()
        .map(String::stripTrailing)
        .collect(joining("\n"));
  }

  /** The same with what has scrolled away. */
  public String everything() {
    return tmux(List.of("capture-pane", "-p", "-S", "-"))
        .lines()
        .map(String::stripTrailing)
        .collect(joining("\n"));
  }

  /** Where the cursor is, in columns and rows from 0. */
  public String cursor() {
    return tmux(List.of("display-message", "-p", "#{cursor_x},#{cursor_y}")).strip();
  }

  /** Waits until the screen is as wanted. */
  public void await(String what, Predicate<String> wanted) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String screen = screen();
    while (!wanted.test(screen)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("no " + what + " on the screen:\n" + screen);
      }
      Thread.sleep(LOOK);
      screen = screen();
    }
  }

  /** Waits until the screen has lines, one below the other, that match. */
  public void awaitLines(String... regexes) throws InterruptedException {
    Pattern lines = Pattern.compile("(?m)^" + String.join("\\R", regexes) + "$");
    await(lines.pattern(), screen -> lines.matcher(screen).find());
  }

  @Override
  public void close() {
    tmux(List.of("kill-server"));
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
