package doqu.actor;

import java.util.List;

/**
 * What came back of a call.
 *
 * @param value what the kernel returned: a result, or an errno negated
 * @param blocks for each argument its block as it is after the call; as sent if it does not come
 *     back
 */
public record Reply(long value, List<byte[]> blocks) {

  /** Whether the call failed. */
  public boolean failed() {
    return value < 0 && value >= -4095;
  }

  /** The errno it failed with; 0 when it did not. */
  public int errno() {
    return failed() ? (int) -value : 0;
  }

  /** The block of one argument as it is after the call. */
  public byte[] block(int argument) {
    return blocks.get(argument);
  }
}
