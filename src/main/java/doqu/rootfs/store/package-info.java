/**
 * The root file systems a user keeps, each under a name, whatever they came from. {@link
 * doqu.rootfs.store.Store} holds them; how one is filled is for its caller to say.
 */
@NullMarked
package doqu.rootfs.store;

import org.jspecify.annotations.NullMarked;
