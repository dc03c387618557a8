package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import doqu.observe.UtsNames;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code diff} shows all that differs, and nothing else. */
class DiffTest {
  @AutoClose private final Play play = new Play();

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
  void whoIsBlockedIsComparedAllTheSame() {
    play.does("unshare uts", "sethostname waiting", "fork", "wait");
    assertThat(play.said).last().asString().contains("doqu is blocked in wait4");
    assertThat(diff("diff")).containsPattern("(?m)^hostname +waiting +stage$");
    assertThat(diff("hostname"))
        .isEqualTo("doqu: waiting, domain name (none)\nhost: stage, domain name (none)");
    // Who went there to ask has come back.
    assertThat(diff("host hostname")).isEqualTo("host: stage, domain name (none)");
    assertThat(
            UtsNames.of(play.session.stage(), play.session.stage().outer())
                .orElseThrow()
                .hostname())
        .isNotEqualTo("waiting");
  }

  @Test
  void whoHasEndedIsSaid() {
    play.does("fork gone", "switch gone", "exit");
    assertThat(play.session.line("diff gone")).isFalse();
    assertThat(play.mistakes).last().isEqualTo("'gone' cannot act: it has ended");
    assertThat(play.session.line("diff doqu doqu")).isFalse();
    assertThat(play.mistakes).last().asString().contains("does not differ from itself");
    assertThat(play.session.line("diff nobody")).isFalse();
    assertThat(play.mistakes).last().asString().contains("nobody");
    assertThat(play.session.line("diff -l gone")).isFalse();
    assertThat(play.mistakes).last().asString().contains("diff --last takes no actor");
  }
}
