/**
 * What the kernel says of an actor: readers of /proc, snapshots, and what differs between two. May
 * use {@code kernel}, {@code actor} and {@code stage}.
 */
@NullMarked
package doqu.observe;

import org.jspecify.annotations.NullMarked;
