package doqu.step;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The table of the failures no errno tells of. Each is found in the state right after the step that
 * brings it about, and only there: a state that lasts is not told of again.
 */
public final class Notices {
  /** Looks for one; most find by the views alone that it cannot be. */
  @FunctionalInterface
  interface Check {
    Stream<Notice> of(Aftermath step);
  }

  private static final List<Check> ALL =
      List.of(
          MountLeak::onTheHost,
          ForeignProc::shown,
          DroppedSignal::byInit,
          WritableBind::thoughReadOnly,
          LeftZombie::unwaited,
          Inheritance::ofDescriptors,
          Inheritance::ofSecrets,
          OldRoot::belowChroot,
          OldRoot::putAside,
          OldRoot::detached);

  /** The {@link Notice#failure} of each. */
  public static final Set<String> FAILURES =
      Set.of(
          "mount leak",
          "foreign /proc",
          "dropped signal",
          "writable bind",
          "zombie",
          "inherited descriptors",
          "passed secrets",
          "outside the root",
          "old root",
          "detached mount in reach");

  private Notices() {}

  static List<Notice> of(Aftermath step) {
    return ALL.stream().flatMap(check -> found(check, step)).toList();
  }

  /** What cannot be looked at, as it has ended meanwhile, must not cost the learner the step. */
  private static Stream<Notice> found(Check check, Aftermath step) {
    try {
      return check.of(step).toList().stream();
    } catch (RuntimeException e) {
      return Stream.empty();
    }
  }
}
