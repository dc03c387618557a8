package doqu.look;

import doqu.kernel.Libc;
import doqu.observe.Mounts;
import java.nio.file.Path;

/** Whether the native libraries of JNA and JLine can be loaded from where they lie. */
final class NativeLibraries {
  private static final String NAME = "native libraries";

  private NativeLibraries() {}

  static Finding check() {
    String folder = System.getProperty("jna.boot.library.path");
    String jline = System.getProperty("library.jline.path");
    try {
      Libc.effectiveUser();
    } catch (LinkageError e) {
      return folder == null
          ? Finding.broken(NAME, "JNA's cannot be unpacked: " + e, "start doqu with ./doqu")
          : Finding.broken(NAME, whyNot(folder), mend(folder));
    }
    String trouble = jline == null ? null : Libc.cannotLoad(file(jline, "jlinenative").toString());
    if (jline != null && trouble != null) {
      return Finding.limited(NAME, "no line editing at the prompt: " + trouble, mend(jline));
    }
    return Finding.ok(
        NAME, folder == null ? "unpacked to java.io.tmpdir at each start" : "load from " + folder);
  }

  private static Path file(String folder, String name) {
    return Path.of(folder, "lib" + name + ".so");
  }

  /** What the first to try was told; the class that did is of no use any more and says nothing. */
  private static String whyNot(String folder) {
    String file = file(folder, "jnidispatch").toString();
    try {
      System.load(file);
      return "JNA's cannot be used";
    } catch (UnsatisfiedLinkError e) {
      return file + ": " + String.valueOf(e.getMessage()).replace(file + ": ", "");
    }
  }

  private static String mend(String folder) {
    return NoexecFolders.mount(Mounts.own(), Path.of(folder))
        .map(point -> "move the checkout from there, or " + NoexecFolders.mend(point))
        .orElse("mvn package in the checkout unpacks it again");
  }
}
