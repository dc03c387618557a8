/**
 * Images as containers are shipped: the OCI image layout, and what {@code docker save} writes.
 * {@link doqu.rootfs.image.Image} says which layers there are, and unpacks them one over the other.
 */
@NullMarked
package doqu.rootfs.image;

import org.jspecify.annotations.NullMarked;
