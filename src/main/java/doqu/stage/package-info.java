/**
 * The stage: the two layers of namespaces around the learner, the actors in it, and who has the
 * focus. May use {@code kernel} and {@code actor}.
 */
@NullMarked
package doqu.stage;

import org.jspecify.annotations.NullMarked;
