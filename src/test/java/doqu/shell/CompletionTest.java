package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.Candidate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tab offers what may stand where the cursor is. */
class CompletionTest {
  @TempDir Path folder;

  @AutoClose private final Play play = new Play();

  /** What is offered that goes on with what is typed. */
  private List<String> offered(String typed) {
    List<Candidate> candidates = new ArrayList<>();
    Typing typing = Typing.of(typed, typed.length());
    new Completion(play.session).candidates(typing, candidates);
    return candidates.stream()
        .map(Candidate::value)
        .filter(value -> value.startsWith(typing.word()))
        .toList();
  }

  @Test
  void aParentOrAChildIsOfferedWhereThereIsOne() throws Exception {
    assertThat(offered("switch ")).doesNotContain("parent", "child");
    play.does("fork worker");
    assertThat(offered("switch ")).contains("child").doesNotContain("parent");
    play.does("switch worker");
    assertThat(offered("switch ")).contains("parent").doesNotContain("child");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "unsha | unshare",
        "fork; sw | switch",
        "fork;ps;und | undo",
        "unshare ut | uts",
        "unshare uts CLONE_NEWP | CLONE_NEWPID",
        "unshare --mo | --mount",
        "unshare -u | -u",
        "unshare uts --no | --no-map",
        "mount --make-rp | --make-rprivate",
        "mount -t tmp | tmpfs",
        "mount -o nosuid,nod | nosuid,nodev nosuid,nodiratime",
        "umount --la | --lazy",
        "kill -KI | -KILL",
        "kill -s STO | STOP",
        "caps dr | drop",
        "caps drop CAP_SYS_ADM | CAP_SYS_ADMIN",
        "caps drop CAP_CHOWN CAP_SETU | CAP_SETUID",
        "syscall pivot | pivot_root",
        "syscall unshare CLONE_NEWUT | CLONE_NEWUTS",
        "switch doq | doqu",
        "set feed | feedback",
        "set feedback te | terse",
        "help unsh | unshare",
        "host mou | mounts",
        "predict mou | mount",
        "predict mount -t tm | tmpfs",
        "host cat /etc/host | /etc/hostname /etc/hosts",
        "both mou | mounts",
        "both cat /etc/host | /etc/hostname /etc/hosts",
        "set notices of | off",
        "proc mountin | mountinfo",
        "ls /us | /usr/",
        "chdir /usr/sh | /usr/share/",
        "env -u PA | PATH",
        "exec /bin/tru | /bin/true",
        "cat '/etc/hostn | /etc/hostname",
        "cat /etc/no-such-file | ",
        "sethostname a | ",
        "mkdir -m 7 | ",
        "nonsense x | ",
        "diff ho | ",
      })
  void offersWhatMayStandThere(String typed, String offers) {
    List<String> expected = offers == null ? List.of() : List.of(offers.split(" "));
    assertThat(offered(typed)).containsAll(expected);
    assertThat(offered(typed)).hasSizeLessThanOrEqualTo(expected.size() + 2);
    if (offers == null) {
      assertThat(offered(typed)).isEmpty();
    }
  }

  @Test
  void anEmptyLineOffersEveryCommandWithItsLine() {
    assertThat(offered("")).containsExactlyInAnyOrderElementsOf(Session.words());
    assertThat(Session.words()).allSatisfy(word -> assertThat(Words.says(word)).isNotEmpty());
  }

  @Test
  void actorsAndPidsAreThoseThatAreThere() {
    play.does("unshare pid", "fork", "switch init", "fork worker");
    assertThat(offered("switch ")).contains("child", "parent", "doqu", "init", "worker");
    assertThat(offered("kill ")).containsExactly("1", "2");
    assertThat(offered("setns work")).contains("worker");
    play.does("switch doqu");
    assertThat(offered("kill ")).containsExactly("1", "2", "3", "4");
    play.does("kill -9 3", "wait");
    assertThat(offered("switch ")).doesNotContain("init", "worker");
  }

  @Test
  void stepsAreThoseThatWereTaken() {
    assertThat(offered("diff --steps ")).containsExactly("0");
    play.does("fork", "unshare uts");
    assertThat(offered("diff --steps 1 ")).containsExactly("0", "1", "2");
    assertThat(offered("diff -s ")).containsExactly("0", "1", "2");
    assertThat(offered("diff ")).contains("doqu", "child").doesNotContain("1");
    assertThat(offered("undo ")).isEmpty();
  }

  @Test
  void pathsAreThoseOfTheActor() {
    play.does("unshare mnt", "mount --make-rprivate /", "mount -t tmpfs x /mnt");
    play.does("mkdir /mnt/mine", "mkdir '/mnt/two words'", "chdir /mnt");
    assertThat(offered("ls /mnt/")).containsExactly("/mnt/mine/", "/mnt/two words/");
    assertThat(offered("chdir mi")).containsExactly("mine/");
    assertThat(offered("rmdir /mnt/two\\ w")).containsExactly("/mnt/two words/");
    assertThat(offered("chroot $ROOT")).containsExactly("$ROOTFS");
    play.does("chroot /mnt");
    assertThat(offered("ls /")).containsExactly("/mine/", "/two words/");
    assertThat(offered("ls /usr")).isEmpty();
  }

  @Test
  void pathsBelowTheRootFileSystemAreOffered() {
    assertThat(offered("ls $ROOTFS/us")).containsExactly("$ROOTFS/usr/");
  }

  @Test
  void programsAreSearchedInPathAsExecDoes() {
    assertThat(offered("exec mkdi")).containsExactly("mkdir");
    play.does("env PATH=/nowhere");
    assertThat(offered("exec mkdi")).isEmpty();
  }

  @Test
  void anActorThatIsBlockedOffersNoPaths() {
    play.does("fork", "wait");
    assertThat(offered("ls /us")).isEmpty();
    assertThat(offered("unshare ut")).containsExactly("uts");
  }

  @Test
  void filesOfTheMachineAreForSaving() throws Exception {
    Files.createDirectory(folder.resolve("steps"));
    Files.createFile(folder.resolve("some.doqu"));
    assertThat(offered("load " + folder + "/s"))
        .containsExactly(folder + "/some.doqu", folder + "/steps/");
  }

  @Test
  void whatIsWrittenIsReadBackAsThatWord() {
    for (String name : List.of("plain", "two words", "a'b", "a\"b", "a\\b", "#x", "a;b", "$x")) {
      var parsed = (org.jline.reader.CompletingParsedLine) new PromptParser().parse("ls ", 3, null);
      String written = "ls " + parsed.escape(name, true);
      assertThat(Line.split(written, java.util.Map.of()).get(0).words().get(1).text())
          .isEqualTo(name);
    }
  }

  /** JLine would show an empty pair of parentheses. */
  @Test
  void whatHasNoDescriptionHasNone() {
    for (String line : List.of("", "wait -", "kill -", "mount -", "setns ", "kill ", "help ")) {
      List<Candidate> candidates = new ArrayList<>();
      new Completion(play.session).candidates(Typing.of(line, line.length()), candidates);
      assertThat(candidates).as(line).isNotEmpty().extracting(Candidate::descr).doesNotContain("");
    }
  }
}
