package doqu;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doqu.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Starts {@code ./doqu} from a copy of the checkout. Where only the choices of the script matter,
 * Java and Maven are shell scripts that tell what they were given.
 */
@Tag("slow")
class LauncherTest {
  private static final Path BUILT = Path.of("").toAbsolutePath();
  private static final String REAL_JAVA = System.getProperty("java.home");

  /** Tells a fake Java to be one that makes no archive, prints its input and its arguments. */
  private static final String JAVA =
      """
      #!/bin/sh
      case $* in *ArchiveClassesAtExit*) exit ;; esac
      echo "java of $0"
      printf '<%s>\\n' "$@"
      cat
      """;

  private static final String MAVEN =
      """
      #!/bin/sh
      echo built >>builds
      cat
      sleep 1
      mkdir -p target && echo jar >target/doqu.jar
      """;

  @TempDir Path temp;
  private Path checkout;
  private Path bin;
  private final Map<String, String> environment = new HashMap<>();

  record Result(int status, String out, String err) {}

  @BeforeEach
  void copyTheCheckout() throws IOException, InterruptedException {
    temp = temp.toRealPath();
    checkout = Files.createDirectories(temp.resolve("a checkout"));
    bin = Files.createDirectory(temp.resolve("bin"));
    Files.createDirectories(checkout.resolve("src/main"));
    Files.writeString(checkout.resolve("pom.xml"), "");
    // A JVM refuses an archive when the time of the jar has changed: cp -a keeps it.
    Files.createDirectory(checkout.resolve("target"));
    command("cp", "-a", BUILT.resolve("doqu").toString(), checkout.toString()).waitFor();
    command(
            "cp",
            "-a",
            BUILT.resolve("target/doqu.jar").toString(),
            BUILT.resolve("target/native").toString(),
            checkout.resolve("target").toString())
        .waitFor();
    setTime(checkout.resolve("src/main"), Instant.EPOCH);
    setTime(checkout.resolve("pom.xml"), Instant.EPOCH);
    environment.put("HOME", temp.toString());
    environment.put("PATH", bin + ":/usr/sbin:/usr/bin:/sbin:/bin");
  }

  @Test
  void isFoundThroughLinksFromAnywhere() throws Exception {
    Path java = fakeJava("jdk-17", "17.0.1");
    Files.createSymbolicLink(temp.resolve("absolute"), checkout.resolve("doqu"));
    Files.createSymbolicLink(bin.resolve("relative"), Path.of("../absolute"));
    useJava(java);
    for (String shell : List.of("dash", "bash", "busybox sh")) {
      List<String> command = new ArrayList<>(List.of(shell.split(" ", -1)));
      command.addAll(List.of(bin.resolve("relative").toString(), "-c", "a  b"));
      Result result = run(command.toArray(String[]::new));
      assertThat(result.out())
          .as(shell)
          .startsWith("java of " + java)
          .contains("<" + checkout.resolve("target/doqu.jar") + ">\n<-c>\n<a  b>\n");
    }
    assertThat(run("env", "relative").status()).isZero();
  }

  /** The JVM would open a file there, which doqu would read its commands from. */
  @Test
  void noFileTakesThePlaceOfAStandardInputThatIsClosed() throws Exception {
    Path java = fakeJava("jdk-17", "17.0.1");
    Path streams = temp.resolve("streams");
    script(java, "#!/bin/sh\nreadlink /proc/$$/fd/0 >" + streams + "\n");
    useJava(java);
    for (String shell : List.of("dash", "bash")) {
      Files.deleteIfExists(streams);
      String line = shell + " '" + checkout.resolve("doqu") + "' <&-";
      assertThat(run("sh", "-c", line).err()).doesNotContain("descriptor");
      assertThat(streams).as(shell).hasContent("/dev/null");
    }
  }

  /** What is said there would be lost. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash"})
  void noFileTakesThePlaceOfAStandardErrorThatIsClosed(String shell) throws Exception {
    Path java = fakeJava("jdk-17", "17.0.1");
    Path streams = temp.resolve("streams");
    script(java, "#!/bin/sh\nreadlink /proc/$$/fd/2 >" + streams + "\n");
    useJava(java);
    run("sh", "-c", shell + " '" + checkout.resolve("doqu") + "' 2>&-");
    assertThat(streams).hasContent("/dev/null");
  }

  @Test
  void anOldJavaIsPassedOver() throws Exception {
    useJava(fakeJava("jdk-11", "11.0.2"));
    Path old = fakeJava("jdk-8", "1.8.0_292");
    Path good = fakeJava("jdk-21", "21");
    environment.put(
        "PATH", old.getParent() + ":" + good.getParent() + ":" + environment.get("PATH"));
    assertThat(launch().out()).startsWith("java of " + good);
  }

  @Test
  void aShimIsAskedForItsJava() throws Exception {
    Path java = fakeJava("jdk-21", "21.0.1");
    script(
        bin.resolve("java"),
        """
        #!/bin/sh
        echo '    java.home = %s' >&2
        echo '    java.runtime.version = 21.0.1' >&2
        """
            .formatted(java.getParent().getParent()));
    assertThat(launch().out()).startsWith("java of " + java);
  }

  @Test
  @Needs("bwrap")
  void withoutAGoodJavaItSaysWhatItFound() throws Exception {
    Path old = fakeJava("jdk-11", "11.0.2");
    useJava(old);
    Result result = run(withoutJava(checkout.resolve("doqu").toString()));
    assertThat(result)
        .isEqualTo(
            new Result(
                1,
                "",
                "doqu: needs Java 17 or newer; found only Java 11 in %s; install a JDK 17 or set JAVA_HOME\n"
                    .formatted(old.getParent().getParent())));
    environment.remove("JAVA_HOME");
    assertThat(run(withoutJava(checkout.resolve("doqu").toString())).err())
        .isEqualTo("doqu: needs Java 17 or newer; found none; install a JDK 17 or set JAVA_HOME\n");
  }

  @Test
  @Needs("bwrap")
  void toBuildItNeedsACompilerToRunItDoesNot() throws Exception {
    Path java = fakeJava("jre-17", "17.0.1");
    Files.delete(java.resolveSibling("javac"));
    useJava(java);
    assertThat(run(withoutJava(checkout.resolve("doqu").toString())).status()).isZero();
    Files.delete(checkout.resolve("target/doqu.jar"));
    assertThat(run(withoutJava(checkout.resolve("doqu").toString())).err())
        .contains("found only Java 17 without javac in " + java.getParent().getParent());
  }

  @Test
  void buildsWhenSourcesAreNewerAndLeavesTheInputAlone() throws Exception {
    useJava(fakeJava("jdk-17", "17.0.1"));
    script(bin.resolve("mvn"), MAVEN);
    assertThat(launch().status()).isZero();
    assertThat(checkout.resolve("builds")).doesNotExist();

    setTime(checkout.resolve("src/main"), Instant.now().plusSeconds(1));
    Path input = Files.writeString(temp.resolve("input"), "typed\n");
    Process doqu =
        process(checkout.resolve("doqu").toString()).redirectInput(input.toFile()).start();
    Result result = result(doqu);
    assertThat(result.err()).contains("doqu: building (the sources have changed) ...\n");
    assertThat(result.out()).endsWith("typed\n");
    assertThat(checkout.resolve("builds")).hasContent("built");
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    useJava(fakeJava("jdk-17", "17.0.1"));
    script(bin.resolve("mvn"), MAVEN);
    Files.delete(checkout.resolve("target/doqu.jar"));
    Process one = command(checkout.resolve("doqu").toString());
    Process two = command(checkout.resolve("doqu").toString());
    List<Result> results = List.of(result(one), result(two));
    assertThat(results).extracting(Result::status).containsOnly(0);
    assertThat(results.get(0).err() + results.get(1).err())
        .containsOnlyOnce("doqu: building (first start, about a minute) ...\n")
        .containsOnlyOnce("doqu: waiting for another doqu that is building ...\n");
    assertThat(checkout.resolve("builds")).hasContent("built");
  }

  @Test
  void aFailedBuildIsToldAndTriedAgain() throws Exception {
    useJava(fakeJava("jdk-17", "17.0.1"));
    setTime(checkout.resolve("src/main"), Instant.now().plusSeconds(1));
    script(bin.resolve("mvn"), "#!/bin/sh\necho half >target/doqu.jar; echo broken; exit 1\n");
    assertThat(launch())
        .isEqualTo(
            new Result(
                1,
                "",
                "doqu: building (the sources have changed) ...\nbroken\n"
                    + "doqu: the build failed; the whole log is in "
                    + checkout.resolve("target/build.log\n")));
    setTime(checkout.resolve("src/main"), Instant.EPOCH);
    script(bin.resolve("mvn"), MAVEN);
    assertThat(launch().status()).isZero();
    assertThat(checkout.resolve("builds")).hasContent("built");
  }

  @Test
  void aKilledBuildIsTakenOver() throws Exception {
    useJava(fakeJava("jdk-17", "17.0.1"));
    Files.delete(checkout.resolve("target/doqu.jar"));
    script(bin.resolve("mvn"), "#!/bin/sh\necho half >target/doqu.jar; exec sleep 60\n");
    Process killed = command(checkout.resolve("doqu").toString());
    while (!Files.exists(checkout.resolve("target/doqu.jar"))) {
      Thread.sleep(20);
    }
    List<ProcessHandle> build = killed.descendants().toList();
    killed.destroyForcibly().waitFor();
    for (ProcessHandle process : build) {
      process.destroyForcibly();
      process.onExit().join();
    }
    script(bin.resolve("mvn"), MAVEN);
    assertThat(launch().status()).isZero();
    assertThat(checkout.resolve("builds")).hasContent("built");
  }

  @Test
  void javaSpeaksUtf8InEveryLocale() throws Exception {
    Path java = fakeJava("jdk-17", "17.0.1");
    script(java, "#!/bin/sh\necho \"<$LC_ALL><$LC_CTYPE><$LANG>\"\n");
    useJava(java);
    assertThat(launch().out()).isEqualTo("<><C.UTF-8><>\n");
    environment.put("LANG", "de_DE");
    assertThat(launch().out()).isEqualTo("<><C.UTF-8><de_DE>\n");
    environment.put("LANG", "de_DE.UTF-8");
    assertThat(launch().out()).isEqualTo("<><><de_DE.UTF-8>\n");
    environment.put("LC_CTYPE", "C");
    assertThat(launch().out()).isEqualTo("<><C.UTF-8><de_DE.UTF-8>\n");
    environment.put("LC_ALL", "C");
    assertThat(launch().out()).isEqualTo("<C.UTF-8><C><de_DE.UTF-8>\n");
  }

  @Test
  @Needs("bwrap")
  void runsFromAReadOnlyCheckout() throws Exception {
    useRealJava();
    assertThat(run(readOnly()).out()).startsWith("doqu ");
    launch();
    setTime(checkout.resolve("src/main"), Instant.now().plusSeconds(1));
    Result result = run(readOnly());
    assertThat(result.status()).isZero();
    assertThat(result.out()).startsWith("doqu ");
    assertThat(result.err()).isEmpty();

    Files.delete(checkout.resolve("target/doqu.jar"));
    assertThat(run(readOnly()).err())
        .isEqualTo(
            "doqu: is not built yet, and %s cannot be written; let its owner start it once\n"
                .formatted(checkout));
  }

  @Test
  void theBuildArchivesTheClasses() throws Exception {
    useRealJava();
    environment.put("DOQU_JAVA_OPTS", "-Xlog:class+load");
    Result result = run(BUILT.resolve("doqu").toString(), "--version");
    assertThat(result.out()).contains("doqu.cli.Main source: shared objects file (top)");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anArchiveIsMadeOnce() throws Exception {
    // Java 17 makes no use of an archive when there is a space in the path of the jar.
    checkout = Files.move(checkout, temp.resolve("checkout"));
    useRealJava();
    assertThat(launch().err()).contains("(once)");
    assertThat(launch().err()).isEmpty();
    environment.put("DOQU_JAVA_OPTS", "-Xlog:class+load");
    assertThat(launch().out()).contains("doqu.cli.Main source: shared objects file (top)");
    // Only a prompt on a terminal loads this one.
    assertThat(Files.readString(archive(), ISO_8859_1))
        .contains("org/jline/terminal/impl/PosixSysTerminal");
  }

  @Test
  @Needs("bwrap")
  void aStaleArchiveIsSilent() throws Exception {
    useRealJava();
    launch();
    Path archive = archive();
    setTime(checkout.resolve("target/doqu.jar"), Instant.now().plusSeconds(1));
    Result ofAnotherJar = run(readOnly());
    assertThat(ofAnotherJar.out()).startsWith("doqu ").hasLineCount(1);
    assertThat(ofAnotherJar.err()).isEmpty();

    Files.delete(archive);
    Files.writeString(archive, "no archive at all");
    Result garbage = run(readOnly());
    assertThat(garbage.out()).startsWith("doqu ").hasLineCount(1);
    assertThat(garbage.err()).isEmpty();
  }

  @Test
  @Needs("strace")
  void nothingIsWrittenForTheJvm() throws Exception {
    useRealJava();
    launch();
    Path tmp = Files.createDirectory(temp.resolve("tmp"));
    Path trace = temp.resolve("trace");
    environment.put("DOQU_JAVA_OPTS", "-Djava.io.tmpdir=" + tmp);
    Result result =
        run(
            "strace",
            "-fqq",
            "-e",
            "trace=open,openat,mkdir,mkdirat",
            "-o",
            trace.toString(),
            checkout.resolve("doqu").toString(),
            "-c",
            "status");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(Files.readString(trace, UTF_8).lines())
        .anyMatch(line -> line.contains("target/native/"))
        .filteredOn(line -> line.contains("O_CREAT") || line.contains("mkdir"))
        .noneMatch(line -> line.contains(tmp + "/"))
        .noneMatch(line -> line.contains("JNA"))
        .noneMatch(line -> line.contains("hsperfdata"))
        .noneMatch(line -> line.contains(".so"));
  }

  private Path archive() throws IOException {
    try (var files = Files.list(checkout.resolve("target/cds"))) {
      return files.filter(file -> file.toString().endsWith(".jsa")).findFirst().orElseThrow();
    }
  }

  private Result launch() throws Exception {
    return run(checkout.resolve("doqu").toString(), "--version");
  }

  private Result run(String... command) throws Exception {
    return result(command(command));
  }

  private Process command(String... command) throws IOException {
    return process(command).start();
  }

  private ProcessBuilder process(String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.redirectInput(Path.of("/dev/null").toFile());
  }

  private static Result result(Process process) throws Exception {
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), out, err);
  }

  private String[] readOnly() {
    String folder = checkout.toString();
    String doqu = checkout.resolve("doqu").toString();
    return bwrap("--ro-bind", folder, folder, doqu, "--version");
  }

  /** The usual folders of Java hidden, in a mount namespace of the command's own. */
  private static String[] withoutJava(String command) {
    return bwrap("--tmpfs", "/usr/lib/jvm", "--tmpfs", "/opt", command);
  }

  private static String[] bwrap(String... arguments) {
    List<String> command = new ArrayList<>(List.of("bwrap", "--dev-bind", "/", "/"));
    command.addAll(Arrays.asList(arguments));
    return command.toArray(String[]::new);
  }

  private Path fakeJava(String name, String version) throws IOException {
    Path home = Files.createDirectories(temp.resolve(name + "/bin")).getParent();
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(home.resolve("bin/javac"), "#!/bin/sh\n");
    return script(home.resolve("bin/java"), JAVA);
  }

  private void useJava(Path java) {
    environment.put("JAVA_HOME", java.getParent().getParent().toString());
  }

  private void useRealJava() {
    environment.put("JAVA_HOME", REAL_JAVA);
  }

  private static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void setTime(Path file, Instant time) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(time));
  }
}
