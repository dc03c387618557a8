package doqu.shell;

import java.io.IOException;

/** What a learner plays on, as the command line says. */
public enum Ground {
  /** A stage of doqu's own. */
  STAGE,
  /** The machine itself; a step that would reach it is asked about. */
  MACHINE,
  /** The machine itself, and nobody asks. */
  MACHINE_UNASKED;

  Venue venue(Venue.Consent consent) throws IOException {
    return switch (this) {
      case STAGE -> Venue.stages();
      case MACHINE -> Venue.machine(consent);
      case MACHINE_UNASKED -> Venue.machine(Venue.YES_REALLY);
    };
  }
}
