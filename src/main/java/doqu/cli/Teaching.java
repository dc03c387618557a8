package doqu.cli;

import doqu.kernel.IoReason;
import doqu.lesson.Draft;
import doqu.lesson.Fault;
import doqu.lesson.Source;
import doqu.shell.Attainment;
import doqu.shell.Ground;
import doqu.shell.Printable;
import doqu.shell.Prompt;
import doqu.shell.Proof;
import doqu.step.Mistake;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code doqu lesson}. */
@Command(
    name = "lesson",
    version = Arguments.VERSION,
    mixinStandardHelpOptions = true,
    description = "Take up the guided lessons, where they were left.")
final class Teaching implements Callable<Integer> {
  @Option(
      names = "--course",
      paramLabel = "DIR",
      scope = CommandLine.ScopeType.INHERIT,
      description = "the lessons in a folder of yours, instead of those doqu comes with")
  private @Nullable Path course;

  @Override
  public Integer call() {
    if (isNoFolder()) {
      return CommandLine.ExitCode.USAGE;
    }
    if (!Main.isAtTerminal()) {
      System.err.println("doqu: lessons are taken at a terminal");
      return CommandLine.ExitCode.USAGE;
    }
    return Main.guarded(() -> Prompt.run(Main.wantsColour(), Ground.STAGE, source()));
  }

  /** Proves every step on a stage of its own. */
  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Play every step of the course: its start must not meet the goal, its solution must.",
        "Exit status: 0 there is no problem, 1 there is, 3 no stage can be built here."
      })
  int check() {
    if (isNoFolder()) {
      return CommandLine.ExitCode.USAGE;
    }
    return Main.guarded(() -> Proof.of(source(), System.out::println) ? 0 : 1);
  }

  /** A lesson to begin with. */
  @Command(
      name = "new",
      mixinStandardHelpOptions = true,
      description =
          "Write a lesson to begin with into the folder of --course; LESSONS.md tells more.")
  int draft(@Parameters(paramLabel = "NAME") String name) {
    Path folder = course;
    if (folder == null) {
      System.err.println("doqu: --course DIR says where the new lesson is to be");
      return CommandLine.ExitCode.USAGE;
    }
    return tried(
        PLAIN,
        () -> {
          boolean unlisted = Draft.write(folder, name);
          System.out.println(
              Printable.line(folder.resolve(name).toString())
                  + (unlisted
                      ? ": add it to course.yaml where it belongs"
                      : ": it is in course.yaml"));
        });
  }

  /** How far the learner has got. */
  @Command(
      name = "progress",
      mixinStandardHelpOptions = true,
      description = "Tell how far you have got.")
  int progress(@Option(names = "--json", description = "as one JSON object") boolean json) {
    Complaint complaint = json ? why -> System.out.println(Attainment.error(why)) : PLAIN;
    return told(
        complaint,
        attainment -> {
          if (json) {
            System.out.println(attainment.json());
          } else {
            attainment.lines().forEach(line -> System.out.println(Printable.line(line)));
          }
        });
  }

  /** Writes the progress to a file. */
  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = "Write how far you have got to a file; - is standard output.")
  int export(@Parameters(paramLabel = "FILE") Path file) {
    return told(
        attainment -> {
          if (isStandard(file)) {
            attainment.export().forEach(System.out::println);
          } else {
            of(file, () -> Files.write(file, attainment.export(), StandardCharsets.UTF_8));
          }
        });
  }

  /** Takes the progress from a file. */
  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      description = {
        "Take over how far you have got from a file; - is standard input.",
        "What was kept before is replaced."
      })
  int take(@Parameters(paramLabel = "FILE") Path file) {
    return told(
        attainment -> {
          if (isStandard(file)) {
            System.out.println(attainment.read(System.in, "standard input"));
          } else {
            try (InputStream text = of(file, () -> Files.newInputStream(file))) {
              System.out.println(attainment.read(text, file.toString()));
            }
          }
        });
  }

  private static boolean isStandard(Path file) {
    return file.toString().equals("-");
  }

  @FunctionalInterface
  private interface Opening<T> {
    T run() throws IOException;
  }

  /** An exception of a file says but its name. */
  private static <T> T of(Path file, Opening<T> opening) {
    try {
      return opening.run();
    } catch (IOException e) {
      throw new Mistake("'" + file + "': " + IoReason.of(e));
    }
  }

  @FunctionalInterface
  private interface Telling {
    void of(Attainment attainment) throws IOException;
  }

  private int told(Telling telling) {
    return told(PLAIN, telling);
  }

  private int told(Complaint complaint, Telling telling) {
    return isNoFolder()
        ? CommandLine.ExitCode.USAGE
        : tried(complaint, () -> telling.of(Attainment.of(source())));
  }

  /** Says what was wrong. */
  @FunctionalInterface
  private interface Complaint {
    void of(String why) throws IOException;
  }

  private static final Complaint PLAIN = why -> System.err.println("doqu: " + Printable.line(why));

  @FunctionalInterface
  private interface Trying {
    void run() throws IOException;
  }

  private static int tried(Complaint complaint, Trying trying) {
    String why;
    try {
      trying.run();
      if (!System.out.checkError()) {
        return 0;
      }
      System.err.println("doqu: standard output cannot be written");
      return 1;
    } catch (FileSystemException e) {
      why = "'" + e.getFile() + "': " + IoReason.of(e);
    } catch (IOException e) {
      why = "it cannot be read or written: " + IoReason.of(e);
    } catch (Mistake e) {
      why = String.valueOf(e.getMessage());
    } catch (Fault e) {
      why = e.toLearner();
    }
    try {
      complaint.of(why);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return 1;
  }

  private boolean isNoFolder() {
    boolean none = course != null && !Files.isDirectory(course);
    if (none) {
      System.err.println("doqu: '" + course + "' is no folder that can be read");
    }
    return none;
  }

  private Source source() {
    return course == null ? Source.shipped() : Source.folder(course);
  }
}
