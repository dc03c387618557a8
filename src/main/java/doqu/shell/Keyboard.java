package doqu.shell;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.jline.utils.NonBlockingReader;

/**
 * What is typed at a terminal while a line is read. The key that interrupts is one among the others
 * then, and interrupts in its turn: as a signal it would come beside them, and what is typed behind
 * it would go into the line that it gives up.
 */
final class Keyboard extends NonBlockingReader {
  private static final int NO_KEY = Integer.MIN_VALUE;

  private final NonBlockingReader keys;

  /** What came in one piece and is not asked for yet. */
  private final StringBuilder behind = new StringBuilder();

  private int interrupts = NO_KEY;

  Keyboard(NonBlockingReader keys) {
    this.keys = keys;
  }

  /** Says which key interrupts: who reads it is told by an {@link InterruptedIOException}. */
  void interruptsBy(int key) {
    interrupts = key;
  }

  @Override
  protected int read(long timeout, boolean isPeek) throws IOException {
    int key;
    if (behind.length() == 0) {
      key = isPeek ? keys.peek(timeout) : keys.read(timeout);
    } else {
      key = behind.charAt(0);
      behind.delete(0, isPeek ? 0 : 1);
    }
    if (key == interrupts && !isPeek) {
      throw new InterruptedIOException();
    }
    return key;
  }

  @Override
  public int readBuffered(char[] b, int off, int len, long timeout) throws IOException {
    if (behind.length() == 0) {
      char[] come = new char[len];
      int count = keys.readBuffered(come, 0, len, timeout);
      if (count <= 0) {
        return count;
      }
      behind.append(come, 0, count);
    }
    int count = 0;
    while (count < Math.min(len, behind.length()) && behind.charAt(count) != interrupts) {
      b[off + count] = behind.charAt(count);
      count++;
    }
    if (count == 0) {
      return read(timeout, false); // that key, which interrupts
    }
    behind.delete(0, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    super.close();
    keys.close();
  }
}
