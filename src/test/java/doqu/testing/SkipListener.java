package doqu.testing;

import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/** Prints each skipped test and why: Surefire prints no more than their number. */
public final class SkipListener implements TestExecutionListener {
  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    String name =
        test.getSource()
            .filter(MethodSource.class::isInstance)
            .map(MethodSource.class::cast)
            .map(method -> method.getClassName() + "." + method.getMethodName())
            .orElse(test.getLegacyReportingName());
    System.err.println("skipped: " + name + ": " + reason);
  }
}
