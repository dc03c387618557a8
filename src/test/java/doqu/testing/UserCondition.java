package doqu.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Carries out {@link NeedsRoot} and {@link NeedsOrdinaryUser}. The reasons it gives are the only
 * ones for which {@code .ci/run} lets a test be skipped.
 */
final class UserCondition implements ExecutionCondition {
  private final boolean root;

  UserCondition() {
    this(effectiveUserId() == 0);
  }

  UserCondition(boolean root) {
    this.root = root;
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return context
        .getElement()
        .map(this::evaluate)
        .orElse(ConditionEvaluationResult.enabled("no test of its own"));
  }

  ConditionEvaluationResult evaluate(AnnotatedElement test) {
    if (test.isAnnotationPresent(NeedsRoot.class) && !root) {
      return ConditionEvaluationResult.disabled("needs root");
    }
    if (test.isAnnotationPresent(NeedsOrdinaryUser.class) && root) {
      return ConditionEvaluationResult.disabled("needs an ordinary user");
    }
    return ConditionEvaluationResult.enabled("the user will do");
  }

  private static int effectiveUserId() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
