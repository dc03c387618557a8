package doqu.cli;

import doqu.kernel.Libc;
import doqu.shell.Ground;
import doqu.shell.Script;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the program. */
@Command(
    name = "doqu",
    version = Arguments.VERSION,
    mixinStandardHelpOptions = true,
    subcommands = {Checking.class, Teaching.class, Shelving.class},
    description = "A shell in which every step of building a Linux container is a command.",
    footer = {
      "",
      "Without arguments: the doqu> prompt, or the lines of standard input when that is no terminal.",
      "Exit status: 0 all steps succeeded, 1 a step failed or an actor stayed blocked,",
      "2 the command line is wrong, 3 this machine does not let a stage be built",
      "(doqu doctor says why)."
    })
final class Arguments implements Callable<Integer> {
  static final String VERSION = "doqu 0.1.0";

  @Option(
      names = "-c",
      paramLabel = "STEPS",
      description = "carry out these steps, separated by ; or newlines")
  private @Nullable String steps;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "carry out the lines of a file")
  private @Nullable Path file;

  @Option(names = "-k", description = "keep going after a step that failed")
  private boolean keepGoing;

  @Option(names = "--json", description = "print one JSON object a step")
  private boolean json;

  @Option(
      names = "--bare",
      description = "on the machine itself instead of a stage; asks before a step reaches others")
  private boolean bare;

  @Option(names = "--yes-really", description = "with --bare: do not ask")
  private boolean yesReally;

  static int execute(String[] args) {
    return new CommandLine(new Arguments())
        .setAllowSubcommandsAsOptionParameters(true) // -c doctor is the look
        .execute(args);
  }

  @Override
  public Integer call() {
    if (steps != null && file != null) {
      System.err.println("doqu: -c and the file '" + file + "' exclude each other");
      return CommandLine.ExitCode.USAGE;
    }
    if (file != null && (Files.isDirectory(file) || !Files.isReadable(file))) {
      System.err.println("doqu: '" + file + "' is no file that can be read");
      return CommandLine.ExitCode.USAGE;
    }
    if (yesReally && !bare) {
      System.err.println("doqu: --yes-really is for --bare only");
      return CommandLine.ExitCode.USAGE;
    }
    Ground ground = bare ? yesReally ? Ground.MACHINE_UNASKED : Ground.MACHINE : Ground.STAGE;
    if (steps == null && file == null && !json && !keepGoing) {
      return Main.withoutSteps(ground);
    }
    boolean terminal =
        !json && (steps != null || file != null) && Libc.isTerminal(0) && Libc.isTerminal(1);
    Script.Manner manner = new Script.Manner(keepGoing, json, Main.colour(), terminal, ground);
    return Main.guarded(
        () -> {
          try (BufferedReader lines = new BufferedReader(source())) {
            return Script.run(lines, manner);
          }
        });
  }

  /** Whether something is asked for that only a run of steps can do. */
  boolean asksForSteps() {
    return steps != null || file != null || keepGoing || bare || yesReally;
  }

  boolean json() {
    return json;
  }

  private Reader source() throws IOException {
    if (steps != null) {
      return new StringReader(steps);
    }
    return file == null
        ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
        : new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8);
  }
}
