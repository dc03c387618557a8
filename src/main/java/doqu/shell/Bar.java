package doqu.shell;

import doqu.rootfs.archive.Tapped;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * How far long work has got: on a terminal a bar that moves, elsewhere a line now and then. It is
 * also by which the work is given up.
 */
public final class Bar implements AutoCloseable {
  /** A size that is not known beforehand. */
  static final long UNKNOWN = -1;

  private static final int LENGTH = 20;
  private static final long MOMENT = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long WHILE = TimeUnit.SECONDS.toNanos(10);

  private final PrintStream to;
  private final boolean terminal;
  private final long begun = System.nanoTime();
  private long shown = begun;
  private boolean drawn;
  private volatile boolean givenUp;

  /**
   * A bar.
   *
   * @param terminal whether what it is printed to is one
   */
  public Bar(PrintStream to, boolean terminal) {
    this.to = to;
    this.terminal = terminal;
  }

  /** Gives up the work, from another thread: its next read fails. */
  void giveUp() {
    givenUp = true;
  }

  /** Shows how much of a stream has been read. */
  InputStream watch(InputStream in, long size) {
    return new Tapped(in) {
      private long count;

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        if (givenUp) {
          throw new IOException("it was given up");
        }
        int read = in.read(buffer, offset, length);
        count += Math.max(0, read);
        show(count, size);
        return read;
      }
    };
  }

  private void show(long done, long size) {
    long now = System.nanoTime();
    if (now - shown < (terminal ? MOMENT : WHILE)) {
      return;
    }
    shown = now;
    String line = line(done, size, (now - begun) / 1e9);
    if (terminal) {
      to.print("\r\033[K" + line);
      to.flush();
      drawn = true;
    } else {
      to.println(line);
    }
  }

  /** {@code [##### ] 3.1 MiB of 8.0 MiB, 1.2 MiB/s, 4 s left}. */
  static String line(long done, long size, double seconds) {
    String rate = Amount.of((long) (done / seconds)) + "/s";
    if (size <= 0) {
      return Amount.of(done) + ", " + rate;
    }
    int full = (int) (LENGTH * Math.min(done, size) / size);
    long left = (long) Math.ceil(seconds * (size - done) / Math.max(1, done));
    return "[%s%s] %s of %s, %s, %d s left"
        .formatted(
            "#".repeat(full),
            " ".repeat(LENGTH - full),
            Amount.of(done),
            Amount.of(size),
            rate,
            Math.max(0, left));
  }

  @Override
  public void close() {
    if (drawn) {
      to.print("\r\033[K");
      to.flush();
    }
  }
}
