/**
 * Guided lessons as data: a course, its lessons, the steps of a lesson with their goals, and how
 * far a learner has got. It says whether the kernel's state meets a goal; who shows that is the
 * shell.
 */
@NullMarked
package doqu.lesson;

import org.jspecify.annotations.NullMarked;
