package doqu.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No byte of a name gets lost, whatever it is. */
class ByteTextTest {
  @ParameterizedTest
  @CsvSource({
    "2f746d70, /tmp",
    "c3a4, \u00e4",
    "f09f9880, \ud83d\ude00",
    "ff, \\377",
    "61c3, a\\303",
    "c328, \\303(",
    "eda080, \\355\\240\\200",
    "f09f98, \\360\\237\\230",
    "80f09f988081, \\200\ud83d\ude00\\201"
  })
  void anyBytesAreATextAndBack(String hex, String shown) {
    String text = ByteText.of(HexFormat.of().parseHex(hex));
    assertThat(HexFormat.of().formatHex(ByteText.bytes(text))).isEqualTo(hex);
    assertThat(ByteText.shown(text)).isEqualTo(shown);
    assertThat(ByteText.isText(text)).isEqualTo(!shown.contains("\\"));
  }
}
