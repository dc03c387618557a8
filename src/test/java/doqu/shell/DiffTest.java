package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code diff} shows all that differs, and nothing else. */
class DiffTest {
  private Play play;

  @BeforeEach
  void begin() throws Exception {
    play = new Play();
  }

  @AfterEach
  void end() {
    play.close();
  }

  private String diff(String line) {
    play.does(line);
    return play.lastLook();
  }

  @Test
  void nothingDiffersAtFirst() {
    assertThat(diff("diff")).isEqualTo("nothing differs between doqu and host");
  }

  @Test
  void fromTheHostEachIsolatedThingDiffers() {
    play.does("unshare uts mnt", "sethostname doqueru", "mount -t tmpfs cellar /mnt");
    play.does("mount --make-rprivate /", "chdir /tmp", "caps drop CAP_SYS_ADMIN");
    assertThat(diff("diff"))
        .matches("(?s) +doqu +host\n.*")
        .containsPattern("(?m)^uts +uts:\\[\\d+] +uts:\\[\\d+]$")
        .containsPattern("(?m)^mnt +mnt:\\[\\d+] +mnt:\\[\\d+]$")
        .containsPattern("(?m)^hostname +doqueru +stage$")
        .containsPattern("(?m)^cwd +/tmp +/$")
        .containsPattern("(?m)^CapEff +- +\\+CAP_SYS_ADMIN$")
        .containsPattern("(?m)^mounts on /mnt .*tmpfs cellar")
        .containsPattern("(?m)^propagation of / and \\d+ more +private +shared$")
        .doesNotContain("ipc")
        .doesNotContain("uid_map");
  }

  @Test
  void twoActorsDifferInWhatOneDid() {
    play.does("fork one", "fork two", "switch one", "unshare uts", "sethostname one");
    assertThat(diff("diff one two").lines())
        .hasSize(3)
        .anyMatch(line -> line.matches(" +one +two"))
        .anyMatch(line -> line.matches("uts +uts:\\[\\d+] +uts:\\[\\d+]"))
        .anyMatch(line -> line.matches("hostname +one +stage"));
    assertThat(diff("diff two doqu")).isEqualTo("nothing differs between two and doqu");
    assertThat(diff("diff host one")).containsPattern("hostname +stage +one");
  }

  @Test
  void sinceTheLastStep() {
    play.does("unshare uts mnt", "sethostname a", "chdir /tmp");
    assertThat(diff("diff --last")).matches("(?s) +before chdir /tmp +now\ncwd +/ +/tmp");
    play.does("mount -t tmpfs cellar /mnt", "umount /mnt");
    assertThat(diff("diff -l")).containsPattern("(?m)^mounts on /mnt +tmpfs tmpfs.*tmpfs cellar");
    play.session.line("chroot /nowhere");
    assertThat(diff("diff -l")).isEqualTo("nothing differs between before chroot /nowhere and now");
  }

  @Test
  void whoCannotBeAskedIsSaid() {
    play.does("fork", "wait");
    assertThat(play.session.line("diff")).isFalse();
    assertThat(play.mistakes).last().asString().contains("doqu is blocked in wait4");
    play.does("switch child");
    assertThat(play.session.line("diff doqu")).isFalse();
    assertThat(play.session.line("diff child child")).isFalse();
    assertThat(play.session.line("diff nobody")).isFalse();
    assertThat(play.session.line("diff -l child")).isFalse();
  }
}
