package doqu.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How programs are found and what comes with them, on machines made for the purpose. */
@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProgramsTest {
  @TempDir Path root;
  private FakeMachine machine;

  @BeforeEach
  void anEmptyMachine() throws IOException {
    machine = new FakeMachine(root);
  }

  /** JUnit warns of each absolute link it meets when it removes the folder. */
  @AfterEach
  void removeLinks() throws IOException {
    LaidRootfs.removeLinks(root);
  }

  @Test
  void keepsEveryLinkOnTheWay() throws IOException {
    machine
        .folder("/usr/bin")
        .link("/bin", "usr/bin")
        .link("/usr/bin/pager", "/etc/alternatives/pager")
        .link("/etc/alternatives/pager", "../../bin/more")
        .elf("/usr/bin/more", CraftedElf.of64Bits());
    assertThat(FakeMachine.files(machine.plan("pager")))
        .containsExactly(
            "/bin -> usr/bin",
            "/etc/alternatives/pager -> ../../bin/more",
            "755 /usr/bin/more",
            "/usr/bin/pager -> /etc/alternatives/pager");
  }

  @Test
  void listsADirectoryBeforeWhatIsInIt() throws IOException {
    machine
        .link("/bin", "usr/bin")
        .elf("/usr/bin/ls", CraftedElf.of64Bits())
        .link("/usr/sbin", "bin");
    Plan plan =
        machine.plan(
            List.of(
                new Entry.Directory("/var/tmp", 01777),
                new Entry.Directory("/var", 0700),
                new Entry.RegularFile("/bin/probe", 0755, Source.of("x"))),
            "ls");
    List<String> paths = plan.entries().stream().map(Entry::path).toList();
    assertThat(paths).doesNotHaveDuplicates().contains("/usr/bin/probe", "/var/tmp");
    for (String path : paths) {
      String folder = path.substring(0, path.lastIndexOf('/'));
      assertThat(folder.isEmpty() || paths.indexOf(folder) < paths.indexOf(path)).isTrue();
    }
    assertThat(plan.entries())
        .contains(new Entry.Directory("/var", 0700), new Entry.Directory("/var/tmp", 01777));
  }

  @Test
  void linksProgramsOfNixOsWherePathLeads() throws IOException {
    machine
        .link("/run/current-system", "/nix/store/1-system")
        .link("/nix/store/1-system/sw/bin/ls", "/nix/store/2-coreutils/bin/ls")
        .link("/nix/store/2-coreutils/bin/ls", "coreutils")
        .elf(
            "/nix/store/2-coreutils/bin/coreutils",
            CraftedElf.of64Bits()
                .interpreter("/nix/store/3-glibc/lib/ld-linux-x86-64.so.2")
                .needs("libc.so.6")
                .runpath("/nix/store/4-acl/lib:/nix/store/3-glibc/lib"))
        .elf("/nix/store/3-glibc/lib/ld-linux-x86-64.so.2", CraftedElf.of64Bits())
        .elf("/nix/store/3-glibc/lib/libc.so.6", CraftedElf.of64Bits());
    Plan plan = machine.plan("ls");
    assertThat(plan.problems()).isEmpty();
    assertThat(FakeMachine.files(plan))
        .containsExactly(
            "/bin/ls -> /nix/store/2-coreutils/bin/coreutils",
            "/nix/store/1-system/sw/bin/ls -> /nix/store/2-coreutils/bin/ls",
            "755 /nix/store/2-coreutils/bin/coreutils",
            "/nix/store/2-coreutils/bin/ls -> coreutils",
            "755 /nix/store/3-glibc/lib/ld-linux-x86-64.so.2",
            "755 /nix/store/3-glibc/lib/libc.so.6",
            "/run/current-system -> /nix/store/1-system");
  }

  @Test
  void aSetuidProgramLosesTheBit() throws IOException {
    machine.file("/bin/mount", 06755, CraftedElf.of64Bits().bytes());
    machine.file("/bin/su", 04711, CraftedElf.of64Bits().bytes());
    assertThat(FakeMachine.files(machine.plan("mount"))).containsExactly("755 /bin/mount");
    assertThat(FakeMachine.files(machine.plan("su"))).containsExactly("755 /bin/su");
  }

  @Test
  void followsInterpretersOfScripts() throws IOException {
    machine
        .script("/usr/bin/which", "#! /bin/sh -e\n")
        .link("/bin/sh", "dash")
        .elf(
            "/bin/dash",
            CraftedElf.of64Bits().interpreter("/lib64/ld.so").needs("libc.so.6", "libedit.so.2"))
        .elf("/lib64/ld.so", CraftedElf.of64Bits())
        .elf("/lib64/libc.so.6", CraftedElf.of64Bits())
        .elf("/lib64/libedit.so.2", CraftedElf.of64Bits());
    assertThat(FakeMachine.files(machine.plan("which")))
        .containsExactly(
            "755 /bin/dash",
            "/bin/sh -> dash",
            "755 /lib64/ld.so",
            "755 /lib64/libc.so.6",
            "755 /lib64/libedit.so.2",
            "755 /usr/bin/which");
  }

  @Test
  void followsTheProgramThatEnvLooksFor() throws IOException {
    machine
        .script("/usr/bin/tool", "#!/usr/bin/env -S A=b python3 -u\n")
        .elf("/usr/bin/env", CraftedElf.of64Bits())
        .elf("/run/current-system/sw/bin/python3", CraftedElf.of64Bits());
    assertThat(FakeMachine.files(machine.plan("tool")))
        .containsExactly(
            "/bin/python3 -> /run/current-system/sw/bin/python3",
            "755 /run/current-system/sw/bin/python3",
            "755 /usr/bin/env",
            "755 /usr/bin/tool");
  }

  @Test
  void tellsWhatIsWrongWithAProgramAndGoesOn() throws Exception {
    machine
        .link("/bin/loop", "pool")
        .link("/bin/pool", "loop")
        .link("/bin/dangling", "/opt/gone")
        .script("/bin/plain", "echo no first line for the kernel\n".repeat(9))
        .script("/bin/empty", "")
        .script("/bin/itself", "#!/bin/itself\n")
        .script("/bin/envself", "#!/usr/bin/env envself\n")
        .script("/bin/orphan", "#!/usr/bin/env perl\n")
        .script("/bin/lone", "#!/opt/gone\n")
        .elf("/usr/bin/env", CraftedElf.of64Bits())
        .elf("/bin/noloader", CraftedElf.of64Bits().interpreter("/lib64/gone.so"))
        .text("/bin/data", "not executable")
        .folder("/bin/folder")
        .file("/bin/cut", 0755, java.util.Arrays.copyOf(CraftedElf.of64Bits().bytes(), 100))
        .elf("/bin/good", CraftedElf.of64Bits());
    assertThat(new ProcessBuilder("mkfifo", "-m", "755", root + "/bin/fifo").start().waitFor())
        .isZero();
    Plan plan =
        machine.plan(
            "loop",
            "dangling",
            "plain",
            "empty",
            "itself",
            "envself",
            "orphan",
            "lone",
            "noloader",
            "data",
            "folder",
            "cut",
            "fifo",
            "gone",
            "less|more",
            "good");
    assertThat(plan.problems())
        .containsExactly(
            "loop: /bin/loop is a link that leads to itself",
            "dangling: /bin/dangling is a link to /opt/gone, which is no program",
            "plain: /bin/plain is neither an ELF file nor a script",
            "empty: /bin/empty is neither an ELF file nor a script",
            "itself: /bin/itself is a script for a script, too many times for the kernel",
            "envself: /bin/envself is a script for a script, too many times for the kernel",
            "orphan: /bin/orphan is a script for perl, which is not there",
            "lone: /opt/gone is not there",
            "noloader: its ELF interpreter /lib64/gone.so is not there",
            "data: /bin/data is not an executable file",
            "folder: /bin/folder is not an executable file",
            "cut: /bin/cut is damaged: it points beyond its own end",
            "fifo: /bin/fifo is not an executable file");
    assertThat(plan.missingPrograms()).containsExactly("gone", "less or more");
    assertThat(FakeMachine.files(plan)).containsExactly("755 /bin/good");
  }

  /** Root may read everything; anyone else is told. */
  @Test
  void tellsOfAProgramThatMayNotBeRead() throws IOException {
    machine.file("/bin/secret", 0311, CraftedElf.of64Bits().bytes());
    Plan plan = machine.plan("secret");
    if (Files.isReadable(root.resolve("bin/secret"))) {
      assertThat(FakeMachine.files(plan)).containsExactly("755 /bin/secret");
    } else {
      assertThat(plan.problems())
          .containsExactly("secret: " + root.resolve("bin/secret") + " may not be read");
    }
  }

  @Test
  void takesTheFirstOfTheAlternatives() throws IOException {
    machine.elf("/bin/more", CraftedElf.of64Bits()).elf("/bin/most", CraftedElf.of64Bits());
    Plan plan = machine.plan("less|more|most");
    assertThat(FakeMachine.files(plan)).containsExactly("755 /bin/more");
    assertThat(plan.missingPrograms()).isEmpty();
  }

  @Test
  void busyboxStandsInForWhatItHas() throws IOException {
    machine
        .script("/usr/bin/busybox", "#!/bin/sh\necho ls; echo '['; echo ..; echo a/b\n")
        .elf("/bin/sh", CraftedElf.of64Bits())
        .elf("/bin/ls", CraftedElf.of64Bits())
        .elf("/bin/cat", CraftedElf.of64Bits());
    Plan plan = machine.plan("busybox", "ls", "cat");
    assertThat(plan.problems()).isEmpty();
    assertThat(FakeMachine.files(plan))
        .containsExactly(
            "755 /bin/cat", "/bin/ls -> /usr/bin/busybox", "755 /bin/sh", "755 /usr/bin/busybox");
  }

  @Test
  void aBusyboxThatDoesNotAnswerIsJustAProgram() throws IOException {
    machine.elf("/bin/sh", CraftedElf.of64Bits()).elf("/bin/ls", CraftedElf.of64Bits());
    for (String wrong : List.of("sleep 60", "exit 1; echo ls", "yes", "kill -9 $$")) {
      machine.script("/bin/busybox", "#!/bin/sh\n" + wrong + "\n");
      long start = System.nanoTime();
      Plan plan = machine.plan("busybox", "ls");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(2));
      assertThat(plan.problems()).as(wrong).containsExactly("busybox: --list does not work");
      assertThat(plan.missingPrograms()).isEmpty();
      assertThat(FakeMachine.files(plan))
          .containsExactly("755 /bin/busybox", "755 /bin/ls", "755 /bin/sh");
    }
  }

  @Test
  void whatTheDescriptionLaysWinsAndConflictsAreTold() throws IOException {
    machine
        .link("/etc/alternatives", "/usr/share/alternatives")
        .link("/bin/pager", "/etc/alternatives/pager")
        .elf("/usr/share/alternatives/pager", CraftedElf.of64Bits())
        .elf("/bin/ls", CraftedElf.of64Bits());
    Plan plan =
        machine.plan(
            List.of(
                new Entry.Directory("/etc/alternatives", 0755),
                new Entry.RegularFile("/bin/ls", 0755, Source.of("mine")),
                new Entry.RegularFile("/etc", 0755, Source.of("no"))),
            "pager",
            "ls");
    assertThat(plan.problems())
        .containsExactly(
            "/etc: in the root file system /etc is a directory",
            "pager: in the root file system /etc/alternatives is a directory");
    assertThat(plan.bytes()).isEqualTo(4);
  }

  @Test
  void findsTerminalsUnderTheirLetterOrItsNumber() throws IOException {
    machine.text("/usr/share/terminfo/78/xterm", "compiled");
    assertThat(FakeMachine.files(machine.plan()))
        .containsExactly("644 /usr/share/terminfo/78/xterm");
    machine.text("/lib/terminfo/x/xterm", "compiled");
    assertThat(FakeMachine.files(machine.plan())).containsExactly("644 /lib/terminfo/x/xterm");
  }
}
