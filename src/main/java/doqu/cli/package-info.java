/** The entry point of the program. May use every other package. */
@NullMarked
package doqu.cli;

import org.jspecify.annotations.NullMarked;
