package doqu.cli;

import doqu.shell.Checkup;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code doqu doctor}. */
@Command(
    name = "doctor",
    version = Arguments.VERSION,
    mixinStandardHelpOptions = true,
    description = "Say what this machine lets doqu do, and what would mend the rest.",
    footer = {
      "",
      "One line a check: ok, limited (a stage can be built) or broken (none can).",
      "Exit status: 0 nothing is broken, 2 the command line is wrong, 3 something is."
    })
final class Checking implements Callable<Integer> {
  @ParentCommand private @Nullable Arguments doqu;

  @Option(names = "--json", description = "print one JSON object a check")
  private boolean json;

  @Override
  public Integer call() {
    if (doqu != null && doqu.asksForSteps()) {
      System.err.println("doqu: doctor takes no steps, no file and no option but --json");
      return CommandLine.ExitCode.USAGE;
    }
    boolean objects = json || (doqu != null && doqu.json());
    return Checkup.run(objects, Main.colour()) ? 0 : Main.REFUSED;
  }
}
