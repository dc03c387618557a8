/**
 * The prompt and everything a line goes through: splitting, running, showing. Only this package
 * uses JLine. May use every package above it.
 */
@NullMarked
package doqu.shell;

import org.jspecify.annotations.NullMarked;
