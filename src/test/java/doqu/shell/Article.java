package doqu.shell;

/** The steps of the article "Understanding Containerization By Recreating Docker". */
final class Article {
  /** Up to where the container has a root of its own. */
  static final String[] TO_THE_ROOT = {
    "unshare uts pid mnt",
    "sethostname doqueru",
    "mount --make-rprivate /",
    "mount --bind $ROOTFS $ROOTFS",
    "fork",
    "switch child",
    "chdir $ROOTFS",
    "mkdir oldroot",
    "pivot_root . oldroot",
    "chdir /",
    "mount -t proc proc /proc",
    "umount -l /oldroot",
    "rmdir /oldroot"
  };

  private Article() {}
}
