package doqu.testing;

import java.io.File;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Carries out {@link Needs}. */
final class NeedsCondition implements ExecutionCondition {
  private final String path;
  private final boolean ci;

  NeedsCondition() {
    this(Optional.ofNullable(System.getenv("PATH")).orElse(""), "true".equals(System.getenv("CI")));
  }

  NeedsCondition(String path, boolean ci) {
    this.path = path;
    this.ci = ci;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return context
        .getElement()
        .map(this::evaluate)
        .orElse(ConditionEvaluationResult.enabled("no test of its own"));
  }

  ConditionEvaluationResult evaluate(AnnotatedElement test) {
    Needs needs = test.getAnnotation(Needs.class);
    if (needs == null) {
      return ConditionEvaluationResult.enabled("needs nothing");
    }
    List<String> missing = Stream.of(needs.value()).filter(program -> !isOnPath(program)).toList();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all on PATH");
    }
    String reason = "not on PATH: " + String.join(", ", missing);
    if (ci) {
      throw new IllegalStateException(reason + " (a skip is a failure where CI=true)");
    }
    return ConditionEvaluationResult.disabled(reason);
  }

  private boolean isOnPath(String program) {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(path)
        .map(folder -> Path.of(folder, program))
        .anyMatch(file -> Files.isRegularFile(file) && Files.isExecutable(file));
  }
}
