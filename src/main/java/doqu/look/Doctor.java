package doqu.look;

import doqu.step.Args;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code doctor}: what this machine lets doqu do, and what would mend the rest.
 *
 * <p>It makes the calls themselves, in processes that it throws away, and leaves nothing behind. No
 * version decides anything.
 */
public final class Doctor {
  private static final Supplier<List<Finding>> ISOLATION = Isolation::check;

  private static final List<Supplier<List<Finding>>> CHECKS =
      List.of(
          one(Facts::java),
          one(NativeLibraries::check),
          one(Facts::kernel),
          one(Facts::architecture),
          one(Facts::cLibrary),
          one(Facts::user),
          one(Facts::capabilities),
          one(Facts::limits),
          ISOLATION,
          one(Cgroups::check),
          one(NoexecFolders::check),
          one(Terminals::own),
          one(Terminals::forPrograms),
          one(ManualPages::check));

  private Doctor() {}

  private static Supplier<List<Finding>> one(Supplier<Finding> check) {
    return () -> List.of(check.get());
  }

  /** Makes every check. */
  public static List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    for (Supplier<List<Finding>> check : CHECKS) {
      try {
        findings.addAll(check.get());
      } catch (LinkageError e) {
        // Who needs a native library that is not there: that has been found already.
        if (!isBroken(findings)) {
          findings.add(fault(e, check));
        }
      } catch (RuntimeException e) {
        findings.add(fault(e, check));
      }
      if (findings.stream()
          .anyMatch(each -> each.isBroken() && each.check().equals(Facts.LIMITS))) {
        break; // nothing that the others say would be true
      }
    }
    return findings;
  }

  private static Finding fault(Throwable e, Supplier<List<Finding>> check) {
    String says = "a fault of doqu's own: " + e;
    String mend = "please report it";
    return check == ISOLATION
        ? Finding.broken("doqu", says, mend)
        : Finding.limited("doqu", says, mend);
  }

  /** Whether no stage can be built on this machine. */
  public static boolean isBroken(List<Finding> findings) {
    return findings.stream().anyMatch(Finding::isBroken);
  }

  /** Why nothing can be done at all: without its native libraries doqu makes no call. */
  public static Finding nativeLibraries() {
    return NativeLibraries.check();
  }

  static List<String> show(Looks.Seen seen, Args args) {
    return examine().stream().map(Finding::line).toList();
  }
}
