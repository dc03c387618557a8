/**
 * The commands that only look: none of them changes anything, none is recorded as a step. May use
 * {@code kernel}, {@code actor}, {@code stage}, {@code observe} and {@code step}.
 */
@NullMarked
package doqu.look;

import org.jspecify.annotations.NullMarked;
