package doqu.look;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.observe.Mount;
import doqu.observe.Mounts;
import doqu.testing.NeedsOrdinaryUser;
import doqu.testing.NeedsRoot;
import doqu.testing.Syscall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The doctor on this machine, which lets doqu do what it wants. */
class DoctorTest {
  private static final long SELF = ProcessHandle.current().pid();

  private static String of(String check) {
    return Doctor.examine().stream()
        .filter(finding -> finding.check().equals(check))
        .findFirst()
        .map(Finding::says)
        .orElseThrow();
  }

  @Test
  void nothingIsBroken() {
    List<Finding> findings = Doctor.examine();
    assertThat(findings).noneMatch(Finding::isBroken);
    assertThat(Doctor.isBroken(findings)).isFalse();
    assertThat(findings)
        .filteredOn(finding -> finding.state() == Finding.State.OK)
        .extracting(Finding::check)
        .contains(
            "java",
            "native libraries",
            "kernel",
            "architecture",
            "C library",
            "user",
            "capabilities",
            "actor",
            "user namespaces",
            "id maps",
            "other namespaces",
            "mounts",
            "pivot_root",
            "stage");
    assertThat(findings)
        .extracting(Finding::check)
        .contains("limits", "cgroups", "noexec folders", "terminal", "pseudo-terminals")
        .contains("manual pages")
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsOkNeedsNoMendingAndAllElseSaysHow() {
    for (Finding finding : Doctor.examine()) {
      assertThat(finding.says()).as(finding.check()).isNotBlank().doesNotContain("\n");
      assertThat(finding.mend().isEmpty())
          .as(finding.line())
          .isEqualTo(finding.state() == Finding.State.OK);
    }
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    Doctor.examine(); // what is loaded and opened once
    long descriptors = Syscall.descriptors(SELF).count();
    String mounts = Files.readString(Path.of("/proc/self/mountinfo"));
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname"));
    Doctor.examine();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
    assertThat(Syscall.descriptors(SELF).count()).isEqualTo(descriptors);
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).isEqualTo(mounts);
    assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(hostname);
  }

  @Test
  @NeedsRoot
  void rootGivesIdsThatNobodyOwns() {
    assertThat(of("user")).startsWith("uid 0, gid 0");
    assertThat(of("id maps")).isEqualTo("the stage has 65536 ids, nobody's");
  }

  @Test
  @NeedsOrdinaryUser
  void anOrdinaryUserGivesItsOwn() {
    assertThat(of("user")).matches("uid [1-9]\\d*, gid \\d+");
    assertThat(of("capabilities")).isEqualTo("none");
    assertThat(of("id maps")).isEqualTo("the stage has one id, yours");
  }

  @Test
  void theMountAPathLiesOn() {
    Mounts mounts = Mounts.own();
    assertThat(mounts.holding(Path.of("/proc/self/fd")).map(Mount::type)).hasValue("proc");
    assertThat(mounts.holding(Path.of("/process")).map(Mount::point)).hasValue("/");
  }

  @Test
  void aLineSaysStateCheckAndWhatToDo() {
    assertThat(Finding.limited("cgroups", "version 1 only", "boot another way").line())
        .isEqualTo("limited  cgroups           version 1 only; boot another way");
    assertThat(Finding.ok("stage", "built").line()).isEqualTo("ok       stage             built");
  }
}
