package doqu.testing;

import static java.util.stream.Collectors.joining;

import doqu.kernel.Libc;
import doqu.kernel.Tty;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jline.builtins.ScreenTerminal;

/**
 * A program on a pseudo-terminal of its own, a test in the place of the human: it types, and looks
 * at the screen as a terminal would show it.
 */
public final class Typed implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 30;
  private static final String RESTORE_CURSOR = "\0338";

  private final int master;
  private final int slave;
  private final Path folder;
  private final Process process;
  private final ScreenTerminal screen;
  private Tty.Size size;
  private final StringBuilder output = new StringBuilder();
  private final String modesBefore;
  private final Thread reader;
  private volatile boolean closed;

  /** Starts a command in a session of its own, with the terminal as its controlling one. */
  public Typed(int columns, int rows, Map<String, String> environment, List<String> command)
      throws Exception {
    master = (int) Tty.openMaster();
    slave = (int) Tty.openSlave(master);
    screen = new ScreenTerminal(columns, rows);
    size = new Tty.Size(rows, columns);
    Tty.resize(master, size);
    modesBefore = modes();
    File terminal = new File("/proc/self/fd/" + slave);
    List<String> inSession = new ArrayList<>(List.of("setsid", "--ctty", "--wait"));
    inSession.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(inSession)
            .redirectInput(terminal)
            .redirectOutput(terminal)
            .redirectError(terminal);
    builder.environment().put("TERM", "xterm");
    folder = Files.createTempDirectory("doqu-typed");
    // Of the human's own files none is read or written. Without a line at its foot the last line of
    // the screen is the one that is being typed.
    Files.createDirectories(folder.resolve("doqu"));
    Files.writeString(folder.resolve("doqu/settings"), "status = off\n");
    builder.environment().put("XDG_CONFIG_HOME", folder.toString());
    builder.environment().put("XDG_STATE_HOME", folder.toString());
    builder.environment().putAll(environment);
    process = builder.start();
    reader = new Thread(this::read, "screen");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    byte[] buffer = new byte[8192];
    while (!closed) {
      if (Libc.poll(50, master)[0]) {
        int count = (int) Libc.read(master, buffer);
        if (count <= 0) {
          return;
        }
        String text = new String(Arrays.copyOf(buffer, count), StandardCharsets.UTF_8);
        synchronized (this) {
          // A letter in the last column makes the emulator begin another line with the next one,
          // also where the cursor has been put back elsewhere meanwhile.
          screen.write(text.replace(RESTORE_CURSOR, "\r" + RESTORE_CURSOR));
          output.append(text);
          notifyAll();
        }
        String answer = screen.read(); // a terminal answers when it is asked who it is
        if (!answer.isEmpty()) {
          type(answer);
        }
      }
    }
  }

  /** Sends keys as they are. */
  public void type(String keys) {
    Libc.write(master, keys.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes that need not be text. */
  public void send(byte[] bytes) {
    Libc.write(master, bytes);
  }

  /** Sends Ctrl and a letter. */
  public void ctrl(char letter) {
    type(Character.toString(letter & 0x1f));
  }

  /** Types a line as a human does: key by key, each seen on the screen before the next. */
  public void line(String text) throws InterruptedException {
    keys(text);
    type("\r");
  }

  /** The same, without the Enter at its end. */
  public void keys(String text) throws InterruptedException {
    for (int i = 0; i < text.length(); i++) {
      type(text.substring(i, i + 1));
      String typed = text.substring(0, i + 1).stripTrailing();
      await("the echo of '" + typed + "'", shown -> cursorLine().contains(typed));
    }
  }

  /** The line of the screen in which the cursor stands. */
  public String cursorLine() {
    return cursorCells().stream().map(Cell::text).collect(joining()).stripTrailing();
  }

  /** The same, place by place. */
  public List<Cell> cursorCells() {
    int[] cursor = new int[2];
    return cells(cursor).get(cursor[1]);
  }

  /** Waits until the line in which the cursor stands matches. */
  public void awaitCursorLine(String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    await("a cursor in a line like " + regex, shown -> pattern.matcher(cursorLine()).matches());
  }

  /** What is on the screen, place by place: lines of cells. */
  public List<List<Cell>> cells() {
    return cells(new int[2]);
  }

  private synchronized List<List<Cell>> cells(int[] cursor) {
    long[] dumped = new long[size.columns() * size.rows()];
    screen.dump(dumped, 0, 0, size.rows(), size.columns(), cursor);
    List<List<Cell>> lines = new ArrayList<>();
    for (int row = 0; row < size.rows(); row++) {
      lines.add(
          Arrays.stream(dumped, row * size.columns(), (row + 1) * size.columns())
              .mapToObj(Cell::new)
              .toList());
    }
    return lines;
  }

  /** The last line of the screen that has anything on it. */
  public static String lastLine(String screen) {
    String[] lines = screen.stripTrailing().split("\n", -1);
    return lines[lines.length - 1];
  }

  /** Waits until the last line of the screen matches. */
  public void awaitLastLine(String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    await("a last line like " + regex, shown -> pattern.matcher(lastLine(shown)).matches());
  }

  /** Waits until the screen has a line that matches. */
  public void awaitLine(String regex) throws InterruptedException {
    Pattern pattern = Pattern.compile("(?m)^" + regex + " *$");
    await("a line like " + regex, shown -> pattern.matcher(shown).find());
  }

  /** Waits until the screen is as wanted. */
  public synchronized void await(String what, Predicate<String> wanted)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!wanted.test(screen())) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "no %s on the screen:\n%s\nall that came: %s\n%s"
                .formatted(what, screen(), output, threads()));
      }
      wait(Math.min(left, 100));
    }
  }

  /** What the program is at, when it is a Java program: a screen says little of a deadlock. */
  private String threads() {
    try {
      Process jstack =
          new ProcessBuilder("timeout", "5", "jstack", Long.toString(process.pid()))
              .redirectErrorStream(true)
              .start();
      return new String(jstack.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What is on the screen, line by line, without the spaces at the ends. */
  public synchronized String screen() {
    return screen.toString().lines().map(String::stripTrailing).collect(joining("\n"));
  }

  /** Everything that was sent to the terminal so far. */
  public synchronized String output() {
    return output.toString();
  }

  /** Gives the window another size. */
  public synchronized void resize(int columns, int rows) {
    screen.setSize(columns, rows);
    size = new Tty.Size(rows, columns);
    Tty.resize(master, size);
  }

  /** The settings the terminal had before the program was started. */
  public String modesBefore() {
    return modesBefore;
  }

  /** The settings of the terminal, as stty(1) saves them. */
  public String modes() throws Exception {
    Process stty =
        new ProcessBuilder("stty", "-g").redirectInput(new File("/proc/self/fd/" + slave)).start();
    return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  public Process process() {
    return process;
  }

  /** Waits for the end; the exit status. */
  public int exitStatus() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end; on the screen:\n" + screen());
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    closed = true;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try {
      reader.join(); // or it would read what is written to the next terminal of that number
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    Libc.close(master);
    Libc.close(slave);
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
