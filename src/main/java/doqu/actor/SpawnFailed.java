package doqu.actor;

import doqu.kernel.Libc;
import java.io.IOException;

/** The machine does not let an actor start. */
public final class SpawnFailed extends IOException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final int errno;

  /** The call that failed, by its name, and the errno negated. */
  SpawnFailed(String call, long result) {
    super(call + " = -1 " + Libc.error(result));
    this.call = call;
    this.errno = (int) -result;
  }

  /** The name of the call that failed. */
  public String call() {
    return call;
  }

  /** The errno it failed with. */
  public int errno() {
    return errno;
  }
}
