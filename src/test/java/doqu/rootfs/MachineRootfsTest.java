package doqu.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import doqu.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The plan of this very machine, laid and used: by root and by an ordinary user. */
class MachineRootfsTest {

  /**
   * A harmless line for each program of the list, and what it is to say. {@code env NAME} is never
   * the shell's own NAME.
   */
  private static final String USES =
      """
      ash        ; env ash -c 'echo ok'                        ; ok
      awk        ; echo a b | awk '{print $2}'                 ; b
      bash       ; bash -c 'echo ${BASH_VERSION:+ok}'          ; ok
      busybox    ; busybox echo ok                             ; ok
      cat        ; cat /etc/hostname                           ; container
      chmod      ; chmod 700 /tmp && ls -ld /tmp               ; drwx------.*
      chown      ; chown root:root /tmp && echo ok             ; ok
      chroot     ; chroot / echo ok                            ; ok
      clear      ; clear | wc -c                               ; [1-9][0-9]*
      cp         ; cp /etc/hostname /tmp/cp && cat /tmp/cp     ; container
      date       ; date -u -d @0 +%Y                           ; 1970
      dd         ; echo ok | dd 2>/tmp/dd                      ; ok
      df         ; df /proc                                    ; Filesystem.*proc.*
      du         ; du -s /etc/hostname                         ; [0-9]+\t/etc/hostname
      echo       ; env echo ok                                 ; ok
      env        ; env -i A=ok env                             ; A=ok
      false      ; env false; echo $?                          ; 1
      find       ; find /etc -name pass*                       ; /etc/passwd
      free       ; free                                        ; .*Mem:.*
      grep       ; grep -o nobody:x /etc/passwd                ; nobody:x
      head       ; head -n 1 /etc/hosts                        ; 127.0.0.1 localhost
      hostname   ; hostname ok && hostname                     ; ok
      id         ; id                                          ; uid=0\\(root\\) gid=0\\(root\\).*
      ip         ; ip link                                     ; .*lo: .*
      kill       ; env kill -0 1 && echo ok                    ; ok
      less       ; less /etc/hostname                          ; container
      ln         ; ln -s ok /tmp/ln && ls -l /tmp/ln           ; .* -> ok
      ls         ; ls /                                        ; bin dev etc home .*mnt proc root run .*sys tmp usr var
      mkdir      ; mkdir /tmp/mkdir && ls /tmp                 ; .*mkdir.*
      mount      ; mount -t tmpfs none /mnt && grep /mnt /proc/mounts ; none /mnt tmpfs .*
      more       ; more /etc/hostname                          ; container
      mv         ; echo ok >/tmp/a && mv /tmp/a /tmp/b && cat /tmp/b  ; ok
      nohup      ; nohup echo ok                               ; (nohup: .* )?ok
      pivot_root ; pivot_root / / || echo ok                   ; pivot_root: .* ok
      ps         ; ps                                          ; .*PID.*ps
      reset      ; reset -q || echo ok                         ; .*(ok|xterm-256color)|
      rm         ; echo >/tmp/rm && rm /tmp/rm && ls /tmp/rm   ; .*No such file or directory
      rmdir      ; rmdir /tmp/none                             ; .*No such file or directory
      sed        ; echo a | sed s/a/ok/                        ; ok
      seq        ; seq 3                                       ; 1 2 3
      setsid     ; setsid echo ok                              ; ok
      sh         ; sh -c 'echo ok'                             ; ok
      sleep      ; sleep 0 && echo ok                          ; ok
      sort       ; printf 'b\\na\\n' | sort                    ; a b
      stty       ; stty                                        ; stty: .*(ioctl|tty).*
      tail       ; tail -n 1 /etc/hosts                        ; ::1 localhost
      top        ; top -b -n 1                                 ; .*PID.*
      touch      ; touch /tmp/touch && ls /tmp                 ; .*touch.*
      tr         ; echo a | tr a b                             ; b
      true       ; env true && echo ok                         ; ok
      tty        ; tty                                         ; not a tty
      umount     ; mount -t tmpfs none /mnt && umount /mnt && grep -c /mnt /proc/mounts ; 0
      uname      ; uname -s                                    ; Linux
      unshare    ; unshare -u hostname x && hostname           ; (?!x).*
      vi         ; echo ok >/tmp/a; printf 'l:w! /tmp/vi\\r:q!\\r' | TERM=vt100 vi /tmp/a >/tmp/log 2>&1; cat /tmp/vi ; ok
      wc         ; wc -l </etc/hosts                           ; 2
      which      ; which cat                                   ; (/usr)?/bin/cat
      """;

  @TempDir Path folder;

  /** JUnit warns of each absolute link it meets when it removes the folder. */
  @AfterEach
  void removeLinks() throws IOException {
    LaidRootfs.removeLinks(folder);
  }

  /** The same rootfs as on a machine that has no busybox. */
  private static Description withoutBusybox() throws IOException {
    Description all = Description.standard();
    return new Description(
        all.programs().stream().filter(program -> !program.names().contains("busybox")).toList(),
        all.terminals(),
        all.entries());
  }

  @TestFactory
  @Needs({"unshare", "chroot"})
  Stream<DynamicTest> everyProgramOfThisMachineRuns() throws IOException {
    return use(MachineRootfs.plan(withoutBusybox(), Machine.here()));
  }

  @TestFactory
  @Needs({"unshare", "chroot", "busybox"})
  Stream<DynamicTest> everyProgramRunsWithBusybox() throws IOException {
    Plan plan = MachineRootfs.plan(Description.standard(), Machine.here());
    assertThat(plan.entries())
        .filteredOn(Entry.Symlink.class::isInstance)
        .as("busybox is used")
        .hasSizeGreaterThan(40);
    return use(plan);
  }

  /** ld.so and the plan agree on where $ORIGIN leads: the program starts. */
  @Test
  @Needs({"gcc", "unshare", "chroot"})
  void aLibraryBesideItsProgramIsFound() throws Exception {
    Path machine = Files.createDirectories(folder.resolve("app/bin")).getParent();
    Files.createDirectory(machine.resolve("lib"));
    Files.writeString(machine.resolve("a.c"), "int answer(void) { return 42; }");
    Files.writeString(
        machine.resolve("x.c"), "int answer(void); int main(void) { return answer(); }");
    compile(machine, "-shared", "-fPIC", "-o", "lib/liba.so", "a.c");
    compile(machine, "-o", "bin/x", "x.c", "-Llib", "-la", "-Wl,-rpath,$ORIGIN/../lib");
    Description x =
        new Description(
            List.of(new Description.Program(List.of("x")), new Description.Program(List.of("sh"))),
            List.of(),
            List.of(new Entry.Directory("/proc", 0755)));
    Plan plan =
        MachineRootfs.plan(
            x, new Machine(Path.of("/"), List.of(machine + "/bin", "/usr/bin", "/bin")));
    assertThat(plan.problems()).isEmpty();
    LaidRootfs rootfs = new LaidRootfs(plan, Files.createDirectory(folder.resolve("rootfs")));
    assertThat(rootfs.run("x")).isEqualTo(new LaidRootfs.Ended(42, ""));
  }

  private static void compile(Path folder, String... arguments)
      throws IOException, InterruptedException {
    Process gcc =
        new ProcessBuilder(Stream.concat(Stream.of("gcc"), Arrays.stream(arguments)).toList())
            .directory(folder.toFile())
            .inheritIO()
            .start();
    assertThat(gcc.waitFor()).isZero();
  }

  private Stream<DynamicTest> use(Plan plan) throws IOException {
    LaidRootfs rootfs = new LaidRootfs(plan, folder);
    assertThat(plan.problems()).isEmpty();
    assertThat(plan.missingLibraries()).isEmpty();
    Map<String, String[]> uses = uses();
    return Description.standard().programs().stream()
        .flatMap(program -> program.names().stream())
        .filter(name -> Stream.of("bin", "sbin").anyMatch(bin -> isThere(bin, name)))
        .map(
            name ->
                dynamicTest(
                    name,
                    () -> {
                      String[] use = uses.get(name);
                      assertThat(use).as("a use for " + name).isNotNull();
                      String output = rootfs.run(use[1]).output();
                      assertThat(output.strip().replaceAll("\\s*\\n\\s*", " "))
                          .matches("(?s)" + use[2]);
                    }));
  }

  private boolean isThere(String bin, String name) {
    return Files.exists(folder.resolve("usr/" + bin + "/" + name), LinkOption.NOFOLLOW_LINKS);
  }

  private static Map<String, String[]> uses() {
    Map<String, String[]> uses = new LinkedHashMap<>();
    USES.lines()
        .map(line -> line.split("\\s+; ", 3))
        .map(use -> Arrays.stream(use).map(String::strip).toArray(String[]::new))
        .forEach(use -> uses.put(use[0], use));
    return uses;
  }
}
