package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jline.utils.InfoCmp;
import org.jline.utils.InfoCmp.Capability;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What doqu knows of its terminal, beside what JLine knows of the same. */
class SystemTerminalTest {
  /** Whom doqu does not use, and those who name all of them. */
  private static final List<String> OTHERS =
      List.of("org.jline.builtins", "org.jline.console", "org.jline.utils.InfoCmp");

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
    assertThat(asked).hasSizeGreaterThan(30);
    assertThat(SystemTerminal.ASKED.values()).extracting(Enum::name).containsAll(asked);
  }

  private record Table(
      Set<Capability> bools, Map<Capability, Integer> ints, Map<Capability, String> strings) {
    Table() {
      this(
          EnumSet.noneOf(Capability.class),
          new EnumMap<>(Capability.class),
          new EnumMap<>(Capability.class));
    }

    Table asked() {
      bools.retainAll(SystemTerminal.ASKED.values());
      ints.keySet().retainAll(SystemTerminal.ASKED.values());
      strings.keySet().retainAll(SystemTerminal.ASKED.values());
      return this;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ansi",
        "rxvt",
        "rxvt-unicode",
        "rxvt-unicode-256color",
        "screen",
        "screen-256color",
        "windows",
        "xterm",
        "xterm-256color"
      })
  void itReadsADescriptionAsJlineDoes(String type) {
    String description = Objects.requireNonNull(InfoCmp.getDefaultInfoCmp(type));
    Table jlines = new Table();
    InfoCmp.parseInfoCmp(description, jlines.bools, jlines.ints, jlines.strings);
    Table ours = new Table();
    SystemTerminal.read(description, ours.bools, ours.ints, ours.strings);
    assertThat(ours).isEqualTo(jlines.asked());
    assertThat(ours.strings).hasSizeGreaterThan(15);
  }

  @Test
  void itReadsWhatInfocmpPrints() {
    String printed =
        "#\tReconstructed via infocmp, am, from file: /x\n"
            + "one|am, cr=names,\n"
            + "\tam, colors#0x100, it#8,\n"
            + "\tcr=\\r, ed=\\E[J, xenl@,\n";
    Table table = new Table();
    SystemTerminal.read(printed, table.bools, table.ints, table.strings);
    assertThat(table.bools).containsExactly(Capability.auto_right_margin);
    assertThat(table.ints).isEqualTo(Map.of(Capability.max_colors, 256));
    assertThat(table.strings)
        .isEqualTo(Map.of(Capability.carriage_return, "\\r", Capability.clr_eos, "\\E[J"));
  }
}
