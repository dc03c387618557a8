package doqu.actor;

import java.util.ArrayList;
import java.util.List;

/**
 * Where in a message the parts of one call lie, in the request as in the reply.
 *
 * @param relocations how many entries the relocation table has
 * @param offsets for each argument, where its block lies
 * @param replyLength how much of the message comes back
 * @param end the length of the request
 */
record Layout(int relocations, List<Integer> offsets, int replyLength, int end) {

  /**
   * Lays out a call.
   *
   * @throws CallTooLong when its arguments do not fit into a message
   */
  static Layout of(Call call) {
    int relocations = 0;
    for (Arg arg : call.args()) {
      relocations += arg.pointers().size();
    }
    int end = aligned(Wire.RELOCATION_TABLE + (long) Integer.BYTES * relocations, call);
    int replyLength = Wire.RESULT_ONLY;
    List<Integer> offsets = new ArrayList<>(call.args().size());
    for (Arg arg : call.args()) {
      offsets.add(end);
      long blockEnd = (long) end + arg.block().length;
      end = aligned(blockEnd, call);
      if (arg.comesBack()) {
        replyLength = (int) blockEnd;
      }
    }
    return new Layout(relocations, offsets, replyLength, end);
  }

  private static int aligned(long at, Call call) {
    long end = at + 7 & ~7L;
    if (end > Wire.SIZE) {
      throw new CallTooLong(call.name());
    }
    return (int) end;
  }

  int offset(int argument) {
    return argument < offsets.size() ? offsets.get(argument) : 0;
  }
}
