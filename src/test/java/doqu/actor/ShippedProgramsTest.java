package doqu.actor;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.kernel.Arch;
import doqu.testing.Needs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ELFs among the resources are what the C source beside them gives. */
class ShippedProgramsTest {
  @Test
  @Needs({"gcc", "aarch64-linux-gnu-gcc"})
  void areWhatTheSourceGives(@TempDir Path folder) throws Exception {
    Process build =
        new ProcessBuilder("sh", "src/main/c/build", folder.toString()).inheritIO().start();
    assertThat(build.waitFor()).isZero();
    for (Arch arch : Arch.values()) {
      for (String program : new String[] {"actor", "probe"}) {
        assertThat(Files.readAllBytes(folder.resolve(program + "-" + arch.machine())))
            .as(program + " for " + arch)
            .isEqualTo(ActorProgram.bytes(program, arch));
      }
    }
  }

  @Test
  @Needs("qemu-aarch64")
  void theProbeRunsOnAarch64(@TempDir Path folder) throws Exception {
    Path probe = folder.resolve("probe");
    Files.write(probe, ActorProgram.bytes("probe", Arch.AARCH64));
    Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("rwxr-xr-x"));
    Process run = new ProcessBuilder("qemu-aarch64", probe.toString(), "/no/such").start();
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).isEqualTo(1);
    assertThat(output).matches("pid \\d+, parent \\d+, hostname \\S+, /no/such is not there\n");
  }
}
