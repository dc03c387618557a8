/**
 * The Linux ABI as data: system call numbers, errnos, flags, signals, capabilities, namespaces, and
 * the few C library functions doqu's own process calls. Uses nothing of doqu.
 */
@NullMarked
package doqu.kernel;

import org.jspecify.annotations.NullMarked;
