package doqu.shell;

import doqu.kernel.Xdg;
import doqu.rootfs.store.Store;
import doqu.rootfs.store.Stored;
import doqu.rootfs.store.Use;
import doqu.stage.Journal;
import doqu.stage.Stage;
import doqu.stage.StageRefused;
import doqu.stage.Underlay;
import doqu.step.Mistake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a learner plays: on stages of doqu's own, or on the machine itself. */
final class Venue implements AutoCloseable {
  /** Asks the human whether a step may be taken. */
  @FunctionalInterface
  interface Consent {
    /** Whether it may, when told what it is and what would come of it. */
    boolean isGiven(String question);
  }

  /** Of who has said so beforehand. */
  static final Consent YES_REALLY = question -> true;

  /** Of nobody: there is no terminal to ask at. */
  static final Consent NOBODY = question -> false;

  private final @Nullable Journal journal;
  private final Consent consent;

  /** The root file system stages show; null: the machine's own programs make one. */
  private @Nullable Use rootfs;

  /** Whether what is changed in it stays. */
  private boolean kept;

  private Venue(@Nullable Journal journal, Consent consent) {
    this.journal = journal;
    this.consent = consent;
  }

  /** Stages. */
  static Venue stages() {
    return new Venue(null, NOBODY);
  }

  /**
   * The machine itself.
   *
   * @throws IOException when no journal can be kept: what survives doqu would never be found
   */
  static Venue machine(Consent consent) throws IOException {
    return new Venue(Journal.begin(Xdg.state()), consent);
  }

  /** A stage on which nothing has been done, or the machine as it is. */
  Stage begin() throws StageRefused {
    Use shown = rootfs;
    if (shown != null) {
      return Stage.on(new Underlay(shown.stored().lower(), shown.stored().ids(), kept));
    }
    return journal == null ? Stage.start() : Stage.bare(journal);
  }

  /** Whether a stage shows a root file system from its beginning. */
  boolean hasRootfs() {
    return rootfs != null;
  }

  /**
   * Which root file system stages show from now on.
   *
   * @param one empty: that of the machine's own programs
   * @param keep whether what is changed in it stays
   */
  void choose(Optional<Stored> one, boolean keep) throws IOException {
    Use before = rootfs;
    rootfs = null;
    if (before != null) {
      before.close();
    }
    if (one.isPresent()) {
      rootfs = Store.here().use(one.get());
      kept = keep;
    }
  }

  /**
   * Before a step that would reach others than doqu's own processes.
   *
   * @throws Mistake when it may not
   */
  void reaches(String step, String whom) {
    String what = "'" + step + "' would reach " + whom;
    if (!consent.isGiven(what)) {
      throw new Mistake(
          consent == NOBODY
              ? what + ". There is no terminal to ask at: --yes-really goes on"
              : "'" + step + "' was not taken");
    }
    if (journal != null) {
      journal.reached(step);
    }
  }

  /**
   * What doqus on the machine itself have left there that were killed, told and, if that is wanted,
   * ended.
   */
  static void clearUp(Screen screen, Consent consent) {
    for (Journal.Survivors left : Journal.survivors(Xdg.state())) {
      screen.said("a doqu --bare was killed and has left on this machine:");
      left.processes()
          .forEach(one -> screen.said("  PID " + one.process().pid() + " (" + one.name() + ")"));
      left.folder().ifPresent(folder -> screen.said("  " + folder));
      left.reached().forEach(step -> screen.said("  what it did by '" + step + "'"));
      String wanted = mends(left);
      if (consent.isGiven(wanted)) {
        List<String> stays = left.end();
        stays.forEach(screen::said);
        screen.said(stays.isEmpty() ? "that is done" : "the rest is done");
      } else if (consent == NOBODY) {
        screen.said("to " + wanted + ", start doqu at a terminal, or --bare --yes-really");
      }
    }
  }

  /** Has stages show the one the user has chosen; why that cannot be, if it cannot. */
  Optional<String> chooseAsBefore() {
    try {
      choose(journal == null ? Store.here().chosen() : Optional.empty(), false);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage() + ": $ROOTFS is built of this machine's programs instead");
    }
  }

  /** Has the stages to come have a root file system of the machine's own programs. */
  void buildRootfs() {
    try {
      choose(Optional.empty(), false);
    } catch (IOException e) {
      // The kernel lets go of it when doqu ends.
    }
  }

  /** What can be done about what is left, as far as there is any of it. */
  private static String mends(Journal.Survivors left) {
    List<String> mends = new ArrayList<>();
    int processes = left.processes().size();
    if (processes > 0) {
      mends.add(processes == 1 ? "end this process" : "end these processes");
    }
    if (left.folder().isPresent()) {
      mends.add("remove the folder");
    }
    if (!left.reached().isEmpty()) {
      mends.add(mends.isEmpty() ? "forget this" : "forget the rest");
    }
    return String.join(" and ", mends).replaceFirst(" and (?=.* and )", ", ");
  }

  @Override
  public void close() {
    buildRootfs();
    if (journal != null) {
      journal.close();
    }
  }
}
