/**
 * Where root file systems come from. Here: one built from this machine's own programs, with no
 * download.
 *
 * <p>{@link doqu.rootfs.MachineRootfs} reads the machine and answers with a {@link
 * doqu.rootfs.Plan}: directories, files and symbolic links in the order in which to lay them.
 * Nothing here writes to the machine; {@link doqu.rootfs.Laying} has an actor lay the entries,
 * which the kernel confines to what that actor may write to. What goes into one is data, the files
 * below {@code rootfs/} at the top of the repository ({@link doqu.rootfs.Description}).
 *
 * <p>May use {@code kernel}, {@code actor}, {@code stage} and {@code observe}.
 */
@NullMarked
package doqu.rootfs;

import org.jspecify.annotations.NullMarked;
