package doqu.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The kernel's names as text, none of whose bytes get lost: it takes any byte in them but two, and
 * a byte that is not part of UTF-8 stands as a surrogate alone, which UTF-8 never has.
 */
public final class ByteText {
  private static final char FIRST = '\udc00';
  private static final Pattern ALONE = Pattern.compile("(?<![\ud800-\udbff])[\udc80-\udcff]");

  private ByteText() {}

  /** The text of some bytes. */
  public static String of(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (FIRST | Byte.toUnsignedInt(in.get())));
      }
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  /** The bytes of a text. */
  public static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int from = 0;
    for (var alone = ALONE.matcher(text); alone.find(); from = alone.end()) {
      bytes.writeBytes(text.substring(from, alone.start()).getBytes(StandardCharsets.UTF_8));
      bytes.write(text.charAt(alone.start()) - FIRST);
    }
    bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  /** Whether all of it can be printed, and typed. */
  public static boolean isText(String text) {
    return !ALONE.matcher(text).find();
  }

  /** A text to be printed: what is not UTF-8 as strace has it, {@code \377}. */
  public static String shown(String text) {
    return isText(text)
        ? text
        : ALONE
            .matcher(text)
            .replaceAll(one -> "\\\\" + Integer.toOctalString(one.group().charAt(0) - FIRST));
  }
}
