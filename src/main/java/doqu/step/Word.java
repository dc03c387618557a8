package doqu.step;

/**
 * One word of a line.
 *
 * @param text what it says, quotes and backslashes gone
 * @param quoted whether any part of it was quoted: then it is a string, whatever it looks like
 */
public record Word(String text, boolean quoted) {
  @Override
  public String toString() {
    return text;
  }
}
