package doqu.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done can be listed, taken back, kept in a file and done again from it. */
class HistoryTest {
  @TempDir Path folder;

  @AutoClose private final Play play = new Play();

  private String mistake(String line) {
    assertThat(play.session.line(line)).as(line).isFalse();
    return play.mistakes.get(play.mistakes.size() - 1);
  }

  private String said() {
    return play.said.get(play.said.size() - 1);
  }

  @Test
  void historyTellsWhoDidWhatAndWhatCameOfIt() {
    play.does("fork", "switch child", "unshare uts", "ps", "switch doqu", "wait");
    play.session.line("switch child; chroot /nowhere");
    play.does("history");
    assertThat(play.lastLook().lines())
        .containsExactly(
            "   1  doqu     ok      fork",
            "   2  child    ok      unshare uts",
            "   3  doqu     blocked wait",
            "   4  child    ENOENT  chroot /nowhere");
  }

  @Test
  void undoneStepsStayInTheHistoryUntilAnotherIsTaken() {
    play.does("unshare uts", "sethostname a", "undo 2", "history");
    assertThat(play.lastLook().lines())
        .containsExactly(
            "   1  doqu     undone  unshare uts", "   2  doqu     undone  sethostname a");
    play.does("redo", "sethostname b", "history");
    assertThat(play.lastLook().lines())
        .containsExactly(
            "   1  doqu     ok      unshare uts", "   2  doqu     ok      sethostname b");
    assertThat(mistake("redo")).contains("nothing to redo");
  }

  @Test
  void looksAndMistakesAreNoSteps() {
    play.does("unshare uts", "ps", "status", "help");
    assertThat(mistake("kill -9 none")).contains("'none' is not a PID");
    assertThat(mistake("setns nobody uts")).contains("unknown actor");
    play.does("undo");
    assertThat(said()).startsWith("undone: 'unshare uts' by doqu; this is a fresh stage");
    assertThat(mistake("undo")).contains("nothing to undo");
  }

  @Test
  void whatCannotBeUndoneIsSaidAndChangesNothing() throws Exception {
    play.does("unshare uts", "sethostname a");
    Map<String, String> state = Masked.state(play.session.scene());
    assertThat(mistake("undo 3"))
        .isEqualTo("'3' is too much: 2 steps can be undone; history lists them");
    assertThat(mistake("undo 0")).contains("'0' is not a number of steps");
    assertThat(mistake("undo all")).contains("'all' is not a number of steps");
    assertThat(mistake("redo 2")).contains("nothing to redo");
    assertThat(Masked.difference(state, Masked.state(play.session.scene()))).isEmpty();
  }

  @Test
  void undoLeadsBackFromAFreshStage() throws Exception {
    play.does("unshare uts", "sethostname a");
    Map<String, String> state = Masked.state(play.session.scene());
    play.does("reset");
    assertThat(said()).isEqualTo("this is a fresh stage");
    assertThat(play.session.scene().deeds()).isEmpty();
    play.does("undo");
    assertThat(Masked.difference(state, Masked.state(play.session.scene()))).isEmpty();
  }

  @Test
  void undoLeadsBackBeforeTheStepThatEmptiedTheStage() throws Exception {
    play.does("unshare uts", "sethostname a");
    Map<String, String> state = Masked.state(play.session.scene());
    play.does("exit");
    assertThat(said()).startsWith("the stage is empty");
    play.does("undo");
    assertThat(Masked.difference(state, Masked.state(play.session.scene()))).isEmpty();
  }

  @Test
  void aCallThatWasInterruptedIsInterruptedAgain() throws Exception {
    play.does("fork", "wait");
    play.session.interrupt();
    for (int looks = 0;
        play.session.scene().deeds().get(1).record() == null && looks < 100;
        looks++) {
      Thread.sleep(20);
      play.session.settle();
    }
    assertThat(play.session.scene().deeds().get(1).result()).isEqualTo("EINTR");
    play.does("unshare uts", "undo", "history");
    assertThat(play.lastLook()).contains("EINTR   wait").contains("undone  unshare uts");
  }

  @Test
  void aSavedFileDoesTheSameAgain() throws Exception {
    Path file = folder.resolve("steps.doqu");
    play.does("unshare uts", "sethostname 'a b'", "fork", "switch child", "env A=1");
    play.session.line("chroot /nowhere");
    play.does("fork", "switch 'doqu'", "fork", "switch child2", "chdir $ROOTFS", "switch 'child'");
    play.does("setuid 0");
    Map<String, String> state = Masked.state(play.session.scene());
    play.does("save " + file);
    assertThat(said()).isEqualTo("9 steps written to " + file);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            "# doqu: 9 steps; doqu FILE, or load FILE at the prompt",
            "unshare uts",
            "sethostname 'a b'",
            "fork",
            "switch 'child'",
            "env A=1",
            "# chroot /nowhere  # ENOENT",
            "fork",
            "switch doqu",
            "fork",
            "switch child2",
            "chdir $ROOTFS",
            "switch 'child'",
            "setuid 0");
    play.does("reset", "load " + file);
    assertThat(said()).isEqualTo(file + ": 8 steps");
    assertThat(Masked.difference(state, Masked.state(play.session.scene()))).isEmpty();
  }

  @Test
  void aFileIsNotWrittenOverUnasked() throws Exception {
    Path file = Files.writeString(folder.resolve("mine"), "precious");
    play.does("unshare uts");
    assertThat(mistake("save " + file)).contains("is there already; save -f writes over it");
    assertThat(file).hasContent("precious");
    play.does("save -f " + file);
    assertThat(file).content().endsWith("unshare uts\n");
    assertThat(mistake("save /no/such/folder/x")).contains("no such file or folder");
    assertThat(mistake("save " + folder)).contains("is there already");
    assertThat(mistake("save -f " + folder)).contains("cannot be written");
  }

  @Test
  void aFileThatCannotBeLoadedLeavesTheStageAlone() throws Exception {
    play.does("unshare uts", "sethostname a");
    Map<String, String> state = Masked.state(play.session.scene());
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(mistake("load " + folder.resolve("none"))).contains("no such file or folder");
    assertThat(mistake("load " + folder)).contains("is a directory");
    assertThat(mistake("load " + binary)).contains("is not UTF-8");
    assertThat(Masked.difference(state, Masked.state(play.session.scene()))).isEmpty();
  }

  @Test
  void aLoadedFileGoesOnAfterAFailureAndSaysHowMany() throws Exception {
    Path file =
        Files.write(
            folder.resolve("steps"),
            "unshare uts\nchroot /nowhere\nno-such\nload x\nsethostname b\n"
                .getBytes(StandardCharsets.UTF_8));
    play.does("load " + file);
    assertThat(said()).isEqualTo(file + ": 3 steps, 3 failed");
    assertThat(play.mistakes)
        .anyMatch(m -> m.contains("a file that is loaded cannot load another"));
    play.does("hostname");
    assertThat(play.lastLook()).startsWith("doqu: b,");
  }

  /** What was seen right after the exec is no more when the steps are done again. */
  @Test
  void undoDoesNotWaitForAProgramThatHasEndedToLive() {
    try (Play play = new Play()) {
      play.does("fork", "switch child", "exec /bin/true");
      play.session.finish();
      play.does("sethostname a", "undo");
      String said = play.said.get(play.said.size() - 1);
      assertThat(said).startsWith("undone: 'sethostname a' by doqu; 2 steps done again");
      // What cannot come is waited for five seconds.
      assertThat(Integer.parseInt(said.replaceAll(".* in (\\d+) ms", "$1"))).isLessThan(4000);
    }
  }

  /** A program that is run again may take long. */
  @Test
  void undoCanBeInterruptedAndChangesNothingThen() throws Exception {
    play.does("fork", "switch child", "exec /bin/sleep 3");
    play.session.finish();
    play.does("sethostname a", "sethostname b");
    CompletableFuture<String> undoing = CompletableFuture.supplyAsync(() -> mistake("undo"));
    while (!play.session.interrupt() && !undoing.isDone()) {
      Thread.sleep(20);
    }
    assertThat(undoing.get(2, TimeUnit.SECONDS))
        .isEqualTo("this cannot be undone: it was interrupted");
    play.does("hostname");
    assertThat(play.lastLook()).startsWith("doqu: b,");
  }
}
