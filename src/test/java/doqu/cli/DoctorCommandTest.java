package doqu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.kernel.Errno;
import doqu.kernel.Flags;
import doqu.testing.Doqu;
import doqu.testing.Needs;
import doqu.testing.NeedsOrdinaryUser;
import doqu.testing.NeedsRoot;
import doqu.testing.Seccomp;
import doqu.testing.TwoCheckups;
import doqu.testing.Typed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code doqu doctor} as a process of its own, on this machine and where it refuses: the kernel is
 * the real one each time, told to refuse by its own means. What the doctor finds broken, the plain
 * start is refused for, in the same words.
 */
class DoctorCommandTest {
  /** What a run printed, and how it ended. */
  record Result(int status, String out, String err) {
    /** The line of a check. */
    String line(String check) {
      return out.lines()
          .filter(line -> line.matches("(ok|limited|broken) +" + check + " .*"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no " + check + " in\n" + out + err));
    }

    List<String> broken() {
      return out.lines().filter(line -> line.startsWith("broken")).toList();
    }

    /** Checks that one thing is broken, and no stage can be built because of it. */
    void isBroken(String check, String what, String evidence, String mend) {
      assertThat(line(check))
          .startsWith("broken")
          .contains(what + "; " + evidence)
          .endsWith("; " + mend);
      assertThat(line("stage")).contains("not built: ").endsWith("; see above");
      assertThat(broken()).hasSize(2);
      assertThat(err).isEmpty();
      assertThat(status).isEqualTo(Main.REFUSED);
    }

    /** Checks that the plain start was refused, in the same words. */
    void isRefused(String evidence, String mend) {
      assertThat(err)
          .startsWith("doqu: this machine does not let a stage be built: ")
          .contains("\ndoqu: " + evidence + "; " + mend + "\n")
          .endsWith("\ndoqu: ./doqu doctor looks at all that a stage needs, point by point\n");
      assertThat(out).isEmpty();
      assertThat(status).isEqualTo(Main.REFUSED);
    }
  }

  @TempDir Path temp;

  private Result run(List<String> command) throws Exception {
    Path err = temp.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(err.toFile())
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, Files.readString(err));
  }

  /** In namespaces of its own, prepared by a script of sh(1) whose arguments are the command. */
  private Result in(String namespaces, String script, String... doqu) throws Exception {
    return in(namespaces, script, Doqu.command(doqu));
  }

  private Result in(String namespaces, String script, List<String> doqu) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", namespaces));
    command.addAll(List.of("sh", "-ec", script.replace("TEMP", temp.toString()), "sh"));
    command.addAll(doqu);
    return run(command);
  }

  private Result below(Seccomp filter, String... doqu) throws Exception {
    return below(filter, Doqu.command(doqu));
  }

  private Result below(Seccomp filter, List<String> doqu) throws Exception {
    Path out = temp.resolve("out");
    Path err = temp.resolve("err");
    int status = filter.run("exec \"$@\" >'%s' 2>'%s'".formatted(out, err), doqu).exitStatus();
    return new Result(status, Files.readString(out), Files.readString(err));
  }

  @Test
  void onThisMachineNothingIsBroken() throws Exception {
    Result result = run(Doqu.command("doctor"));
    assertThat(result.err).isEmpty();
    assertThat(result.broken()).isEmpty();
    assertThat(result.status).isZero();
    assertThat(result.line("java"))
        .isEqualTo(
            "ok       java              %s in %s"
                .formatted(
                    System.getProperty("java.runtime.version"), System.getProperty("java.home")));
    assertThat(result.line("user namespaces"))
        .matches("ok +user namespaces +unshare\\(CLONE_NEWUSER\\) = 0, max \\d+");
    assertThat(result.line("stage")).matches("ok +stage +built in \\d+ ms");
    assertThat(result.line("terminal")).contains("no prompt, for standard input is no terminal");
    assertThat(result.out).doesNotContain("\033");
  }

  @Test
  void jsonIsOneObjectACheck() throws Exception {
    Result text = run(Doqu.command("doctor"));
    for (List<String> command :
        List.of(Doqu.command("doctor", "--json"), Doqu.command("--json", "doctor"))) {
      Result json = run(command);
      assertThat(json.status).isZero();
      List<String> checks = new ArrayList<>();
      for (String line : json.out.lines().toList()) {
        Map<String, Object> object = JSON.std.mapFrom(line);
        assertThat(object).containsOnlyKeys("check", "state", "says", "mend");
        checks.add(object.get("state") + " " + object.get("check"));
      }
      assertThat(checks).hasSameSizeAs(text.out.lines().toList()).contains("ok stage", "ok java");
    }
  }

  @Test
  void atThePromptItIsALook() throws Exception {
    Result text = run(Doqu.command("-c", "doctor"));
    assertThat(text.line("stage")).matches("ok +stage +built in \\d+ ms");
    Result json = run(Doqu.command("--json", "-c", "doctor"));
    assertThat(JSON.std.mapFrom(json.out))
        .containsEntry("look", "doctor")
        .containsEntry("ok", true)
        .extracting(object -> object.get("output").toString().lines().count())
        .isEqualTo(text.out.lines().count());
    assertThat(run(Doqu.command("-c", "doctor now")).err)
        .isEqualTo("doqu: 'now' is too much: doctor\n");
  }

  @Test
  void aFileOfItsNameIsStillAFile() throws Exception {
    Path file = Files.writeString(temp.resolve("doctor"), "hostname\n");
    Process doqu =
        new ProcessBuilder(Doqu.command("./doctor"))
            .directory(temp.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .start();
    assertThat(doqu.inputReader().readLine()).isEqualTo("doqu: stage, domain name (none)");
    assertThat(doqu.waitFor()).isZero();
    assertThat(run(Doqu.command(file.toString())).out).startsWith("doqu: stage");
  }

  @Test
  void aWrongCommandLineHasAStatusOfItsOwn() throws Exception {
    assertThat(run(Doqu.command("doctor", "now")).status).isEqualTo(2);
    String only = "doqu: doctor takes no steps, no file and no option but --json\n";
    assertThat(run(Doqu.command("-c", "status", "doctor"))).isEqualTo(new Result(2, "", only));
    assertThat(run(Doqu.command("--bare", "doctor"))).isEqualTo(new Result(2, "", only));
    assertThat(run(Doqu.command("doctor", "--help")).out).contains("Exit status: 0 nothing");
  }

  // What settings forbid. The limits are those of a user namespace, so the test may have its own.

  @Test
  @Needs("unshare")
  void userNamespacesAreOff() throws Exception {
    String off = "echo 0 >/proc/sys/user/max_user_namespaces; exec \"$@\"";
    String evidence = "/proc/sys/user/max_user_namespaces is 0";
    String mend = "as root: sysctl user.max_user_namespaces=10000";
    in("-Ur", off, "doctor")
        .isBroken("user namespaces", "unshare(CLONE_NEWUSER) = -1 ENOSPC", evidence, mend);
    in("-Ur", off, "-c", "status").isRefused(evidence, mend);
  }

  @ParameterizedTest
  @Needs("unshare")
  @CsvSource({
    "mnt,    CLONE_NEWNS",
    "pid,    CLONE_NEWPID",
    "uts,    CLONE_NEWUTS",
    "ipc,    CLONE_NEWIPC",
    "cgroup, CLONE_NEWCGROUP",
  })
  void aKindOfNamespaceIsOff(String kind, String flag) throws Exception {
    in("-Ur", "echo 0 >/proc/sys/user/max_" + kind + "_namespaces; exec \"$@\"", "doctor")
        .isBroken(
            kind + " namespaces",
            "unshare(" + flag + ") = -1 ENOSPC",
            "/proc/sys/user/max_" + kind + "_namespaces is 0",
            "as root: sysctl user.max_" + kind + "_namespaces=10000");
  }

  @ParameterizedTest
  @Needs("unshare")
  @ValueSource(strings = {"net", "time"})
  void aKindOfNamespaceIsOffThatAStageCanDoWithout(String kind) throws Exception {
    Result result =
        in("-Ur", "echo 0 >/proc/sys/user/max_" + kind + "_namespaces; exec \"$@\"", "doctor");
    assertThat(result.line(kind + " namespaces"))
        .startsWith("limited")
        .endsWith("; as root: sysctl user.max_" + kind + "_namespaces=10000");
    assertThat(result.line("stage")).startsWith("ok");
    assertThat(result.status).isZero();
  }

  @Test
  @Needs("unshare")
  void aUserNamespaceAroundAllowsNoMore() throws Exception {
    in("-Ur", "echo 1 >/proc/sys/user/max_user_namespaces; exec unshare -Ur \"$@\"", "doctor")
        .isBroken(
            "user namespaces",
            "unshare(CLONE_NEWUSER) = -1 ENOSPC",
            "/proc/sys/user/max_user_namespaces is ",
            "raise it as root, in each user namespace around this one");
  }

  /** Kernels before 6.3 do not have the setting, and need not be asked. */
  @ParameterizedTest
  @NeedsRoot
  @Needs("unshare")
  @ValueSource(ints = {1, 2})
  void noFileInMemoryIsAProgram(int setting) throws Exception {
    String file = "/proc/sys/vm/memfd_noexec";
    String set = "mount -t proc proc /proc; [ ! -e %1$s ] || echo %2$d >%1$s; exec \"$@\"";
    Result result = in("-Urmpf", set.formatted(file, setting), "doctor");
    if (setting == 2 && Files.exists(Path.of(file))) {
      String mend = "as root: sysctl vm.memfd_noexec=0";
      result.isBroken("actor", "memfd_create = -1 EACCES", file + " is 2", mend);
    } else {
      assertThat(result.status).isZero();
    }
  }

  // Where doqu was started, and as whom.

  @ParameterizedTest
  @Needs({"unshare", "chroot"})
  @ValueSource(
      strings = {
        "mkdir -p TEMP/root; mount --rbind / TEMP/root; exec chroot TEMP/root \"$@\"",
        "mount -t tmpfs tmpfs TEMP; mkdir TEMP/root; cd /; for each in *; do"
            + " if [ -h $each ]; then cp -P $each TEMP/root;"
            + " elif [ -d $each ]; then mkdir TEMP/root/$each; mount --rbind $each TEMP/root/$each;"
            + " fi; done; exec chroot TEMP/root \"$@\"",
      })
  void inAChroot(String script) throws Exception {
    in("-Urm", script, "doctor")
        .isBroken(
            "user namespaces",
            "unshare(CLONE_NEWUSER) = -1 EPERM",
            "doqu is in a chroot: its / is not that of its mount namespace",
            "enter that directory without chroot: bwrap --dev-bind DIRECTORY / ./doqu");
  }

  @Test
  @Needs("unshare")
  void whoHasNoIdHasNoUserNamespace() throws Exception {
    in("-U", "exec \"$@\"", "doctor")
        .isBroken(
            "user namespaces",
            "unshare(CLONE_NEWUSER) = -1 EPERM",
            "user 65534 is none of those in /proc/self/uid_map",
            "map an id when that user namespace is made: unshare --map-root-user");
  }

  @Test
  @Needs({"unshare", "setpriv"})
  void rootWithoutCapabilitiesHasNoId() throws Exception {
    in("-Ur", "exec setpriv --bounding-set=-all --inh-caps=-all \"$@\"", "doctor")
        .isBroken(
            "id maps",
            "write to /proc/self/uid_map = -1 EPERM",
            "user 0 without CAP_SETFCAP (CapEff in /proc/self/status) can map no id",
            "in a container: docker run --cap-add SETFCAP, or --user 1000");
  }

  @Test
  @Needs("unshare")
  void rootWithOneIdIsAnOrdinaryUser() throws Exception {
    Result result = in("-Ur", "exec \"$@\"", "doctor");
    assertThat(result.line("id maps"))
        .isEqualTo("ok       id maps           the stage has one id, yours");
    assertThat(result.line("user"))
        .matches("ok +user +uid 0, gid 0, in a user namespace with uid_map '0 \\d+ 1'");
    assertThat(result.status).isZero();
  }

  @Test
  @Needs("unshare")
  void procIsCoveredInPart() throws Exception {
    String cover = "mount -t tmpfs tmpfs /proc/fs; exec \"$@\"";
    String evidence = "/proc is covered in part, as /proc/fs";
    String mend =
        "as root: umount these; in a container: docker run --security-opt systempaths=unconfined";
    in("-Urm", cover, "doctor")
        .isBroken(
            "mounts", "mount(\"proc\", \"/proc\", \"proc\", 0, NULL) = -1 EPERM", evidence, mend);
    in("-Urm", cover, "-c", "status").isRefused(evidence, mend);
  }

  @Test
  @Needs("unshare")
  void aTemporaryFolderWithoutPrograms() throws Exception {
    List<String> doqu = Doqu.command("doctor");
    doqu.add(1, "-Djava.io.tmpdir=" + temp);
    Result result = in("-Urm", "mount -t tmpfs -o noexec tmpfs TEMP; exec \"$@\"", doqu);
    assertThat(result.line("noexec folders"))
        .matches(
            "limited +noexec folders +%1$s: no program .*; as root: mount -o remount,exec %1$s"
                .formatted(temp));
    assertThat(result.status).isZero();
  }

  @Test
  @Needs("unshare")
  void aCheckoutWithoutPrograms() throws Exception {
    Map<List<String>, Result> results = new LinkedHashMap<>();
    for (List<String> arguments :
        List.of(List.of("doctor"), List.of("-c", "status"), List.<String>of())) {
      List<String> doqu = Doqu.command(arguments.toArray(String[]::new));
      doqu.replaceAll(
          word -> word.startsWith("-Djna.boot.") ? "-Djna.boot.library.path=" + temp + "/n" : word);
      results.put(
          arguments,
          in(
              "-Urm",
              "mount -t tmpfs -o noexec tmpfs TEMP; cp -r '%s' TEMP/n; exec \"$@\""
                  .formatted(System.getProperty("jna.boot.library.path")),
              doqu));
    }
    String why = temp + "/n/libjnidispatch.so: failed to map segment from shared object; ";
    String mend = "move the checkout from there, or as root: mount -o remount,exec " + temp;
    results.forEach(
        (arguments, result) -> {
          assertThat(result.status).isEqualTo(Main.REFUSED);
          if (arguments.contains("doctor")) {
            assertThat(result.broken()).containsExactly("broken   native libraries  " + why + mend);
          } else {
            assertThat(result.err).isEqualTo("doqu: no call can be made: " + why + mend + "\n");
          }
        });
  }

  // What a filter forbids.

  private static final String FILTER = "a seccomp filter is in force (Seccomp: 2)";
  private static final String UNCONFINED =
      "in a container: docker run --security-opt seccomp=unconfined";

  @Test
  void belowDockersFilter() throws Exception {
    String evidence = FILTER + " and answers even unshare(0) with EPERM";
    below(Seccomp.docker(), "doctor")
        .isBroken("user namespaces", "unshare(CLONE_NEWUSER) = -1 EPERM", evidence, UNCONFINED);
    below(Seccomp.docker(), "-c", "status").isRefused(evidence, UNCONFINED);
  }

  @Test
  void belowAFilterThatGoesByTheFlags() throws Exception {
    int flag = (int) Flags.CLONE_NEWUSER;
    below(new Seccomp().failsWithAnyOf("unshare", flag, Errno.EPERM), "doctor")
        .isBroken(
            "user namespaces",
            "unshare(CLONE_NEWUSER) = -1 EPERM",
            FILTER + " and answers even unshare(0x10000001) with EPERM",
            UNCONFINED);
  }

  @ParameterizedTest
  @CsvSource({
    "mount,         EPERM,  'mount(NULL, NULL, NULL, 0, NULL)'",
    "mount_setattr, EPERM,  'mount_setattr(-1, NULL, -1, NULL, 0)'",
  })
  void belowAFilterOfOneCall(String call, Errno errno, String nothing) throws Exception {
    Result result = below(new Seccomp().fails(call, errno), "doctor");
    String evidence = FILTER + " and answers even " + nothing + " with " + errno;
    result.isBroken("mounts", ") = -1 " + errno, evidence, UNCONFINED);
    assertThat(result.line("mounts")).contains(" " + call + "(");
  }

  /** A stage does without these; the lessons do not. */
  @ParameterizedTest
  @CsvSource({
    "umount2,    'umount2(NULL, -1)'",
    "pivot_root, 'pivot_root(NULL, NULL)'",
  })
  void belowAFilterOfACallOfTheLessons(String call, String nothing) throws Exception {
    Result result = below(new Seccomp().fails(call, Errno.EPERM), "doctor");
    assertThat(result.line("pivot_root"))
        .startsWith("limited")
        .contains(FILTER + " and answers even " + nothing + " with EPERM");
    assertThat(result.line("stage")).startsWith("ok");
    assertThat(result.status).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "memfd_create, EPERM",
    "pidfd_open,   EPERM",
    "pidfd_send_signal, EPERM",
    "close_range,  EPERM",
  })
  void belowAFilterOfWhatAnActorNeeds(String call, Errno errno) throws Exception {
    below(new Seccomp().fails(call, errno), "doctor")
        .isBroken(
            "actor", call + " = -1 " + errno, FILTER + ", and nothing else is seen", UNCONFINED);
  }

  /** The answer of an older kernel, too. */
  @ParameterizedTest
  @CsvSource({"close_range, actor", "mount_setattr, mounts"})
  void belowAFilterThatPlaysAnOldKernel(String call, String check) throws Exception {
    below(new Seccomp().fails(call, Errno.ENOSYS), "doctor")
        .isBroken(
            check,
            " = -1 ENOSYS",
            "this kernel does not know " + call + ", or " + FILTER,
            "Linux 5.12 or newer knows it; " + UNCONFINED);
  }

  @Test
  void belowAFilterThatKills() throws Exception {
    String evidence = "a seccomp filter ended it for a call it made (SIGSYS)";
    below(new Seccomp().kills("unshare"), "doctor")
        .isBroken("user namespaces", " on the machine) has ended", evidence, UNCONFINED);
    below(new Seccomp().kills("unshare"), "-c", "status").isRefused(evidence, UNCONFINED);
  }

  // What is left of checks that fail.

  private static final String NOTHING_LEFT = ", processes: 0, descriptors: 0\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pidfd_open",
        "pidfd_send_signal",
        "close_range",
        "unshare",
        "mount",
        "pivot_root",
        "sethostname"
      })
  void nothingIsLeftOfAFailure(String call) throws Exception {
    Result result = below(new Seccomp().fails(call, Errno.EPERM), TwoCheckups.command());
    boolean broken = !call.equals("pivot_root");
    assertThat(result).isEqualTo(new Result(0, "broken: " + broken + NOTHING_LEFT, ""));
  }

  @Test
  void nothingIsLeftOfWhoIsKilled() throws Exception {
    Result result = below(new Seccomp().kills("unshare"), TwoCheckups.command());
    assertThat(result).isEqualTo(new Result(0, "broken: true" + NOTHING_LEFT, ""));
  }

  /** As in a container that doqu was started as: what it does not wait for nobody waits for. */
  @Test
  @Needs("unshare")
  void nothingIsLeftToPidOne() throws Exception {
    String proc = "mount -t proc proc /proc; exec \"$@\"";
    assertThat(in("-Urmpf", proc, TwoCheckups.command()))
        .isEqualTo(new Result(0, "broken: false" + NOTHING_LEFT, ""));
    String covered = proc.replace("; ", "; mount -t tmpfs tmpfs /proc/fs; ");
    assertThat(in("-Urmpf", covered, TwoCheckups.command()))
        .isEqualTo(new Result(0, "broken: true" + NOTHING_LEFT, ""));
  }

  // Limits of a process, set while it runs: the JVM needs more than doqu.

  @Test
  @Needs({"prlimit", "setsid"})
  void noMoreFilesMayBeOpen() throws Exception {
    limited(
        "nofile", "limits +no more files can be opened: EMFILE .*, ulimit -n is 3; ulimit -n 4096");
  }

  @Test
  @NeedsOrdinaryUser
  @Needs({"prlimit", "setsid"})
  void thereMayBeNoMoreProcesses() throws Exception {
    limited(
        "nproc",
        "actor +posix_spawn = -1 EAGAIN; ulimit -u .RLIMIT_NPROC. is 3, .*; ulimit -u 4096.*");
  }

  private void limited(String limit, String says) throws Exception {
    try (Typed typed = new Typed(200, 50, Map.of(), Doqu.command())) {
      typed.awaitLastLine("doqu> ?");
      typed.line("doctor"); // what has to be loaded is loaded now
      typed.awaitLine("ok +stage .*");
      typed.awaitLastLine("doqu> ?");
      String pid = Long.toString(typed.process().pid());
      List<String> prlimit = List.of("prlimit", "--pid", pid, "--" + limit + "=3:");
      assertThat(run(prlimit).err).isEmpty();
      typed.line("doctor");
      typed.awaitLine("broken +" + says);
      typed.awaitLastLine("doqu> ?");
      assertThat(typed.screen()).doesNotContain("a fault of doqu's own");
    }
  }

  // Terminals.

  @Test
  @Needs("setsid")
  void onATerminalTheStatesAreColoured() throws Exception {
    assertThat(
            onATerminal(
                Map.of("LC_ALL", "C.UTF-8"), "ok +terminal +100x40, TERM is xterm, colours, UTF-8"))
        .contains("\033[32mok\033[m")
        .contains("\033[33mlimited\033[m");
  }

  /** That of DEC has a description, which says nothing of colours. */
  @Test
  @Needs("setsid")
  void onATerminalThatHasNone() throws Exception {
    assertThat(
            onATerminal(
                Map.of("TERM", "vt100", "LC_ALL", "C.UTF-8"),
                "ok +terminal +100x40, TERM is vt100, no colours, UTF-8"))
        .doesNotContain("\033");
  }

  @Test
  @Needs("setsid")
  void onADumbTerminal() throws Exception {
    assertThat(
            onATerminal(
                Map.of("TERM", "dumb", "LC_ALL", "C.UTF-8"),
                "limited +terminal +100x40, TERM is dumb, no line editing, no colours, UTF-8; export.*"))
        .doesNotContain("\033");
  }

  @Test
  @Needs("setsid")
  void withoutColoursOrLetters() throws Exception {
    assertThat(
            onATerminal(
                Map.of("NO_COLOR", "1", "LC_ALL", "C"),
                "limited +terminal +100x40, TERM is xterm, no colours .NO_COLOR., ANSI_X3.4-1968; export LANG.*"))
        .doesNotContain("\033");
  }

  private static String onATerminal(Map<String, String> environment, String line) throws Exception {
    try (Typed typed = new Typed(100, 40, environment, Doqu.command("doctor"))) {
      typed.awaitLine(line);
      assertThat(typed.exitStatus()).isZero();
      return typed.output();
    }
  }
}
