/**
 * The process on the stage: how it is started, told to make a system call, forked, and given a
 * terminal. Both ends of the wire format are named here: {@link doqu.actor.Wire} and {@code
 * src/main/c/actor.c}. May use {@code kernel}.
 */
@NullMarked
package doqu.actor;

import org.jspecify.annotations.NullMarked;
