package doqu.step;

import doqu.kernel.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words by which unshare(1), nsenter(1) and the kernel name namespaces. */
final class NamespaceWords {
  private NamespaceWords() {}

  /** The flags of one word: {@code uts}, {@code -um}, {@code --mount}, {@code CLONE_NEWPID}. */
  static long flags(String word) {
    long flags = 0;
    if (word.matches("-[^-].*")) {
      for (char letter : word.substring(1).toCharArray()) {
        flags |= ofOption(letter).flag();
      }
      return flags;
    }
    for (String part : word.split("[|,]", -1)) {
      String bare = part.startsWith("--") ? part.substring(2) : part;
      flags |=
          Namespace.parse(bare)
              .orElseThrow(() -> Mistake.unknown("namespace", part, words()))
              .flag();
    }
    return flags;
  }

  private static Namespace ofOption(char letter) {
    return Arrays.stream(Namespace.values())
        .filter(namespace -> namespace.option() == letter)
        .findFirst()
        .orElseThrow(
            () ->
                new Mistake(
                    "unknown option '-"
                        + letter
                        + "'; there are "
                        + Arrays.stream(Namespace.values())
                            .map(n -> "-" + n.option())
                            .collect(Collectors.joining(" "))));
  }

  private static List<String> words() {
    return Arrays.stream(Namespace.values())
        .flatMap(n -> Stream.of(n.file(), n.flagName(), "--" + n.longOption()))
        .toList();
  }
}
