/**
 * Root file systems as archives: read, checked and unpacked, and written again.
 *
 * <p>{@link doqu.rootfs.archive.Compression} takes off what an archive is packed in, {@link
 * doqu.rootfs.archive.TarReader} tells its {@link doqu.rootfs.archive.Item}s one after another, and
 * {@link doqu.rootfs.archive.Unpacking} has an actor that is enclosed in the destination make them.
 * Nothing of what an archive says is trusted: names are bytes, lengths are bounded, and where a
 * name leads the kernel decides, inside the enclosure.
 *
 * <p>Names are in the way of {@link doqu.kernel.ByteText}, in which none of their bytes get lost:
 * two that differ must not become one.
 */
@NullMarked
package doqu.rootfs.archive;

import org.jspecify.annotations.NullMarked;
