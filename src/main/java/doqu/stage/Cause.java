package doqu.stage;

/**
 * What of a machine forbids a call.
 *
 * @param evidence what was found, and where anyone can find it
 * @param mend what changes that: a command, or whom to ask
 */
public record Cause(String evidence, String mend) {}
