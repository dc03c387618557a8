package doqu.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.kernel.Libc;
import doqu.rootfs.archive.CraftedTar;
import doqu.rootfs.store.Store;
import doqu.rootfs.store.Stored;
import doqu.testing.Doqu;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doqu rootfs} and {@code rootfs} on a stage, each in a process of its own. */
class RootfsCommandTest {
  @TempDir Path folder;

  private Path archive;

  private record Ran(int status, String out, String err) {
    String all() {
      return out + err;
    }
  }

  @BeforeEach
  void writeAnArchive() throws Exception {
    archive = folder.resolve("box.tar");
    Files.write(
        archive,
        new CraftedTar()
            .file("etc/hostname", "box\n")
            .entry('3', "dev/null", "", new byte[0], 0666)
            .bytes());
  }

  private ProcessBuilder builder(String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(Doqu.command(arguments));
    builder.environment().put("XDG_DATA_HOME", folder.resolve("data").toString());
    builder.environment().put("XDG_STATE_HOME", folder.resolve("state").toString());
    builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    return builder;
  }

  private Ran run(byte[] input, String... arguments) throws Exception {
    Path err = folder.resolve("err");
    Process process = builder(arguments).redirectError(err.toFile()).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException e) {
      // It has read as much as it wanted.
    }
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), out, Files.readString(err));
  }

  private Ran run(String... arguments) throws Exception {
    return run(new byte[0], arguments);
  }

  private void works(String... arguments) throws Exception {
    Ran ran = run(arguments);
    assertThat(ran.status()).as(ran.all()).isZero();
  }

  @Test
  void anArchiveBecomesARootFileSystemOfAStage() throws Exception {
    Ran imported = run("rootfs", "import", "box", archive.toString());
    assertThat(imported.status()).as(imported.all()).isZero();
    assertThat(imported.err())
        .containsPattern("^box: 2 files, 4 B, in \\d+\\.\\d s\n")
        .contains(
            "box: 1 devices are left out: who is not the machine's root makes none, dev/null");
    Ran used =
        run(
            "-c",
            "rootfs use box; ls $ROOTFS; cat $ROOTFS/etc/hostname;"
                + " write $ROOTFS/etc/hostname harm; mkdir $ROOTFS/new; ls $ROOTFS");
    assertThat(used.status()).as(used.all()).isZero();
    assertThat(used.out()).contains("dev/\netc/\nbox\n").contains("dev/\netc/\nnew/\n");
    assertThat(run("rootfs", "verify", "box").err())
        .isEqualTo("box: nothing has changed since it was made\n");
    assertThat(run("-c", "rootfs use box; cat $ROOTFS/etc/hostname").out()).endsWith("box\n");
  }

  @Test
  void whatIsToBeKeptIsKept() throws Exception {
    works("rootfs", "import", "box", archive.toString());
    works("-c", "rootfs use --keep box; mkdir $ROOTFS/new");
    Ran verified = run("rootfs", "verify", "box");
    assertThat(verified.status()).isEqualTo(1);
    assertThat(verified.out()).contains("new: new\n");
    assertThat(verified.err()).matches("doqu: box: \\d changed since it was made\n");
    assertThat(run("-c", "rootfs use box; ls $ROOTFS").out()).contains("new/\n");
  }

  @Test
  void theContainerOfTheArticleIsBuiltInIt() throws Exception {
    works("rootfs", "build", "mine");
    Ran ran =
        run(
            "-c",
            "rootfs use mine; unshare uts pid mnt; mount --make-rprivate /;"
                + " mount --bind $ROOTFS $ROOTFS; fork; switch init; chdir $ROOTFS; mkdir old;"
                + " pivot_root . old; chdir /; mount -t proc proc /proc; umount -l /old; rmdir /old;"
                + " sethostname box; exec sh -c 'hostname; echo $$'");
    assertThat(ran.status()).as(ran.all()).isZero();
    assertThat(ran.out()).contains("box\n1\n");
    // It is a plain directory: until it is bound to itself it is no mount point.
    Ran failed =
        run(
            "-c",
            "rootfs use mine; unshare mnt; mount --make-rprivate /; mkdir $ROOTFS/old; pivot_root $ROOTFS $ROOTFS/old");
    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.out()).contains("EINVAL").contains("'/mnt/rootfs' is no mount point");
  }

  @Test
  void undoComesBackToTheSameRootFileSystem() throws Exception {
    works("rootfs", "import", "box", archive.toString());
    Ran ran = run("-c", "rootfs use box; mkdir $ROOTFS/a; mkdir $ROOTFS/b; undo; ls $ROOTFS");
    assertThat(ran.status()).as(ran.all()).isZero();
    assertThat(ran.out()).contains("a/\ndev/\netc/\n").doesNotContain("b/\n");
  }

  @Test
  void aPipeWillDo() throws Exception {
    assertThat(run(Files.readAllBytes(archive), "rootfs", "import", "box", "-").status()).isZero();
    String file = folder.resolve("box-again.tar").toString();
    works("rootfs", "export", "box", file);
    assertThat(run("rootfs", "export", "box", file).err())
        .isEqualTo("doqu: '" + file + "' is there already; -f writes over it\n");
    works("rootfs", "export", "-f", "box", file);
    byte[] exported =
        run("rootfs", "export", "box", "-").out().getBytes(StandardCharsets.ISO_8859_1);
    assertThat(run(exported, "rootfs", "import", "again", "-").status()).isZero();
    Object[] all = JSON.std.arrayFrom(run("rootfs", "list", "--json").out());
    assertThat(all)
        .extracting(one -> ((Map<?, ?>) one).get("name"), one -> ((Map<?, ?>) one).get("bytes"))
        .containsExactly(tuple("again", 4), tuple("box", 4));
  }

  @Test
  void mistakesNameTheWord() throws Exception {
    works("rootfs", "import", "box", archive.toString());
    Map<List<String>, String> mistakes =
        Map.of(
            List.of("lst"), "unknown word of rootfs 'lst'; did you mean 'list'?",
            List.of("show", "bax"), "unknown root file system 'bax'; did you mean 'box'?",
            List.of("show"), "something is missing: rootfs show [-j] ROOTFS",
            List.of("import", "box", archive.toString()),
                "'box' is in the store already; -f replaces it",
            List.of("import", "a/b", archive.toString()),
                "'a/b' is no name for a root file system: small letters, digits, . _ -",
            List.of("import", "new", folder + "/none"),
                "'" + folder + "/none': there is no such file or folder",
            List.of("import", "new", folder.toString()),
                "'" + folder + "': neither an OCI image (index.json) nor a saved one",
            List.of("import", "new", "/etc/passwd"), "'/etc/passwd': not a tar archive",
            List.of("use", "--keep", "machine"),
                "'machine' is built anew each time: nothing is kept in it",
            List.of("rm", "box", "bax"), "unknown root file system 'bax'");
    for (var mistake : mistakes.entrySet()) {
      List<String> words = mistake.getKey();
      Ran ran = run(Stream.concat(Stream.of("rootfs"), words.stream()).toArray(String[]::new));
      assertThat(ran.err()).as("%s", words).contains("doqu: " + mistake.getValue());
      assertThat(ran.status()).isEqualTo(1);
    }
  }

  @Test
  void aScriptChoosesForItselfAlone() throws Exception {
    works("rootfs", "import", "box", archive.toString());
    works("-c", "rootfs use box");
    assertThat(run("rootfs", "list").out()).contains("* machine").doesNotContain("* box");
    works("rootfs", "use", "box");
    assertThat(run("rootfs", "list").out()).contains("* box").doesNotContain("* machine");
    assertThat(run("rootfs", "use", "--keep", "box").err())
        .isEqualTo("doqu: --keep is for rootfs use at the prompt: it is not remembered\n");
    works("-c", "rootfs use --keep box; rootfs use machine");
    assertThat(run("rootfs", "list").out()).contains("* box");
    assertThat(run("-c", "ls $ROOTFS").out()).contains("bin");
  }

  @Test
  void namesInAnArchiveDoNothingToTheTerminal() throws Exception {
    Path hostile = folder.resolve("hostile.tar");
    Files.write(
        hostile,
        new CraftedTar()
            .entry('3', "dev/\033[2Jx", "", new byte[0], 0666)
            .hardLink("a", "\033]0;title\007")
            .bytes());
    Ran ran = run("rootfs", "import", "box", hostile.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.all()).doesNotContain("\033").doesNotContain("\007").contains("ENOENT");
  }

  @Test
  void aStoreThatCannotBeWrittenIsToldInOneLine() throws Exception {
    Files.writeString(folder.resolve("data"), "a file where the folder is to be");
    Ran ran = run("rootfs", "import", "box", archive.toString());
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.err()).startsWith("doqu: '").doesNotContain("\tat ").hasLineCount(1);
  }

  /** At any moment there is the old one or the new one, and the next who comes clears up. */
  @Test
  @Tag("slow")
  void killedAtAnyMomentItLeavesTheOldOneOrTheNew() throws Exception {
    Path big = folder.resolve("big.tar");
    CraftedTar tar = new CraftedTar();
    for (int i = 0; i < 2000; i++) {
      tar.file("d" + i % 50 + "/f" + i, "x".repeat(2000));
    }
    Files.write(big, tar.bytes());
    String lines =
        ("rootfs import -f box " + big + "\nrootfs import -f box " + archive + "\n").repeat(20);
    Path script = Files.writeString(folder.resolve("script"), lines);
    works("rootfs", "import", "box", archive.toString());
    Store store = new Store(folder.resolve("data/doqu/rootfs"));
    Random random = new Random(1);
    int begun = 0;
    int kills = Libc.effectiveUser() == 0 ? 200 : 50; // each takes a third of a second
    for (int kill = 0; kill < kills; kill++) {
      Process process =
          builder(script.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("out").toFile())
              .start();
      // The store is made ready after some 300 ms; from then on one import follows the other.
      assertThat(process.waitFor(250 + random.nextInt(300), TimeUnit.MILLISECONDS)).isFalse();
      process.destroyForcibly().waitFor();
      Stored box = store.get("box");
      assertThat(box.items()).as("kill %d", kill).isIn(2L, 2000L);
      assertThat(Store.changes(box)).as("kill %d", kill).isEmpty();
      begun += trees().size() > 1 ? 1 : 0;
    }
    assertThat(begun).as("killed in the midst of an import").isBetween(kills / 5, kills);
    works("rootfs", "import", "-f", "box", archive.toString());
    assertThat(trees()).as("what is left of them").hasSize(1);
  }

  private List<Path> trees() throws IOException {
    try (Stream<Path> trees = Files.list(folder.resolve("data/doqu/rootfs/trees"))) {
      return trees.toList();
    }
  }
}
