package doqu.cli;

import doqu.lesson.Source;
import doqu.shell.Ground;
import doqu.shell.Prompt;
import doqu.shell.Proof;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
