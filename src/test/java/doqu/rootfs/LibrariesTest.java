package doqu.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where libraries are looked for (ld.so(8)), on machines made for the purpose. */
class LibrariesTest {
  private static final String LD_SO = "/lib64/ld-linux-x86-64.so.2";

  @TempDir Path root;
  private FakeMachine machine;

  @BeforeEach
  void aMachineWithALinker() throws IOException {
    machine = new FakeMachine(root).elf(LD_SO, library());
  }

  private static CraftedElf program() {
    return CraftedElf.of64Bits().interpreter(LD_SO);
  }

  private static CraftedElf library() {
    return CraftedElf.of64Bits();
  }

  private List<String> libraries() {
    return FakeMachine.files(machine.plan("x")).stream()
        .filter(line -> !line.endsWith("/x") && !line.endsWith(LD_SO))
        .toList();
  }

  @Test
  void followsNeededLibrariesOfLibraries() throws IOException {
    machine
        .elf("/bin/x", program().needs("liba.so"))
        .link("/usr/lib/x86_64-linux-gnu/liba.so", "liba.so.1.2")
        .elf("/usr/lib/x86_64-linux-gnu/liba.so.1.2", library().needs("libb.so", "liba.so"))
        .file("/lib/libb.so", 0644, library().bytes());
    assertThat(libraries())
        .containsExactly(
            "644 /lib/libb.so",
            "/usr/lib/x86_64-linux-gnu/liba.so -> liba.so.1.2",
            "755 /usr/lib/x86_64-linux-gnu/liba.so.1.2");
  }

  @Test
  void skipsALibraryOfAnotherClass() throws IOException {
    machine
        .elf("/bin/x", program().needs("liba.so"))
        .elf("/lib64/liba.so", CraftedElf.of32Bits())
        .elf("/usr/lib/liba.so", library());
    assertThat(libraries()).containsExactly("755 /usr/lib/liba.so");
  }

  @Test
  void skipsWhatOnlyLooksLikeALibrary() throws IOException {
    machine
        .elf("/bin/x", program().needs("liba.so"))
        .text("/lib64/liba.so", "GROUP ( /lib64/libc.so.6 ) ".repeat(5))
        .link("/usr/lib64/liba.so", "liba.so")
        .folder("/lib/liba.so")
        .elf("/usr/lib/liba.so", library());
    assertThat(libraries()).containsExactly("755 /usr/lib/liba.so");
  }

  @Test
  void a32BitProgramGets32BitLibraries() throws IOException {
    machine
        .elf("/bin/x", CraftedElf.of32Bits().interpreter("/lib/ld-linux.so.2").needs("liba.so"))
        .elf("/lib/ld-linux.so.2", CraftedElf.of32Bits())
        .elf("/lib64/liba.so", library())
        .elf("/lib/i386-linux-gnu/liba.so", CraftedElf.of32Bits());
    assertThat(libraries())
        .containsExactly("755 /lib/i386-linux-gnu/liba.so", "755 /lib/ld-linux.so.2");
  }

  @Test
  void runpathComesFirstAndKnowsOrigin() throws IOException {
    machine
        .link("/bin/x", "/opt/app/bin/x")
        .elf(
            "/opt/app/bin/x",
            program().needs("liba.so", "libb.so").runpath("/gone:$ORIGIN/../lib:${ORIGIN}/../$LIB"))
        .elf("/opt/app/lib/liba.so", library())
        .elf("/opt/app/lib64/libb.so", library())
        .elf("/lib64/liba.so", library());
    assertThat(libraries())
        .containsExactly("755 /opt/app/lib/liba.so", "755 /opt/app/lib64/libb.so");
  }

  @Test
  void rpathHoldsForLibrariesOfLibrariesAndRunpathDoesNot() throws IOException {
    machine
        .elf("/opt/lib/liba.so", library().needs("libb.so"))
        .elf("/opt/lib/libb.so", library())
        .elf("/bin/x", program().needs("liba.so").rpath("/opt/lib"));
    assertThat(libraries()).containsExactly("755 /opt/lib/liba.so", "755 /opt/lib/libb.so");

    machine.elf("/bin/x", program().needs("liba.so").runpath("/opt/lib"));
    Plan plan = machine.plan("x");
    assertThat(plan.missingLibraries()).containsExactly("libb.so");
    assertThat(plan.problems()).containsExactly("x: its library libb.so is not found");
    assertThat(FakeMachine.files(plan)).contains("755 /bin/x", "755 /opt/lib/liba.so");

    machine.elf("/bin/x", program().needs("liba.so").rpath("/opt/lib").runpath("/gone"));
    assertThat(machine.plan("x").missingLibraries()).containsExactly("liba.so");
  }

  @Test
  void readsTheFoldersOfLdSoConf() throws IOException {
    machine
        .text("/etc/ld.so.conf", "# none\ninclude ld.so.conf.d/*.conf\n/opt/last # why\n")
        .text("/etc/ld.so.conf.d/b.conf", "/opt/b\n")
        .text("/etc/ld.so.conf.d/a.conf", "/opt/a=libc6\ninclude /etc/ld.so.con*\n")
        .text("/etc/ld.so.conf.d/c.other", "/opt/c\n")
        .text("/etc/ld.so.cache", "cache")
        .elf("/bin/x", program().needs("liba.so", "libb.so", "libc.so", "libl.so"))
        .elf("/opt/a/liba.so", library())
        .elf("/opt/b/liba.so", library())
        .elf("/opt/b/libb.so", library())
        .elf("/opt/c/libc.so", library())
        .elf("/opt/last/libl.so", library());
    assertThat(libraries())
        .containsExactly(
            "644 /etc/ld.so.cache",
            "755 /opt/a/liba.so",
            "755 /opt/b/libb.so",
            "755 /opt/last/libl.so");
    assertThat(machine.plan("x").missingLibraries()).containsExactly("libc.so");
  }

  @Test
  void takesAlongWhatOldGlibcLooksUsersUpWith() throws IOException {
    machine.elf("/bin/x", program().needs("libc.so.6")).elf("/lib64/libc.so.6", library());
    assertThat(libraries()).containsExactly("755 /lib64/libc.so.6");
    assertThat(machine.plan("x").missingLibraries()).isEmpty();
    machine.elf("/lib64/libnss_files.so.2", library().needs("libc.so.6"));
    assertThat(libraries()).containsExactly("755 /lib64/libc.so.6", "755 /lib64/libnss_files.so.2");
  }

  @Test
  void muslHasFoldersOfItsOwnAndLibcInside() throws IOException {
    machine
        .elf(
            "/bin/x",
            CraftedElf.of64Bits()
                .interpreter("/lib/ld-musl-x86_64.so.1")
                .needs("libc.musl-x86_64.so.1", "libz.so.1"))
        .elf("/lib/ld-musl-x86_64.so.1", library())
        .elf("/lib64/libz.so.1", library())
        .elf("/usr/local/lib/libz.so.1", library());
    assertThat(libraries())
        .containsExactly("755 /lib/ld-musl-x86_64.so.1", "755 /usr/local/lib/libz.so.1");

    machine.text("/etc/ld-musl-x86_64.path", "/gone:/opt/musl\n/usr/lib\n");
    machine.elf("/opt/musl/libz.so.1", library());
    assertThat(libraries())
        .containsExactly(
            "644 /etc/ld-musl-x86_64.path",
            "755 /lib/ld-musl-x86_64.so.1",
            "755 /opt/musl/libz.so.1");
    assertThat(machine.plan("x").problems()).isEmpty();
  }

  @Test
  void aStaticProgramNeedsNothing() throws IOException {
    machine.elf("/bin/x", CraftedElf.of64Bits().needs("liba.so")).text("/etc/ld.so.cache", "cache");
    assertThat(FakeMachine.files(machine.plan("x"))).containsExactly("755 /bin/x");
  }
}
