package doqu.shell;

import doqu.kernel.Libc;
import doqu.kernel.Signals;
import doqu.kernel.Tty;
import doqu.step.Mistake;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code man [SECTION] PAGE}: a page of the machine's own manual, when it has one. It is shown by
 * the machine's man(1), outside the stage.
 */
final class Manual {
  private static final int STDIN = 0;
  private static final File NULL = new File("/dev/null");

  private static final Pattern SECTION = Pattern.compile("[0-9][A-Za-z0-9]{0,9}|[ln]");

  /** What begins with a dash would be an option, and what has a slash in it any file there is. */
  private static final Pattern PAGE =
      Pattern.compile("(?<name>[A-Za-z0-9_][A-Za-z0-9_.+:-]*)(?:\\((?<section>[^()]+)\\))?");

  /** What a terminal would show bold, underlined or in colour is said so in these two ways. */
  private static final Pattern PAINT = Pattern.compile(".\b|\u001b\\[[0-9;]*m");

  private final String program;
  private final String page;
  private final String section;

  /**
   * The page that the words after {@code man} mean: {@code unshare}, {@code 2 unshare}, {@code
   * unshare(2)}.
   *
   * @param program the man(1) to ask
   */
  Manual(String program, List<String> operands) {
    String last = operands.get(operands.size() - 1);
    Matcher named = PAGE.matcher(last);
    if (!named.matches()) {
      throw new Mistake(
          "'" + last + "' is no name of a manual page: letters, digits and . _ + - : make one");
    }
    String own = named.group("section");
    if (operands.size() == 2 && own != null) {
      throw new Mistake("'" + operands.get(0) + "' is too much: " + last + " has its section");
    }
    this.program = program;
    page = named.group("name");
    section = operands.size() == 2 ? operands.get(0) : own == null ? "" : own;
    if (operands.size() == 1 && last.matches("[0-9]")) {
      throw new Mistake("something is missing: man " + last + " PAGE");
    }
    if (!section.isEmpty() && !SECTION.matcher(section).matches()) {
      throw new Mistake("'" + section + "' is no section of the manual, as 2 or 7");
    }
  }

  /** Opens it on doqu's own terminal, and waits until the human closes it. */
  void open() {
    find();
    ProcessBuilder builder = man().inheritIO();
    // The pager shall start no shell: it would run on the machine, and look like one on the stage.
    builder.environment().put("LESSSECURE", "1");
    Tty.Modes modes = Tty.modes(STDIN);
    // A pager without a shell does not stop either: doqu alone would, and both would read the keys.
    Tty.makeOrdinaryWithoutStop(STDIN);
    try {
      Process man = start(builder);
      // Ctrl-C is man's and its pager's business. A handler of the JVM's own would not do: man may
      // die of the signal, and be gone, before the JVM has come to handle it.
      Libc.ignoring(Signals.SIGINT, () -> await(man));
    } finally {
      Tty.restore(STDIN, modes);
    }
  }

  /** The page as plain text. */
  List<String> lines() {
    find();
    return output(man()).lines().map(line -> PAINT.matcher(line).replaceAll("")).toList();
  }

  /**
   * Looks whether there is such a page: what man(1) itself says about that depends on whose it is.
   *
   * @throws Mistake when there is none
   */
  void find() {
    if (output(man("-w")).isBlank()) {
      String where = section.isEmpty() ? "" : " in section " + section;
      throw new Mistake("this machine has no manual page '" + page + "'" + where + packages());
    }
  }

  private String packages() {
    return switch (section.isEmpty() ? ' ' : section.charAt(0)) {
      case '2', '3' -> "; Debian has those in manpages-dev";
      case '4', '5', '7' -> "; Debian has those of the kernel in manpages";
      case ' ' -> "; Debian has those of system calls in manpages-dev";
      default -> "; Debian has it with the program";
    };
  }

  private ProcessBuilder man(String... options) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(options));
    command.add("--");
    if (!section.isEmpty()) {
      command.add(section);
    }
    command.add(page);
    return new ProcessBuilder(command);
  }

  /** What it prints; empty when it fails. */
  private String output(ProcessBuilder builder) {
    builder.redirectInput(NULL).redirectError(Redirect.DISCARD);
    builder.environment().put("MANPAGER", "cat");
    builder.environment().put("PAGER", "cat");
    builder.environment().put("MANWIDTH", Integer.toString(Columns.WIDTH));
    Process process = start(builder);
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return await(process) == 0 ? output : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new Mistake(
          "this machine has no man(1); Debian has it in man-db, and the pages in manpages-dev");
    }
  }

  /** Waits for its end; the exit status. */
  private static int await(Process process) {
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        // Ctrl-C that came too late for the line reader: the pager has it too, and stays.
      }
    }
  }
}
