package doqu;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each package may use those above it in this list, never those below. */
class ArchitectureTest {
  private static final List<String> ORDER =
      List.of(
          "kernel",
          "actor",
          "stage",
          "observe",
          "rootfs",
          "precondition",
          "step",
          "look",
          "lesson",
          "shell",
          "cli");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("doqu");

  @Test
  void packagesKeepTheirOrder() {
    for (int i = 0; i < ORDER.size(); i++) {
      String[] below =
          ORDER.subList(i + 1, ORDER.size()).stream()
              .map(p -> "doqu." + p + "..")
              .toArray(String[]::new);
      String here = "doqu." + ORDER.get(i) + "..";
      assertThat(CLASSES.stream().filter(resideInAnyPackage(here))).as(here).isNotEmpty();
      if (below.length > 0) {
        noClasses()
            .that()
            .resideInAPackage(here)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(below)
            .check(CLASSES);
      }
    }
  }

  @Test
  void everyClassIsInOneOfThem() {
    classes()
        .should()
        .resideInAnyPackage(ORDER.stream().map(p -> "doqu." + p + "..").toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void onlyTheShellUsesJline() {
    noClasses()
        .that()
        .resideOutsideOfPackage("doqu.shell..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.jline..")
        .check(CLASSES);
  }
}
