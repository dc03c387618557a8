package doqu.actor;

/**
 * The format of requests and replies: struct message of {@code src/main/c/actor.c}, little-endian.
 *
 * <p>A request is the header, a table of relocations, then data: strings, structures and room for
 * what the kernel writes. A reply is the same message with the result in the place of the number,
 * cut off at the reply length the request asked for.
 */
final class Wire {
  static final int NUMBER = 0;
  static final int ARGUMENTS = 8;
  static final int POINTERS = 56;
  static final int CHILD_CONTROL = 60;
  static final int RELOCATIONS = 64;
  static final int REPLY_LENGTH = 68;
  static final int RELOCATION_TABLE = 72;

  /** The most a message may hold; the actor has no room for more. */
  static final int SIZE = 65536;

  /** What a reply is when nothing but the result comes back. */
  static final int RESULT_ONLY = 8;

  /** The value of the child control when the call is none that returns twice. */
  static final int NO_CHILD = -1;

  private Wire() {}
}
