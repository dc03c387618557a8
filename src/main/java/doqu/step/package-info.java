/**
 * The commands that change something, one small class or row each, and the record a step leaves.
 * May use {@code kernel}, {@code actor}, {@code stage}, {@code observe} and {@code rootfs}.
 */
@NullMarked
package doqu.step;

import org.jspecify.annotations.NullMarked;
