package doqu.step;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** A line that cannot be carried out as it is written. Nothing was changed by it. */
public final class Mistake extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** One line that names the offending word. */
  public Mistake(String line) {
    super(line, null, false, false);
  }

  /** A word that is none of those known, with the nearest of them. */
  public static Mistake unknown(String kind, String word, Collection<String> known) {
    return noneOf("unknown " + kind + " '" + word + "'", word, known);
  }

  /** The same in other words. */
  public static Mistake noneOf(String why, String word, Collection<String> known) {
    return new Mistake(
        why + nearest(word, known).map(near -> "; did you mean '" + near + "'?").orElse(""));
  }

  /**
   * The known word that takes the fewest changes to get to, if they are few enough; of several one
   * that begins so.
   */
  static Optional<String> nearest(String word, Collection<String> known) {
    String best = null;
    int fewest = Math.max(2, word.length() / 3) + 1;
    for (String candidate : known) {
      if (Math.abs(word.length() - candidate.length()) > fewest) {
        continue; // to count would take long for a word of a million letters
      }
      int changes = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      boolean begun = best != null && candidate.startsWith(word) && !best.startsWith(word);
      if (changes < fewest || (changes == fewest && begun)) {
        fewest = changes;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
