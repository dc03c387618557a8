/** What decides whether a test can run here. */
@NullMarked
package doqu.testing;

import org.jspecify.annotations.NullMarked;
