package doqu.rootfs;

/**
 * One thing to lay into a root file system. A {@link Plan} lists them in order: a directory before
 * what is in it.
 *
 * <p>A path is absolute inside the root file system and has no symbolic link on its way, so it can
 * be laid one name at a time without following any.
 */
public sealed interface Entry {

  /** Absolute inside the root file system, for example {@code /usr/bin/ls}. */
  String path();

  /**
   * A directory.
   *
   * @param mode permission bits, for example 01777; no set-user-ID and no set-group-ID
   */
  record Directory(String path, int mode) implements Entry {
    public Directory {
      checkPath(path);
      checkMode(mode);
    }
  }

  /**
   * A file with bytes in it.
   *
   * @param mode permission bits; no set-user-ID and no set-group-ID
   */
  record RegularFile(String path, int mode, Source source) implements Entry {
    public RegularFile {
      checkPath(path);
      checkMode(mode);
    }
  }

  /**
   * A symbolic link.
   *
   * @param target what readlink(2) is to give: absolute inside the root file system, or relative to
   *     the link's directory
   */
  record Symlink(String path, String target) implements Entry {
    public Symlink {
      checkPath(path);
      if (target.isEmpty() || target.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("no target for a symbolic link: " + path);
      }
    }
  }

  private static void checkPath(String path) {
    if (path.indexOf('\0') >= 0 || !path.equals("/" + String.join("/", Route.names(path)))) {
      throw new IllegalArgumentException("not an absolute path in its shortest form: " + path);
    }
    if (Route.names(path).contains("..")) {
      throw new IllegalArgumentException("a path must not go up: " + path);
    }
  }

  private static void checkMode(int mode) {
    if ((mode & ~01777) != 0) {
      throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + " is over 1777");
    }
  }
}
