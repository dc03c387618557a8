/**
 * Where root file systems come from. Here: one built from this machine's own programs, with no
 * download.
 *
 * <p>{@link doqu.rootfs.MachineRootfs} reads the machine and answers with a {@link
 * doqu.rootfs.Plan}: directories, files and symbolic links in the order in which to lay them.
 * Nothing here writes; the entries are laid by an actor that the kernel confines to the root file
 * system. What goes into one is data, the files below {@code rootfs/} at the top of the repository
 * ({@link doqu.rootfs.Description}).
 *
 * <p>Uses nothing but the JDK.
 */
@NullMarked
package doqu.rootfs;

import org.jspecify.annotations.NullMarked;
