package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jline.utils.InfoCmp;
import org.jline.utils.InfoCmp.Capability;
import org.junit.jupiter.api.Test;

/** The list of terminal capabilities that doqu has in the place of JLine's longer one. */
class CapabilitiesTest {
  private static final String LIST = "org/jline/utils/capabilities.txt";

  /** Whom doqu does not use, and those who name all of them. */
  private static final List<String> OTHERS =
      List.of("org.jline.builtins", "org.jline.console", "org.jline.utils.InfoCmp");

  private static List<String> lines(URL list) throws IOException {
    try (var stream = list.openStream()) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }

  @Test
  void itHasWhateverJlineAndDoquAskFor() {
    Set<String> asked =
        new ClassFileImporter()
            .importPackages("org.jline", "doqu").stream()
                .filter(one -> OTHERS.stream().noneMatch(one.getName()::startsWith))
                .flatMap((JavaClass one) -> one.getFieldAccessesFromSelf().stream())
                .map(JavaFieldAccess::getTarget)
                .filter(field -> field.getOwner().isEquivalentTo(Capability.class))
                .map(field -> field.getName())
                .collect(Collectors.toSet());
    Set<String> known =
        EnumSet.copyOf(InfoCmp.getCapabilitiesByName().values()).stream()
            .map(Enum::name)
            .collect(Collectors.toSet());
    assertThat(asked).hasSizeGreaterThan(30);
    assertThat(known).containsAll(asked);
  }

  @Test
  void itSaysWhatJlinesSays() throws IOException {
    List<URL> lists = Collections.list(InfoCmp.class.getClassLoader().getResources(LIST));
    assertThat(lists).hasSize(2);
    assertThat(lines(lists.get(0))).hasSizeLessThan(100);
    assertThat(lines(lists.get(1))).hasSizeGreaterThan(400).containsAll(lines(lists.get(0)));
  }
}
