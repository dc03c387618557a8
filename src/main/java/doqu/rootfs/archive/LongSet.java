package doqu.rootfs.archive;

/** Many numbers in little room: 16 bytes each at most, where a {@code Set<Long>} takes 50. */
final class LongSet {
  private static final int LEAST = 1024;

  private long[] slots = new long[LEAST];
  private int size;

  void add(long number) {
    long stored = number == 0 ? 1 : number; // 0 is an empty slot
    int at = slot(stored);
    if (slots[at] == stored) {
      return;
    }
    slots[at] = stored;
    size++;
    if (size > slots.length / 2) {
      grow();
    }
  }

  boolean contains(long number) {
    long stored = number == 0 ? 1 : number;
    return slots[slot(stored)] == stored;
  }

  void clear() {
    slots = new long[LEAST];
    size = 0;
  }

  private int slot(long stored) {
    int at = (int) (stored ^ stored >>> 32) & (slots.length - 1);
    while (slots[at] != 0 && slots[at] != stored) {
      at = at + 1 & (slots.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[2 * before.length];
    for (long stored : before) {
      if (stored != 0) {
        slots[slot(stored)] = stored;
      }
    }
  }
}
