package doqu.look;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Whether the pages are there that doqu and its lessons refer to, as unshare(2). */
final class ManualPages {
  private static final String NAME = "manual pages";
  private static final int PATIENCE_SECONDS = 2;

  private ManualPages() {}

  static Finding check() {
    return finds("unshare")
        ? Finding.ok(NAME, "man 2 unshare is there")
        : Finding.limited(
            NAME, "there is no man 2 unshare", "as root: apt install man-db manpages-dev");
  }

  /** In many a container man(1) is a script that says it has been left out. */
  private static boolean finds(String page) {
    try {
      Process man =
          new ProcessBuilder("man", "-w", "2", page)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean ended = man.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      man.destroyForcibly();
      return ended && man.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
