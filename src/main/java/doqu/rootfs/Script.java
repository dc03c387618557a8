package doqu.rootfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The first line of a script (execve(2), "Interpreter scripts").
 *
 * @param words the interpreter's path and what it is given
 */
record Script(List<String> words) {

  /** BINPRM_BUF_SIZE of the kernel: what is longer is cut off there too. */
  private static final int MAX_LINE = 256;

  /** The first line, or empty if the file does not start with {@code #!} and a path. */
  static Optional<Script> read(FileChannel file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_LINE);
    file.read(bytes, 0);
    String start = StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
    if (!start.startsWith("#!")) {
      return Optional.empty();
    }
    String line = start.split("[\n\0]", 2)[0];
    return line.matches("#![ \t]*/.*")
        ? Optional.of(new Script(List.of(line.substring(2).trim().split("[ \t]+"))))
        : Optional.empty();
  }

  String interpreter() {
    return words.get(0);
  }

  /** The program env(1) is to look for, if it is env that is started. */
  Optional<String> throughEnv() {
    return Route.nameOf(interpreter()).equals("env")
        ? words.stream()
            .skip(1)
            .filter(word -> !word.startsWith("-") && !word.contains("="))
            .findFirst()
        : Optional.empty();
  }
}
