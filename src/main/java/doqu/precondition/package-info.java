/** What each system call needs in order to succeed, and whether it holds for an actor now. */
@NullMarked
package doqu.precondition;

import org.jspecify.annotations.NullMarked;
