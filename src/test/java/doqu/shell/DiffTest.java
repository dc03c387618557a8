package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doqu.observe.Differences;
import doqu.observe.UtsNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  void theEnvironmentAndTheUmaskDifferToo() {
    play.does("fork", "env A=b PATH=/bin");
    assertThat(diff("diff --last")).containsPattern("(?m)^variable A +- +b$");
    assertThat(diff("diff doqu child")).containsPattern("(?m)^variable PATH +/bin +/\\S+:\\S+$");
    play.does("syscall umask 077");
    assertThat(diff("diff"))
        .containsPattern("(?m)^Umask +0077 +00\\d\\d$")
        .doesNotContain("variable");
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
  void betweenAnyTwoStepsThatWereTaken() {
    play.does("unshare uts", "sethostname a", "chdir /tmp", "sethostname b");
    assertThat(diff("diff --steps 2 4"))
        .isEqualTo(
            """
                          2 (doqu: sethostname a) 4 (doqu: sethostname b)
            doqu hostname a                       b
            doqu cwd      /                       /tmp""");
    assertThat(diff("diff -s 4 3").lines())
        .containsExactly(
            "              4 (doqu: sethostname b) 3 (doqu: chdir /tmp)",
            "doqu hostname b" + " ".repeat(23) + "a");
    assertThat(diff("diff -s 0 1").lines())
        .hasSize(2)
        .first()
        .asString()
        .isEqualTo("         0 (before the first) 1 (doqu: unshare uts)");
    // Alone: and the last.
    assertThat(diff("diff -s 3").lines().skip(1)).hasSize(1);
    play.session.line("chroot /no/such/directory/at/all");
    assertThat(diff("diff -s 4 5"))
        .isEqualTo(
            "nothing differs between 4 (doqu: sethostname b) and 5 (doqu: chroot"
                + " /no/such/director...)");
    play.does("undo 2");
    assertThat(play.session.line("diff -s 0 4")).isFalse();
    assertThat(play.mistakes)
        .last()
        .isEqualTo("'4' is no step that was taken: there are 1 to 3; history lists them");
    assertThat(diff("diff -s 2 3")).containsPattern("(?m)^doqu cwd +/ +/tmp$");
  }

  @Test
  void eachActorIsComparedAsItWasSeenThen() {
    play.does(
        "fork one", "unshare uts", "switch one", "chdir /tmp", "switch doqu", "sethostname x");
    play.does("switch one", "exit", "switch doqu", "chdir /mnt");
    // 1 fork, 2 unshare, 3 chdir /tmp by one, 4 sethostname, 5 exit by one, 6 chdir /mnt
    assertThat(diff("diff -s 0 1").lines().skip(1))
        .containsExactly("one -                    alive");
    assertThat(diff("diff -s 2 3").lines().skip(1))
        .hasSize(1)
        .first()
        .asString()
        .matches("one cwd +/ +/tmp");
    // It had not acted by 2: it is as it was before its first step, the third.
    assertThat(diff("diff -s 2 4"))
        .containsPattern("(?m)^doqu hostname +stage +x$")
        .containsPattern("(?m)^one cwd +/ +/tmp$")
        .endsWith("\none as it was recorded: before 3, and after 3");
    assertThat(diff("diff -s 4 6"))
        .containsPattern("(?m)^one +alive +zombie$")
        .containsPattern("(?m)^doqu cwd +/ +/mnt$")
        .doesNotContain("one cwd")
        .doesNotContain("recorded");
  }

  @Test
  void whoHasNeverActedIsSaidToBeUnknown() {
    play.does("fork idle", "unshare uts", "chdir /tmp");
    assertThat(diff("diff -s 1 3"))
        .containsPattern("(?m)^doqu cwd +/ +/tmp$")
        .endsWith("\nidle has taken no step: nothing of it is recorded");
  }

  @Test
  void theHostsMountsAreComparedToo() {
    play.does("mkdir /mnt/a", "unshare mnt", "mount -t tmpfs leak /mnt/a");
    assertThat(diff("diff -s 2 3"))
        .containsPattern("(?m)^doqu mount /mnt/a +- +tmpfs leak shared$")
        .containsPattern("(?m)^host mount /mnt/a +- +tmpfs leak shared$");
  }

  @Test
  void aStepThatHasNotReturnedLeavesNoStateYet() {
    play.does("unshare uts", "fork", "wait", "switch child", "sethostname x");
    assertThat(play.session.line("diff -s 1 3")).isFalse();
    assertThat(play.mistakes)
        .last()
        .isEqualTo("'3' has not returned: there is no state after 'wait' by doqu");
    play.does("exit");
    for (int looks = 0; !play.last().step().equals("wait") && looks < 250; looks++) {
      Wake.pause();
      play.session.settle();
    }
    // It returned after the end of the child; after 4 it had not.
    assertThat(diff("diff -s 2 4"))
        .containsPattern("(?m)^child hostname +stage +x$")
        .doesNotContain("gone");
    assertThat(diff("diff -s 4 3")).containsPattern("(?m)^child +alive +gone$");
  }

  @Test
  void itIsWrappedInItsColumnsToTheWidthOfTheTerminal() {
    Contrast contrast =
        new Contrast(
            "1 (doqu: unshare mnt)",
            "2 (doqu: mount)",
            List.of(
                new Differences.Row("cwd", "/", "/x"),
                new Differences.Row(
                    "options of /a/long/path, /another and 12 more",
                    "rw,nosuid,nodev,noexec,relatime,size=65536k,mode=755",
                    "\u6f22\u5b57".repeat(30))),
            List.of("somebody as it was recorded: after 3, and before 4, as it has taken no step"));
    for (int width = 10; width <= 200; width++) {
      int most = width;
      List<String> shown = new ArrayList<>();
      new TextScreen(shown::add, shown::add, false, Settings.untouched(), () -> {}, () -> most)
          .diff(contrast);
      assertThat(shown).allSatisfy(line -> assertThat(Wrapped.width(line)).isBetween(1, most));
      assertThat(String.join("", shown).replaceAll("[^\u6f22]", "")).hasSize(30);
    }
    assertThat(
            new Contrast(
                    "a",
                    "b",
                    List.of(new Differences.Row("cwd", "one two", "/x".repeat(6))),
                    List.of())
                .lines(15))
        .containsExactly("    a     b", "cwd one   /x/x/", "    two   x/x/x", "          /x");
    assertThat(new Contrast("a", "b", List.of(), List.of("r s")).lines(13))
        .containsExactly("nothing", "differs", "between a and", "b", "r s");
    List<String> piped = new ArrayList<>();
    new TextScreen(piped::add, piped::add, false, Settings.untouched()).diff(contrast);
    assertThat(piped).isEqualTo(contrast.lines(80));
  }

  @Test
  void allThatDiffersIsRowsInJson() throws Exception {
    play.does("unshare uts", "sethostname a");
    List<String> printed = new ArrayList<>();
    JsonScreen json = new JsonScreen(printed::add);
    json.diff(new Contrast("a", "b", List.of(new Differences.Row("cwd", "/", "/x")), List.of("r")));
    assertThat(JSON.std.mapFrom(printed.get(0)))
        .containsEntry("look", "diff")
        .containsEntry("ok", true)
        .containsEntry("one", "a")
        .containsEntry("other", "b")
        .containsEntry("rows", List.of(Map.of("what", "cwd", "one", "/", "other", "/x")))
        .containsEntry("remarks", List.of("r"));
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
