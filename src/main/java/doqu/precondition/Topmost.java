package doqu.precondition;

import doqu.observe.Mount;
import java.util.Optional;

/**
 * What lies uppermost where a path leads: the mount that umount2(2) takes away and on which
 * mount(2) puts another. A path that leads into a mount is over it already, but . and / are where
 * they were when something was mounted upon them (LOOKUP_MOUNTPOINT in fs/namei.c, do_lock_mount()
 * in fs/namespace.c).
 *
 * @param place where the path leads
 * @param id the number mountinfo has for the mount
 * @param root whether that is its root: a mount point
 */
record Topmost(Place place, long id, boolean root) {
  static Topmost at(Situation now, Place place) {
    Topmost top = new Topmost(place, place.mount(), place.mountRoot());
    Optional<Mount> upon = now.mounts().numbered(place.mount()).flatMap(on -> upon(now, place, on));
    while (upon.isPresent()) {
      top = new Topmost(place, upon.get().id(), true);
      upon = now.mounts().over(upon.get());
    }
    return top;
  }

  /** What is mounted upon a place, which lies on that mount. */
  private static Optional<Mount> upon(Situation now, Place place, Mount on) {
    if (place.mountRoot()) {
      return now.mounts().over(on);
    }
    // Upon a symbolic link nothing is mounted.
    return place.isLink() || now.mounts().children(on).isEmpty()
        ? Optional.empty()
        : now.files().fullPath(place.path()).flatMap(path -> now.mounts().at(on, path));
  }

  /** The mount; empty: it is not in sight. */
  Optional<Mount> mount(Situation now) {
    return now.mounts().numbered(id);
  }

  /** Whether it is another mount than the one the path leads to. */
  boolean covers() {
    return id != place.mount();
  }
}
