package doqu.rootfs.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.testing.Needs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that are as they should be, held against GNU tar; and what an archive may not do. */
class UnpackingTest {
  @TempDir Path folder;

  private Path victim;

  @BeforeEach
  void putAVictimOutside() throws Exception {
    victim = Files.writeString(folder.resolve("victim"), "unharmed");
  }

  private void unharmed() throws Exception {
    assertThat(victim).hasContent("unharmed");
    try (var there = Files.list(folder)) {
      assertThat(there.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("victim", "tree");
    }
  }

  private static String run(Path directory, String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  @Needs("tar")
  void aTreeOfEverythingIsAsGnuTarUnpacksIt() throws Exception {
    for (String format : List.of("gnu", "pax", "oldgnu", "posix")) {
      Path place = Files.createDirectory(folder.resolve(format));
      Path source = Files.createDirectory(place.resolve("source"));
      run(
          source,
          "bash",
          "-c",
          """
          mkdir -p usr/bin etc empty locked sticky; ln -s usr/bin bin
          echo hello > usr/bin/x; chmod 4755 usr/bin/x; ln usr/bin/x etc/hard; ln -s ../usr/bin/x etc/soft
          ln -s /nowhere dangling; mkfifo pipe; chmod 1777 sticky; echo a > locked/file; [ "$(id -u)" != 0 ] || chmod 0 locked/file
          head -c 300000 /dev/urandom > big; chmod 2755 empty
          truncate -s 5M sparse; echo data | dd of=sparse bs=1 seek=1000000 conv=notrunc 2>/dev/null
          touch -d '1970-01-01 00:00:00.5 UTC' early; touch -h -d '2001-02-03' dangling
          touch -d '1960-01-01 UTC' before
          d=$(printf 'd%.0s' {1..120}); mkdir -p $d/$d; echo long > $d/$d/$d; ln -s $d/$d/$d longlink
          touch $'caf\\xc3\\xa9' $'caf\\xe9' 'a b' $'new\\nline'
          chmod 0555 locked; touch -d '2002-03-04' usr etc .
          """);
      Path archive = place.resolve("archive.tar");
      run(source, "tar", "-S", "--format=" + format, "-cf", archive.toString(), ".");
      Path theirs = Files.createDirectory(place.resolve("theirs"));
      run(theirs, "tar", "-xpf", archive.toString());
      try (Destination ours = new Destination(place)) {
        ours.all(Files.newInputStream(archive));
        assertThat(ours.listing()).isEqualTo(Destination.listing(theirs));
        run(place, "chmod", "-R", "u+r", "theirs");
        if (format.equals("gnu")) {
          run(place, "diff", "-r", "--no-dereference", "-x", "pipe", "theirs", "tree");
        }
      }
      run(place, "chmod", "-R", "u+rwx", ".");
    }
  }

  @Test
  void namesThatLeadUpAreNotTaken() throws Exception {
    for (String name : List.of("../victim", "a/../../victim", "/../victim", "a/..")) {
      try (Destination ours = new Destination(folder)) {
        assertThatThrownBy(() -> ours.all(new CraftedTar().file(name, "harm").stream()))
            .isInstanceOf(ArchiveException.class)
            .hasMessage(name + ": a name with .. in it is not taken");
        assertThatThrownBy(() -> ours.all(new CraftedTar().hardLink("x", name).stream()))
            .hasMessage(name + ": a name with .. in it is not taken");
      }
      unharmed();
      Files.delete(folder.resolve("tree"));
    }
  }

  @Test
  void anAbsoluteNameIsBelowTheRoot() throws Exception {
    try (Destination ours = new Destination(folder)) {
      ours.all(new CraftedTar().file("//" + victim, "harm").stream());
      assertThat(Path.of(ours.folder() + victim.toString())).hasContent("harm");
    }
    unharmed();
  }

  @Test
  void whatIsWrittenThroughALinkStaysBelowTheRoot() throws Exception {
    String up = "../".repeat(30) + folder.toString().substring(1);
    for (String target : List.of(folder.toString(), up, "..", "/proc/self/cwd", "/../..")) {
      for (boolean twoLayers : List.of(false, true)) {
        try (Destination ours = new Destination(folder)) {
          CraftedTar first = new CraftedTar().symlink("l", target);
          if (twoLayers) {
            ours.unpack(first.stream());
            first = new CraftedTar();
          }
          ours.all(first.file("l/victim", "harm").file("l/new/x", "harm").stream());
          String below =
              target.startsWith("..") ? target.replace("../", "").replace("..", "") : target;
          Path written =
              Path.of(ours.folder() + "/" + below.replace("/../..", "")).resolve("victim");
          assertThat(written).hasContent("harm");
        }
        unharmed();
        run(folder, "rm", "-r", "tree");
      }
    }
  }

  @Test
  void aHardLinkFindsNothingOutside() throws Exception {
    for (String target : List.of(victim.toString(), "l/victim", "nothing")) {
      try (Destination ours = new Destination(folder)) {
        CraftedTar tar = new CraftedTar().symlink("l", folder.toString());
        assertThatThrownBy(() -> ours.all(tar.hardLink("h", target).file("h", "harm").stream()))
            .isInstanceOf(IOException.class)
            .hasMessageMatching("(?s).*(there is no such directory|ENOENT).*");
      }
      unharmed();
      run(folder, "rm", "-r", "tree");
    }
  }

  @Test
  void aHardLinkToALinkIsTheLink() throws Exception {
    try (Destination ours = new Destination(folder)) {
      ours.all(
          new CraftedTar()
              .symlink("l", victim.toString()).hardLink("h", "l").file("h", "harm").stream());
      assertThat(ours.folder().resolve("h")).hasContent("harm");
      assertThat(Files.readSymbolicLink(ours.folder().resolve("l"))).isEqualTo(victim);
    }
    unharmed();
  }

  @Test
  void theRootIsNotReplaced() throws Exception {
    for (String name : List.of(".", "./", "/")) {
      try (Destination ours = new Destination(folder)) {
        assertThatThrownBy(
                () -> ours.all(new CraftedTar().symlink(name, folder.toString()).stream()))
            .hasMessage("it would put something else where the root directory is");
      }
      unharmed();
      Files.delete(folder.resolve("tree"));
    }
  }

  @Test
  void devicesAreLeftOutAndSaidOnce() throws Exception {
    try (Destination ours = new Destination(folder)) {
      Unpacked unpacked =
          ours.all(
              new CraftedTar()
                      .entry('3', "dev/null", "", new byte[0], 0666)
                      .entry('4', "dev/sda", "", new byte[0], 0666)
                      .entry('6', "dev/pipe", "", new byte[0], 0600)
                      .stream());
      assertThat(unpacked.notKept())
          .containsExactly(
              "2 devices are left out: who is not the machine's root makes none, dev/null first");
      assertThat(ours.listing()).anyMatch(line -> line.startsWith("dev/pipe\tp 600 "));
      assertThat(ours.listing()).noneMatch(line -> line.startsWith("dev/null"));
    }
  }

  @Test
  void whatIsNotKeptOfAFileIsSaidOnce() throws Exception {
    byte[] record = "24 SCHILY.xattr.user.a=1\n".getBytes(StandardCharsets.US_ASCII);
    record[1] = (byte) ('0' + record.length % 10);
    CraftedTar tar = new CraftedTar();
    for (String name : List.of("a", "b")) {
      tar.entry('x', "PaxHeader", "", record, 0644).file(name, "text");
    }
    try (Destination ours = new Destination(folder)) {
      assertThat(ours.all(tar.stream()).notKept())
          .containsExactly("the extended attributes of 2 files are left out, a first");
      assertThat(ours.folder().resolve("b")).hasContent("text");
    }
  }

  @Test
  void aLaterItemReplacesAnEarlierOne() throws Exception {
    try (Destination ours = new Destination(folder)) {
      ours.all(
          new CraftedTar()
                  .file("a", "one")
                  .file("a", "two")
                  .directory("d")
                  .file("d/x/y", "in d")
                  .file("d", "a file now")
                  .file("e", "a directory soon")
                  .directory("e")
                  .file("e/x", "in e")
                  .symlink("s", "e")
                  .directory("s")
                  .file("s/x", "in s")
                  .file("a", "three")
                  .stream());
      assertThat(ours.folder().resolve("a")).hasContent("three");
      assertThat(ours.folder().resolve("d")).hasContent("a file now");
      assertThat(ours.folder().resolve("e/x")).hasContent("in e");
      assertThat(ours.folder().resolve("s/x")).hasContent("in s");
      assertThat(Files.isDirectory(ours.folder().resolve("s"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    }
  }

  @Test
  void boundsHold() throws Exception {
    try (Destination ours = new Destination(folder, new Bounds(3, 10, 200))) {
      CraftedTar four = new CraftedTar().directory("a").directory("b").directory("c");
      ours.unpack(four.stream());
      assertThatThrownBy(() -> ours.unpack(new CraftedTar().directory("d").stream()))
          .hasMessage("it has more than 3 files, which is more than doqu takes");
    }
    run(folder, "rm", "-r", "tree");
    try (Destination ours = new Destination(folder, new Bounds(10, 10, 200))) {
      assertThatThrownBy(
              () -> ours.unpack(new CraftedTar().file("a", "12345").file("b", "123456").stream()))
          .hasMessage("it unpacks to more than 10 bytes, which is more than doqu takes");
    }
  }

  @Test
  void aFileThatSaysItIsHugeIsNotBelieved() throws Exception {
    try (Destination ours = new Destination(folder)) {
      assertThatThrownBy(
              () -> ours.unpack(new CraftedTar().header('0', "a", "", 8L << 30, 0644).stream()))
          .hasMessage("it ends in the middle: it is cut off");
      assertThatThrownBy(
              () -> ours.unpack(new CraftedTar().header('L', "a", "", 8L << 30, 0644).stream()))
          .hasMessageContaining("an extended header of 8589934592 bytes; doqu takes 1048576");
      assertThatThrownBy(
              () -> ours.unpack(new CraftedTar().header('x', "a", "", 8L << 30, 0644).stream()))
          .hasMessageContaining("an extended header of 8589934592 bytes; doqu takes 1048576");
    }
  }

  @Test
  @Needs({"tar", "gzip"})
  void aBombOfZerosIsNotUnpacked() throws Exception {
    Path bomb = folder.resolve("bomb.tar.gz");
    run(
        folder,
        "bash",
        "-c",
        "truncate -s 2G zeros && tar -cf - zeros | gzip -1 > bomb.tar.gz && rm zeros");
    try (Destination ours = new Destination(folder)) {
      assertThatThrownBy(() -> ours.unpack(Files.newInputStream(bomb)))
          .hasMessage(
              "it unpacks to more than 200 times its own size, which is more than doqu takes");
      assertThat(Files.size(ours.folder().resolve("zeros")))
          .isLessThan(Bounds.RATIO_FROM + (1 << 22));
    }
  }

  @Test
  void longNamesAndDeepPaths() throws Exception {
    try (Destination ours = new Destination(folder)) {
      String long255 = "n".repeat(255);
      String deep = "d/".repeat(2000) + "f";
      ours.unpack(new CraftedTar().file(long255, "x").file(deep, "deep").stream());
      assertThat(ours.folder().resolve(long255)).hasContent("x");
      assertThatThrownBy(() -> ours.unpack(new CraftedTar().file("n".repeat(256), "x").stream()))
          .hasMessage("n".repeat(256) + ": openat: ENAMETOOLONG (File name too long)");
      assertThatThrownBy(
              () -> ours.unpack(new CraftedTar().file("n/".repeat(2100) + "f", "x").stream()))
          .hasMessageEndingWith(": ENAMETOOLONG (File name too long)");
      assertThatThrownBy(
              () -> ours.unpack(new CraftedTar().symlink("s", "t".repeat(4096)).stream()))
          .hasMessage("s: symlinkat: ENAMETOOLONG (File name too long)");
      assertThatThrownBy(
              () ->
                  ours.unpack(
                      new CraftedTar()
                          .symlink("p", "q").symlink("q", "p").file("p/x", "").stream()))
          .hasMessage("p: a loop of symbolic links on the way");
    }
    run(folder, "rm", "-r", "tree");
  }

  @Test
  void aHeaderThatDoesNotAddUpIsNotBelieved() throws Exception {
    byte[] damaged = new CraftedTar().file("a", "text").file("b", "text").bytes();
    damaged[2 * TarHeader.SIZE] = 'c';
    try (Destination ours = new Destination(folder)) {
      assertThatThrownBy(() -> ours.unpack(new ByteArrayInputStream(damaged)))
          .isInstanceOf(ArchiveException.class)
          .hasMessage("a header whose checksum is wrong: it is damaged");
      assertThat(ours.folder().resolve("c")).doesNotExist();
    }
  }

  @Test
  void whereverItIsCutOffThatIsAnError() throws Exception {
    byte[] whole = new CraftedTar().file("a", "text").symlink("l", "a").directory("d").bytes();
    for (int length = 0; length < whole.length - 2 * TarHeader.SIZE + 1; length += 64) {
      byte[] part = Arrays.copyOf(whole, length);
      try (Destination ours = new Destination(folder)) {
        assertThatThrownBy(() -> ours.unpack(new ByteArrayInputStream(part)))
            .as("%d of %d bytes", length, whole.length)
            .isInstanceOf(ArchiveException.class);
      }
      run(folder, "rm", "-r", "tree");
    }
  }

  @Test
  @Needs({"gzip", "xz", "bzip2", "zstd"})
  void everyCompressionIsKnownByItsFirstBytesAndCheckedToItsEnd() throws Exception {
    Path tar = folder.resolve("x");
    Files.write(tar, new CraftedTar().entry('0', "a", "", new byte[100_000], 0644).bytes());
    for (String program : List.of("cat", "gzip", "xz", "bzip2", "zstd -q")) {
      Path packed = folder.resolve("packed");
      run(folder, "bash", "-c", program + " < x > packed");
      byte[] bytes = Files.readAllBytes(packed);
      try (Destination ours = new Destination(folder)) {
        assertThat(ours.all(new ByteArrayInputStream(bytes)).bytes()).isEqualTo(100_000);
      }
      run(folder, "rm", "-r", "tree");
      if (program.equals("cat")) {
        continue;
      }
      for (byte[] damaged : List.of(Arrays.copyOf(bytes, bytes.length - 3), flipped(bytes))) {
        try (Destination ours = new Destination(folder)) {
          assertThatThrownBy(() -> ours.unpack(new ByteArrayInputStream(damaged)))
              .as(program)
              .isInstanceOf(IOException.class);
        }
        run(folder, "rm", "-r", "tree");
      }
      run(
          folder,
          "bash",
          "-c",
          "head -c 5000 x | " + program + " > packed; tail -c +5001 x | " + program + " >> packed");
      try (Destination ours = new Destination(folder)) {
        assertThat(ours.all(Files.newInputStream(packed)).bytes()).as(program).isEqualTo(100_000);
      }
      run(folder, "rm", "-r", "tree");
    }
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[bytes.length - bytes.length / 4] ^= 1;
    return changed;
  }

  @Test
  void noDamageIsMoreThanAnError() throws Exception {
    byte[] whole =
        new CraftedTar()
            .file("a", "text")
            .symlink("l", "..")
            .file("l/b", "more")
            .hardLink("h", "a")
            .directory("d")
            .file("d/" + "n".repeat(120), "long")
            .bytes();
    Random random = new Random(1);
    int taken = 0;
    for (int round = 0; round < 150; round++) {
      byte[] damaged = whole.clone();
      for (int i = 0; i < 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try (Destination ours = new Destination(folder)) {
        ours.all(new ByteArrayInputStream(damaged));
        taken++;
      } catch (IOException e) {
        assertThat(e).hasMessageNotContaining("Exception");
      }
      unharmed();
      run(folder, "rm", "-r", "tree");
    }
    assertThat(taken).isBetween(1, 149);
  }
}
