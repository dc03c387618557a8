package doqu.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doqu.testing.Needs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfTest {
  @TempDir Path folder;

  private Elf read(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("elf"), bytes);
    try (FileChannel channel = FileChannel.open(file)) {
      return Elf.read(channel);
    }
  }

  @Test
  void readsBothClasses() throws IOException {
    Elf wide =
        read(CraftedElf.of64Bits().interpreter("/ld").needs("a", "b").rpath("/x:/y").bytes());
    assertThat(wide)
        .isEqualTo(
            new Elf(
                new Elf.Target(2, 1, 62),
                "/ld",
                List.of("a", "b"),
                List.of("/x", "/y"),
                List.of()));
    Elf narrow = read(CraftedElf.of32Bits().needs("a").rpath("/x").runpath("/z").bytes());
    assertThat(narrow)
        .isEqualTo(new Elf(new Elf.Target(1, 1, 3), null, List.of("a"), List.of(), List.of("/z")));
  }

  /** Against readelf of the same file: a real one, with its many segments. */
  @Test
  @Needs({"readelf", "bash"})
  void readsWhatReadelfReads() throws Exception {
    Path bash = Path.of("/bin/bash");
    Process readelf = new ProcessBuilder("readelf", "-dl", bash.toString()).start();
    String said = new String(readelf.getInputStream().readAllBytes());
    Elf elf = read(Files.readAllBytes(bash));
    assertThat(said).contains("interpreter: " + elf.interpreter() + "]");
    assertThat(said.lines().filter(line -> line.contains("(NEEDED)")))
        .hasSameSizeAs(elf.needed())
        .isNotEmpty();
    elf.needed().forEach(name -> assertThat(said).contains("[" + name + "]"));
  }

  @Test
  void refusesHugeCounts() {
    String[] names = new String[5000];
    Arrays.fill(names, "a");
    byte[] many = CraftedElf.of64Bits().needs(names).bytes();
    assertThatThrownBy(() -> read(many)).isInstanceOf(ElfException.class);
    byte[] longPath = CraftedElf.of64Bits().runpath("/lib:".repeat(300)).bytes();
    assertThatThrownBy(() -> read(longPath))
        .isInstanceOf(ElfException.class)
        .hasMessage("is damaged: its library search path is too long");
    byte[] headers = CraftedElf.of64Bits().bytes();
    ByteBuffer.wrap(headers).order(ByteOrder.LITTLE_ENDIAN).putShort(56, (short) 0xffff);
    assertThatThrownBy(() -> read(headers))
        .isInstanceOf(ElfException.class)
        .hasMessage("is damaged: its program header table is too long");
  }

  /** 2000 hurt copies of a real program: each ends in a plan, in time. */
  @Test
  @Needs("bash")
  void aDamagedFileNeverEndsThePlan() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of("/bin/bash"));
    Random random = new Random(20240229);
    FakeMachine machine = new FakeMachine(folder);
    machine.elf("/bin/good", CraftedElf.of64Bits());
    Path hurt = folder.resolve("bin/hurt");
    long refused = 0;
    for (int i = 0; i < 2000; i++) {
      machine.file("/bin/hurt", 0755, hurt(whole, random));
      long start = System.nanoTime();
      Plan plan = machine.plan("hurt", "good");
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
      assertThat(plan.problems()).allMatch(line -> line.startsWith("hurt: "));
      assertThat(FakeMachine.files(plan)).contains("755 /bin/good");
      refused += plan.problems().isEmpty() ? 0 : 1;
    }
    assertThat(hurt).exists();
    assertThat(refused).as("some are past reading").isBetween(200L, 2000L);
  }

  private static byte[] hurt(byte[] whole, Random random) {
    byte[] hurt =
        random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(4096)) : whole.clone();
    ByteBuffer bytes = ByteBuffer.wrap(hurt).order(ByteOrder.LITTLE_ENDIAN);
    int dynamic = dynamicSection(ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN));
    for (int times = 1 + random.nextInt(8); times > 0 && hurt.length > 8; times--) {
      // the headers, the program headers and the dynamic section are what is read
      int start = random.nextInt(3) == 0 ? dynamic : 0;
      int at = Math.min(start + random.nextInt(start == 0 ? 900 : 480), hurt.length - 8);
      switch (random.nextInt(4)) {
        case 0 -> hurt[at] = (byte) random.nextInt();
        case 1 -> bytes.putLong(at, random.nextLong());
        case 2 -> bytes.putInt(at, -1 >>> random.nextInt(32));
        default -> bytes.putLong(at, Long.MAX_VALUE - random.nextInt(64));
      }
    }
    return hurt;
  }

  private static int dynamicSection(ByteBuffer elf) {
    int at = 64;
    while (elf.getInt(at) != 2) {
      at += 56;
    }
    return (int) elf.getLong(at + 8);
  }
}
